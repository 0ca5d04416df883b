/** ComfyUI's own page: which servers have one, and what is said of a workflow that was saved there. Pure. */
import type { EditorView } from "../../bindings/EditorView";
import type { ServerView } from "../../bindings/ServerView";

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
