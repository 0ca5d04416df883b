/** What can be done with outputs. */
import type { AssetId } from "../../bindings/AssetId";
import { commands } from "../../host";
import { attempt, errorText } from "../../state/attempt";
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
