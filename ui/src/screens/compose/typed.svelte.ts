/**
 * What is being typed at a value: it stays as it is typed while the value is the one that was made of it,
 * and gives way to a value that comes from elsewhere.
 */
export class Typed {
  #now = $state.raw<{ text: string; made: string } | null>(null);

  /** The text to show for a value, which is `otherwise` where nothing is being typed. */
  shown(value: string, otherwise: string): string {
    return this.#now?.made === value ? this.#now.text : otherwise;
  }

  /** A key was pressed; `made` is the value then, also where the text means none yet. */
  type(text: string, made: string): void {
    this.#now = { text, made };
  }

  /** The field was left. Gives the text, if one was being typed at this value. */
  left(value: string): string | null {
    const text = this.#now?.made === value ? this.#now.text : null;
    this.#now = null;
    return text;
  }
}
