/** Choosing several pictures, as file managers do. */
import { type Columns, positionOf } from "./columns";
import { KeySet } from "./key-set";

/** What a press on a picture does to the choice. */
export function choose(
  columns: Columns,
  selected: KeySet,
  anchor: number | null,
  pressed: number,
  keys: { add: boolean; range: boolean },
): KeySet {
  if (keys.range && anchor !== null) {
    const from = positionOf(columns, anchor);
    const to = positionOf(columns, pressed);
    if (from >= 0 && to >= 0) {
      const range = columns.keys.subarray(Math.min(from, to), Math.max(from, to) + 1);
      return (keys.add ? selected : KeySet.EMPTY).with(range);
    }
  }
  return keys.add ? selected.toggled(pressed) : KeySet.of([pressed]);
}
