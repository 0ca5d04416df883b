/** What can be done about findings. */
import type { FindingView } from "../../bindings/FindingView";
import type { JobId } from "../../bindings/JobId";
import type { WorkflowHash } from "../../bindings/WorkflowHash";
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

/**
 * Gives the input of a workflow in the library another value. Gives the workflow that has it now.
 * Nothing, if that failed, which is told.
 */
export async function setWorkflowValue(
  workflow: WorkflowHash,
  { node, input }: Pick<FindingView, "node" | "input">,
  json: string,
): Promise<WorkflowHash | null> {
  if (node === null || input === null) return null;
  try {
    return await commands.workflow_set_value({ workflow, node, input, value: json });
  } catch (error) {
    tellFailure(error);
    return null;
  }
}
