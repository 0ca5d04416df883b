/** ComfyUI's own page: which servers have one, and what is said of workflows that were saved there. Pure. */
import type { EditorView } from "../../bindings/EditorView";
import type { EditorsView } from "../../bindings/EditorsView";
import type { ServerView } from "../../bindings/ServerView";
import type { WorkflowCount } from "../../bindings/WorkflowCount";
import { cutOffText, leftOutText } from "../../lib/cut-off";
import { count } from "../../lib/format";

/** The servers with a page: those that answer first, and among them the one that made the output. */
export function editorServers(
  servers: readonly ServerView[],
  made: string | null,
): readonly ServerView[] {
  const rank = ({ name, link }: ServerView): number =>
    (link === "online" ? 0 : 2) + (name === made ? 0 : 1);
  return servers.filter(({ kind }) => kind === "comfy").sort((a, b) => rank(a) - rank(b));
}

/** What the artist finds there. */
export function editorText({ drawn, existed }: EditorView): string {
  if (existed) return "It was saved there before, and is as it was left there.";
  return drawn
    ? "It is as it was drawn, with the values that made this output."
    : "What made this output came without a drawing that has its values, so Safelight laid its nodes out from left to right.";
}

/** What will be saved of several outputs. */
export function editorsPlan({ workflows, left_out }: WorkflowCount, outputs: number): string {
  if (workflows === 0)
    return left_out.why === null
      ? "No workflow is known of these outputs: their files hold none."
      : `No workflow is known of these outputs. ${left_out.why}`;
  const made = outputs - left_out.outputs;
  const these =
    made === outputs
      ? `all ${count(outputs, "output")}`
      : `${made.toLocaleString("en")} of the ${count(outputs, "output")}`;
  const which = `${count(workflows, "workflow")} made ${these}. `;
  const they = workflows === 1 ? "it" : "them";
  return `${which}ComfyUI's page cannot be told which workflow to show. So Safelight saves ${they} at the server, among its saved workflows in a folder named Safelight, and opens the page in your browser.`;
}

/** How many of several are there now. */
export function editorsTitle({ saved, existed }: EditorsView, server: string): string {
  const there = saved + existed;
  if (there === 0) return `No workflow was saved at ${server}`;
  return `${count(there, "workflow")} ${there === 1 ? "is" : "are"} in the folder Safelight at ${server}`;
}

/** An answer after one that was broken off: what was saved then is saved, and was not there before. */
export function editorsAfter(before: EditorsView | null, now: EditorsView): EditorsView {
  if (before === null) return now;
  const there = now.saved + now.existed;
  // It did not come as far as before: what was told then is still so.
  if (now.cut_off !== null && there < before.saved + before.existed) {
    const { left } = before.cut_off ?? now.cut_off;
    return { ...before, cut_off: { ...now.cut_off, left }, trouble: now.trouble };
  }
  const existed = Math.min(there, Math.max(before.existed, now.existed - before.saved));
  return { ...now, saved: there - existed, existed };
}

/** What else is to be said of them, a sentence or two each. */
export function editorsLines({ existed, left_out, cut_off, trouble }: EditorsView): string[] {
  const before =
    existed === 0
      ? ""
      : `${count(existed, "workflow")} ${existed === 1 ? "was saved there before, and is as it was" : "were saved there before, and are as they were"} left there.`;
  return [trouble ?? "", before, leftOutText(left_out), cutOffText(cut_off, "saved")].filter(
    (text) => text !== "",
  );
}
