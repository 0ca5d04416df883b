/** What a drop on the window brings. Pure but for what `Once` remembers. */
import { linkIn } from "../../lib/link";

/**
 * The files of a drop, and the link if it is one. Under WebKitGTK a link that is dragged from a browser
 * arrives as if it were a path.
 */
export function partsOf(paths: readonly string[]): { files: string[]; link: string | null } {
  const files = paths.filter((path) => linkOf(path) === null);
  const [link] = paths.flatMap((path) => linkOf(path) ?? []);
  return { files, link: link ?? null };
}

/**
 * The link that a path is. The window took its escapes off, as those of a path: spaces and percent signs
 * get them back. Whether `?`, `#`, `&` or `+` had one cannot be told any more; mostly they have none.
 */
const linkOf = (path: string): string | null =>
  /^https?:/i.test(path) ? linkIn(path.replaceAll(/[%\s]/g, encodeURIComponent)) : null;

/** Two tellings within this time are of one drop, in milliseconds. */
const SAME_MS = 400;

/** One drop may be told by the window and by the page: the first telling that brings something counts. */
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
