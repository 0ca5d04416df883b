/** Running again what made outputs. */
import type { AssetId } from "../../bindings/AssetId";
import type { AssetView } from "../../bindings/AssetView";
import type { BatchId } from "../../bindings/BatchId";
import { commands } from "../../host";
import { cutOffText } from "../../lib/cut-off";
import { count } from "../../lib/format";
import { errorText } from "../../state/attempt";
import { openJob } from "../../state/places";
import { toasts } from "../../state/toasts.svelte";
import { offerUndo, rememberUndo } from "../../state/undo";
import { takeBack } from "../queue/actions";

/** As many as the engine queues again at once. */
export const RERUN_MAX = 50_000;
/** One press should not queue so many: it is asked first. */
export const RERUN_ASKS = 100;

/** Said where there is nothing to run again. */
export const NO_WORKFLOW =
  "No workflow is known of it. One that only ComfyUI's editor wrote is read once a server was connected.";
/** Whether what made an output is known: its job's workflow, or the one in its file. */
export const isRecipeKnown = ({ workflow, job_id }: AssetView): boolean =>
  workflow !== null || job_id !== null;

/**
 * Queues what made these outputs again: as it ran, or with other seeds. The same batch once more goes on
 * where it was broken off.
 */
export async function rerun(
  ids: readonly AssetId[],
  new_seed = false,
  batch_id: BatchId = crypto.randomUUID(),
): Promise<void> {
  if (ids.length === 0) return;
  try {
    const { items, cut_off } = await commands.asset_rerun({ ids: [...ids], batch_id, new_seed });
    const jobs = items.flatMap(({ job_id }) => job_id ?? []);
    const refused = items.filter(({ standing }) => standing === "refused");
    const [why] = refused.map(({ message }) => message);
    const [job] = jobs;
    const back = (): Promise<void> => takeBack(jobs);
    if (cut_off !== null) {
      if (job !== undefined) rememberUndo(back);
      const { left } = cut_off;
      const queued = `${(ids.length - left).toLocaleString("en")} of ${ids.length.toLocaleString("en")}`;
      toasts.add({
        tone: cut_off.why === null ? "warn" : "bad",
        title: job === undefined ? "Nothing was queued" : `${queued} queued`,
        text: cutOffText(cut_off, "queued"),
        action: { label: "Queue the rest", run: () => void rerun(ids, new_seed, batch_id) },
        stays: true,
      });
      return;
    }
    if (job === undefined) {
      toasts.add({ tone: "bad", title: "Nothing was queued", text: why ?? "" });
      return;
    }
    const title = `${count(jobs.length, "job")} queued ${new_seed ? "with a new seed" : "again"}`;
    const text = why === undefined ? "" : `${refused.length} could not be queued. ${why}`;
    // Of one job one wants to see how it goes; many were perhaps not meant.
    if (jobs.length > 1) return offerUndo(title, text, back);
    rememberUndo(back);
    const action = { label: "Open job", run: () => openJob(job) };
    toasts.add({ tone: "plain", title, text, action });
  } catch (error) {
    toasts.add({ tone: "bad", title: "Nothing was queued", text: errorText(error) });
  }
}
