/** Where moved jobs land. Pure. */

/** The gap a point is nearest to, from 0 (before the first row) to the number of rows. */
export function gapAt(y: number, rowHeight: number, rows: number): number {
  return Math.min(rows, Math.max(0, Math.round(y / rowHeight)));
}

/**
 * The job that moved ones must stand before when dropped at a gap, `null` for the end, and
 * `undefined` if nothing would change.
 */
export function beforeAt(
  ids: readonly string[],
  moving: ReadonlySet<string>,
  gap: number,
): string | null | undefined {
  const rest = ids.filter((id) => !moving.has(id));
  const before = ids.slice(gap).find((id) => !moving.has(id)) ?? null;
  const moved = ids.filter((id) => moving.has(id));
  const at = before === null ? rest.length : rest.indexOf(before);
  const after = [...rest.slice(0, at), ...moved, ...rest.slice(at)];
  return after.every((id, index) => id === ids[index]) ? undefined : before;
}

/** The gap for moving one step with the keyboard. */
export function gapBy(ids: readonly string[], moving: ReadonlySet<string>, by: 1 | -1): number {
  const places = ids.flatMap((id, at) => (moving.has(id) ? [at] : []));
  const first = places[0] ?? 0;
  const last = places.at(-1) ?? 0;
  return by < 0 ? Math.max(0, first - 1) : Math.min(ids.length, last + 2);
}
