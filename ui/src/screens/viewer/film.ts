/** Where the frames of the filmstrip are. Only those in sight are laid out. Pure; CSS pixels. */

export const FRAME_HEIGHT = 70;
export const GAP = 4;
/** Frames laid out at most on each side: more do not fit on any screen. */
const MOST = 80;

/** A frame and where its left edge is. */
export type FilmFrame = { at: number; x: number; w: number };

/** A frame whose middle is `x` from the left edge of the strip. */
export type Anchor = { at: number; x: number };

/** How wide a frame is; what has no shape is square. */
export function frameWidth(ratio: number): number {
  const shown = ratio > 0 ? Math.min(2, Math.max(0.5, ratio)) : 1;
  return Math.round(shown * FRAME_HEIGHT);
}

/** Lays frames out to both sides of the anchor until the strip is full. */
export function layFilm(
  ratio: (at: number) => number,
  count: number,
  anchor: Anchor,
  width: number,
): FilmFrame[] {
  if (count === 0 || width <= 0) return [];
  const middle = Math.min(Math.max(0, anchor.at), count - 1);
  const w = frameWidth(ratio(middle));
  const first = { at: middle, x: anchor.x - w / 2, w };
  const before: FilmFrame[] = [];
  for (let at = middle - 1, x = first.x; at >= 0 && x > 0 && before.length < MOST; at -= 1) {
    const size = frameWidth(ratio(at));
    x -= size + GAP;
    before.push({ at, x, w: size });
  }
  const after: FilmFrame[] = [];
  for (let at = middle + 1, x = first.x + w + GAP; at < count && x < width; at += 1) {
    if (after.length === MOST) break;
    const size = frameWidth(ratio(at));
    after.push({ at, x, w: size });
    x += size + GAP;
  }
  return [...before.reverse(), first, ...after];
}

/**
 * The strip pushed by `by` pixels (to the right if positive): the frame nearest the middle becomes the
 * anchor, so that a million frames can be walked without adding up their widths. Stops at both ends.
 */
export function pushFilm(
  ratio: (at: number) => number,
  count: number,
  anchor: Anchor,
  width: number,
  by: number,
): Anchor {
  let next = { at: anchor.at, x: anchor.x + by };
  for (let turn = 0; turn < MOST; turn += 1) {
    const frames = layFilm(ratio, count, next, width);
    const middle = width / 2;
    const nearest = frames.reduce<FilmFrame | null>((best, frame) => {
      const off = (one: FilmFrame): number => Math.abs(one.x + one.w / 2 - middle);
      return best === null || off(frame) < off(best) ? frame : best;
    }, null);
    if (nearest === null) return anchor;
    const found = { at: nearest.at, x: nearest.x + nearest.w / 2 };
    const end =
      (found.at === 0 && found.x > middle) || (found.at === count - 1 && found.x < middle);
    if (end) return { at: found.at, x: middle };
    if (found.at === next.at) return found;
    next = found;
  }
  return next;
}
