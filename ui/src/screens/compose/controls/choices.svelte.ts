/** The values that a knob could have, as they are searched. The newest words alone are answered. */
import type { ChoiceView } from "../../../bindings/ChoiceView";
import type { ChoicesView } from "../../../bindings/ChoicesView";

/** Wait this long after a key press, in milliseconds. */
const TYPING_MS = 90;
/** As many as are listed. */
export const MOST_LISTED = 60;

/** A choice of which nothing more is known. */
export const bare = (json: string): ChoiceView => ({ json, used: 0, only: [], gone: false });

export class Choices {
  found = $state.raw<ChoicesView | null>(null);
  #ask: (words: string) => Promise<ChoicesView>;
  #serial = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: (words: string) => Promise<ChoicesView>) {
    this.#ask = ask;
  }

  async now(words: string): Promise<void> {
    clearTimeout(this.#timer);
    this.#serial += 1;
    const serial = this.#serial;
    try {
      const found = await this.#ask(words);
      if (serial === this.#serial) this.found = found;
    } catch {
      // What is listed stays; the value can be typed.
    }
  }

  soon(words: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.now(words), TYPING_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#serial += 1;
  }
}
