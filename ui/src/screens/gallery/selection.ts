/** Choosing several pictures, as file managers do. */
import { type Columns, positionOf } from "./columns";
import { KeySet } from "./key-set";

/** All from one picture to another in the order on the screen; null if one of them is not listed. */
export function rangeOf(columns: Columns, one: number | null, other: number): Uint32Array | null {
  const from = positionOf(columns, one);
  const to = positionOf(columns, other);
  if (from < 0 || to < 0) return null;
  return columns.keys.subarray(Math.min(from, to), Math.max(from, to) + 1);
}

/** What a press on a picture does to the choice. */
export function choose(
  columns: Columns,
  selected: KeySet,
  anchor: number | null,
  pressed: number,
  keys: { add: boolean; range: boolean },
): KeySet {
  const range = keys.range ? rangeOf(columns, anchor, pressed) : null;
  if (range !== null) return (keys.add ? selected : KeySet.EMPTY).with(range);
  return keys.add ? selected.toggled(pressed) : KeySet.of([pressed]);
}

/**
 * What is chosen once the focus moved to a picture: a choice of exactly one goes along, several stay. So the
 * keys never act on one picture while another has both the focus and the panel.
 */
export function follow(selected: KeySet, focus: number | null): KeySet {
  if (selected.size !== 1 || focus === null || selected.has(focus)) return selected;
  return KeySet.of([focus]);
}

/**
 * What the panel and the second window show: the one that is chosen if it is one, as that is what keys act
 * on, also where Ctrl moved the focus alone. Beside several it is what has the focus, to look around.
 */
export function lookedAt(selected: KeySet, focus: number | null): number | null {
  return selected.size === 1 ? actedOn(selected, focus).one : focus;
}

/**
 * What keys and the palette act on: what is selected if anything is, else what has the focus. `one` is for
 * what can be done with a single picture only: of several the one with the focus, or the first of them.
 */
export function actedOn(
  selected: KeySet,
  focus: number | null,
): { all: KeySet; one: number | null } {
  if (selected.size === 0)
    return { all: focus === null ? selected : KeySet.of([focus]), one: focus };
  if (focus !== null && selected.has(focus)) return { all: selected, one: focus };
  return { all: selected, one: selected.toArray()[0] ?? null };
}

/** The closed stacks among some cells, but for those `alone`: how many outputs are in each, by its key. */
export function closedStacks(
  columns: Columns,
  keys: KeySet,
  alone = KeySet.EMPTY,
): ReadonlyMap<number, number> {
  const closed = new Map<number, number>();
  for (let at = 0; at < columns.count && keys.size > 0; at += 1) {
    const [key, stack] = [columns.keys[at] ?? 0, columns.stacks[at] ?? 1];
    if (stack > 1 && keys.has(key) && !alone.has(key)) closed.set(key, stack);
  }
  return closed;
}

/**
 * Keys with those of closed stacks in the place of the cell that stands for each. `within` is what is in
 * them, one stack behind the other, each beginning with its cell.
 */
export function expanded(
  keys: readonly number[],
  stacks: ReadonlySet<number>,
  within: readonly number[],
): number[] {
  const stackOf = new Map<number, number[]>();
  let stack: number[] = [];
  for (const key of within) {
    if (stacks.has(key)) stackOf.set(key, (stack = []));
    stack.push(key);
  }
  // What is chosen by itself too is in the place of its stack.
  const inStacks = new Set([...stackOf.values()].flatMap(([, ...others]) => others));
  return keys.filter((key) => !inStacks.has(key)).flatMap((key) => stackOf.get(key) ?? [key]);
}
