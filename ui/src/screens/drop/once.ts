/**
 * One drop may be told twice: by the window, with paths, and by the page, with links or files. The
 * first that brings something counts. Pure but for what it remembers.
 */

/** Two tellings within this time are of one drop, in milliseconds. */
const SAME_MS = 400;

export class Once {
  #at = -Infinity;

  /** Whether this telling is the first of its drop; `now` is in milliseconds. */
  take(now: number): boolean {
    const first = now - this.#at > SAME_MS;
    if (first) this.#at = now;
    return first;
  }
}

/** For drops on the window. */
export const onceADrop = new Once();
