/** An answer to "can the servers run it?", for a panel. */
import type { CheckView } from "../../bindings/CheckView";
import { errorText } from "../../state/attempt";

export class Asked {
  view = $state.raw<CheckView | null>(null);
  failure = $state<string | null>(null);
  #serial = 0;

  /** Asks. An answer that comes after a newer question is dropped; the one before stays until then. */
  async ask(question: () => Promise<CheckView>): Promise<void> {
    this.#serial += 1;
    const serial = this.#serial;
    try {
      const view = await question();
      if (serial !== this.#serial) return;
      this.view = view;
      this.failure = null;
    } catch (error) {
      if (serial === this.#serial) this.failure = errorText(error);
    }
  }

  forget(): void {
    this.#serial += 1;
    this.view = null;
    this.failure = null;
  }
}
