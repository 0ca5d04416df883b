/** Which rows of a long list are in sight, when their heights differ. Pure. */

/** Where each row begins; the last entry is where the list ends. */
export function tops(heights: readonly number[]): number[] {
  const found = [0];
  let y = 0;
  for (const height of heights) found.push((y += height));
  return found;
}

/** The row at a height of the list. Above all it is the first, below all the last. */
export function rowAt(starts: readonly number[], y: number): number {
  let low = 0;
  let high = starts.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** The rows from `from` up to, not including, `to` that touch what is in sight, and some spare. */
export function inSight(
  starts: readonly number[],
  top: number,
  height: number,
  spare: number,
): { from: number; to: number } {
  const rows = starts.length - 1;
  if (rows <= 0) return { from: 0, to: 0 };
  return {
    from: Math.max(0, rowAt(starts, top) - spare),
    to: Math.min(rows, rowAt(starts, top + height) + 1 + spare),
  };
}

/** How far to scroll so that a row is seen whole, its beginning before its end. */
export function scrollFor(
  starts: readonly number[],
  at: number,
  top: number,
  height: number,
): number {
  const from = starts[at] ?? 0;
  const to = starts[at + 1] ?? from;
  if (from < top || to - from > height) return from;
  return to > top + height ? to - height : top;
}
