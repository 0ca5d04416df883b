/** Choosing several pictures, as file managers do. */

/** What a press on a picture does to the choice. */
export function choose<Id>(
  order: readonly Id[],
  selected: ReadonlySet<Id>,
  anchor: Id | null,
  pressed: Id,
  keys: { add: boolean; range: boolean },
): Set<Id> {
  if (keys.range && anchor !== null) {
    const from = order.indexOf(anchor);
    const to = order.indexOf(pressed);
    if (from >= 0 && to >= 0) {
      const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
      return new Set(keys.add ? [...selected, ...range] : range);
    }
  }
  if (keys.add) {
    const next = new Set(selected);
    if (!next.delete(pressed)) next.add(pressed);
    return next;
  }
  return new Set([pressed]);
}
