/** What is said of workflows that were copied. Pure. */
import type { CopiedView } from "../../bindings/CopiedView";
import { leftOutText } from "../../lib/cut-off";
import { count } from "../../lib/format";
import type { Toast } from "../../state/toasts.svelte";

/** The message of the workflows of so many outputs. */
export function copiedToast(copied: CopiedView, outputs: number): Omit<Toast, "id"> {
  const { workflows, left_out, cut_off } = copied;
  if (cut_off !== null)
    return {
      tone: cut_off.why === null ? "warn" : "bad",
      title: "Nothing was copied",
      text: `${cut_off.why ?? "You stopped it."} The clipboard is as it was.`,
    };
  const left = leftOutText(left_out);
  if (workflows === 0) return { tone: "plain", title: "No workflows", text: left };
  const made = outputs - left_out.outputs;
  const what =
    workflows > 1
      ? "Each is a file, for other programs to paste."
      : made > 1
        ? `It made ${count(made, "output")}.`
        : "";
  return {
    tone: left === "" ? "plain" : "warn",
    title: workflows === 1 ? "Copied the workflow" : `Copied ${count(workflows, "workflow")}`,
    text: [what, left].filter((text) => text !== "").join(" "),
  };
}
