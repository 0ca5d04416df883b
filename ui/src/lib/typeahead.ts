/** Finding a line of a list by typing how it begins. Pure, but for what was typed. */

/** After a pause this long, what is typed begins anew. In milliseconds. */
const PAUSE_MS = 800;

type Key = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">;

export class TypeAhead {
  #typed = "";
  #last = 0;

  /** Everything typed without a pause; nothing, if this key is no letter. `now` in milliseconds. */
  take({ key, ctrlKey, metaKey, altKey }: Key, now: number): string | null {
    const typed = now - this.#last < PAUSE_MS ? this.#typed : "";
    // A space belongs to words that are begun; alone it presses what has the focus.
    if (key.length !== 1 || ctrlKey || metaKey || altKey || (key === " " && typed === ""))
      return null;
    this.#typed = typed + key.toLowerCase();
    this.#last = now;
    return this.#typed;
  }
}

/**
 * The line that is meant: the next that begins with what is typed, else has a word that does; -1 for none.
 * The line at `here` stays while more of it is typed, and one letter again and again goes round.
 */
export function lineOf(texts: readonly string[], here: number, typed: string): number {
  const [letter = ""] = typed;
  const again = [...typed].every((one) => one === letter);
  const words = again ? letter : typed;
  const first = Math.max(0, here) + (again ? 1 : 0);
  const round = texts.map((_, at) => (first + at) % texts.length);
  const find = (means: (text: string) => boolean): number | undefined =>
    round.find((at) => means(texts[at]?.toLowerCase() ?? ""));
  return find((text) => text.startsWith(words)) ?? find((text) => text.includes(` ${words}`)) ?? -1;
}
