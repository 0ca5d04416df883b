/** The values that a knob could have, as they are searched. The newest words alone are answered. */
import { untrack } from "svelte";
import type { ChoiceView } from "../../../bindings/ChoiceView";
import type { ChoicesView } from "../../../bindings/ChoicesView";
import { plain } from "../../../lib/value";

/** Wait this long after a key press, in milliseconds. */
const TYPING_MS = 90;
/** As many as are listed. */
export const MOST_LISTED = 60;

/** A choice of which nothing more is known. */
export const bare = (json: string): ChoiceView => ({ json, used: 0, only: [], gone: false });

/**
 * Whether no server has a value, as far as the first of `total` values tell: nothing, if it may be among
 * the others. Where no server has said what goes in, nobody knows better than the artist.
 */
export function goneOf(json: string, values: readonly string[], total: number): boolean | null {
  if (values.length === 0 || json === "null" || plain(json) === "") return false;
  if (values.some((value) => plain(value) === plain(json))) return false;
  return values.length < total ? null : true;
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

type Chosen = { chosen: readonly string[]; values: readonly string[]; total: number };

/** Which of the values that are chosen no server has. What the first values do not tell is asked once. */
export class Missing {
  #of: () => Chosen;
  /** What was found out about values that are not among the first. */
  #known = $state.raw<ReadonlyMap<string, boolean>>(new Map());
  #asked = new Set<string>();

  constructor(of: () => Chosen, ask: (words: string) => Promise<ChoicesView>) {
    this.#of = of;
    $effect(() => {
      const { chosen, values, total } = of();
      for (const json of chosen) {
        if (goneOf(json, values, total) !== null || this.#asked.has(json)) continue;
        this.#asked.add(json);
        untrack(() => ask(plain(json))).then(
          (found) => this.#learn(json, goneIn(json, found)),
          // Nobody knows: it is not said to be missing, and asked again when it is chosen again.
          () => this.#asked.delete(json),
        );
      }
    });
  }

  #learn(json: string, gone: boolean): void {
    this.#known = new Map(this.#known).set(json, gone);
  }

  has(json: string): boolean {
    const { values, total } = this.#of();
    return goneOf(json, values, total) ?? this.#known.get(json) ?? false;
  }
}
