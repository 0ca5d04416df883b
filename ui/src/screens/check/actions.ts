/** What can be done about findings. */
import type { FindingView } from "../../bindings/FindingView";
import type { JobId } from "../../bindings/JobId";
import { commands } from "../../host";
import { plain } from "../../lib/value";
import { tellFailure } from "../../state/attempt";
import { openJob } from "../../state/places";
import { toasts } from "../../state/toasts.svelte";

/**
 * Gives the input that a finding is about another value. Gives the job that has it now: the same, or a
 * new one where the job had ended. Nothing, if that failed, which is told.
 */
export async function setValue(
  id: JobId,
  { node, input }: Pick<FindingView, "node" | "input">,
  json: string,
): Promise<JobId | null> {
  if (node === null || input === null) return null;
  try {
    const now = await commands.job_set_value({ id, node, input, value: json });
    if (now !== id)
      toasts.add({
        tone: "plain",
        title: "Queued again",
        text: `With ${plain(json)} for ${input}.`,
        action: { label: "Open", run: () => openJob(now) },
      });
    return now;
  } catch (error) {
    tellFailure(error);
    return null;
  }
}
