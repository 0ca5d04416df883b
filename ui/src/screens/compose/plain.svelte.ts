/** Which drafts are shown in the plain form. Nothing of it is kept beyond this run of the app. */
import type { ComposeView } from "../../bindings/ComposeView";
import type { DraftId } from "../../bindings/DraftId";

class PlainForms {
  #chosen = $state.raw<ReadonlyMap<DraftId, boolean>>(new Map());

  /** A starter begins plainly; anything else with its knobs. */
  is({ draft, starter }: ComposeView): boolean {
    return this.#chosen.get(draft) ?? starter !== null;
  }

  set(draft: DraftId, plain: boolean): void {
    this.#chosen = new Map(this.#chosen).set(draft, plain);
  }
}

export const plainForms = new PlainForms();
