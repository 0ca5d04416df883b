/** What can be done with outputs. */
import type { AssetId } from "../../bindings/AssetId";
import type { AssetView } from "../../bindings/AssetView";
import { commands } from "../../host";
import type { MenuItem } from "../../lib/Menu.svelte";
import { attempt, errorText } from "../../state/attempt";
import { openJob, openNodes, openViewer } from "../../state/places";
import { openCompose, recentDraft, useAsInput } from "../compose/open";
import { toasts } from "../../state/toasts.svelte";

/** Queues the workflows of these outputs again, as one batch. */
export async function rerun(ids: readonly AssetId[]): Promise<void> {
  if (ids.length === 0) return;
  const batch = crypto.randomUUID();
  let queued = 0;
  const refusals: string[] = [];
  for (const id of ids) {
    try {
      const { items } = await commands.asset_rerun({ id, batch_id: batch });
      queued += items.filter((item) => item.job_id !== null).length;
      refusals.push(
        ...items.filter((item) => item.standing === "refused").map((item) => item.message),
      );
    } catch (error) {
      refusals.push(errorText(error));
    }
  }
  const [first] = refusals;
  if (queued > 0) {
    toasts.add({
      tone: "plain",
      title: queued === 1 ? "1 job queued again" : `${queued} jobs queued again`,
      text: first === undefined ? "" : `${refusals.length} could not be queued. ${first}`,
    });
  } else if (first !== undefined) {
    toasts.add({ tone: "bad", title: "Nothing was queued", text: first });
  }
}

/** Shows the file of an output in the system's file manager. */
export async function reveal(id: AssetId): Promise<void> {
  await attempt(commands.asset_reveal({ id }));
}

async function withAsset(id: AssetId, use: (asset: AssetView) => void): Promise<void> {
  await attempt(
    commands.asset_get({ ids: [id] }).then(([asset]) => {
      if (asset !== undefined) use(asset);
    }),
  );
}

/** Shows the nodes of the workflow that made an output. */
export const viewNodes = (id: AssetId): Promise<void> =>
  withAsset(id, ({ workflow }) => openNodes(workflow));

/** Opens the knobs of what made an output, with its values. */
export const remix = async (id: AssetId): Promise<void> =>
  void (await openCompose({ from: "asset", id }));

/** All actions of an output, for its menu; those that make sense for several are for all `chosen`. */
export function actionsFor(id: AssetId, chosen: readonly AssetId[]): MenuItem[] {
  const many = chosen.length > 1 && chosen.includes(id);
  return [
    { icon: "maximize-2", text: "Open", keys: "Enter", run: () => openViewer(id) },
    "line",
    {
      icon: "rotate-ccw",
      text: many ? `Run ${chosen.length.toLocaleString("en")} again` : "Run again",
      keys: "R",
      run: () => void rerun(many ? chosen : [id]),
    },
    { icon: "sliders-horizontal", text: "Remix", keys: "M", run: () => void remix(id) },
    ...(recentDraft() === null
      ? []
      : [
          {
            icon: "image-plus" as const,
            text: "Use in the open draft",
            run: () => void useAsInput(id),
          },
        ]),
    { icon: "workflow", text: "View nodes", keys: "V", run: () => void viewNodes(id) },
    {
      icon: "layers-2",
      text: "Open job",
      run: () => void withAsset(id, ({ job_id }) => openJob(job_id)),
    },
    "line",
    { icon: "folder-open", text: "Show in folder", run: () => void reveal(id) },
  ];
}
