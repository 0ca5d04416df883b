/** The values that a knob could have, as they are searched. The newest words alone are answered. */
import type { ChoiceView } from "../../../bindings/ChoiceView";
import type { ChoicesView } from "../../../bindings/ChoicesView";
import { plain } from "../../../lib/value";

/** With a knob come this many values at most, as the engine has it: where there are fewer, they are all. */
const FIRST = 40;
/** Wait this long after a key press, in milliseconds. */
const TYPING_MS = 90;
/** As many as are listed. */
export const MOST_LISTED = 60;

/** A choice of which nothing more is known. */
export const bare = (json: string): ChoiceView => ({ json, used: 0, only: [], gone: false });

/**
 * Whether no server has a value, as far as the first values tell: nothing, if there may be more. Where
 * no server has said what goes in, nobody knows better than the artist.
 */
export function goneOf(json: string, values: readonly string[]): boolean | null {
  if (values.length === 0 || json === "null" || plain(json) === "") return false;
  if (values.some((value) => plain(value) === plain(json))) return false;
  return values.length < FIRST ? true : null;
}

/** Whether no server has a value that was asked for by its own words. */
export const goneIn = (json: string, { choices, total }: ChoicesView): boolean =>
  choices.length === total && !choices.some((choice) => plain(choice.json) === plain(json));

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
