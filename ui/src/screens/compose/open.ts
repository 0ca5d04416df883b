/** Ways into the knobs. */
import type { ComposeSource } from "../../bindings/ComposeSource";
import type { ComposeView } from "../../bindings/ComposeView";
import type { DraftId } from "../../bindings/DraftId";
import { commands } from "../../host";
import { attempt } from "../../state/attempt";
import { openDraft } from "../../state/places";

/** What was just opened, so that the screen need not ask again. */
let fresh: ComposeView | null = null;

/** Opens the knobs of something as a draft. Gives whether that worked; a refusal is told. */
export const openCompose = (source: ComposeSource): Promise<boolean> =>
  attempt(
    commands.compose_open({ source }).then((view) => {
      fresh = view;
      openDraft(view.draft);
    }),
  );

/** A draft as it is kept. */
export async function viewOf(id: DraftId): Promise<ComposeView> {
  const known = fresh;
  fresh = null;
  return known?.draft === id
    ? known
    : await commands.compose_open({ source: { from: "draft", id } });
}
