/** All cells of an answer as columns of numbers: a million cells are a few arrays, not a million objects. */
import type { LibraryCell } from "../../bindings/LibraryCell";

/** One entry a cell, in the order of the answer. */
export type Columns = {
  /** How many cells. */
  readonly count: number;
  /** Numbers in the library. */
  readonly keys: Uint32Array;
  /** When they were made, in seconds since 1970. */
  readonly seconds: Uint32Array;
  /** 256 times width by height; 0: no shape. */
  readonly shapes: Uint16Array;
  /** Outputs that a cell stands for; 0: it is shown as part of an opened stack. */
  readonly stacks: Uint16Array;
};

/** No cells. */
export const NONE: Columns = make(0);

function make(count: number): Columns {
  return {
    count,
    keys: new Uint32Array(count),
    seconds: new Uint32Array(count),
    shapes: new Uint16Array(count),
    stacks: new Uint16Array(count),
  };
}

/** Whether this machine keeps numbers as the wire does: all that a web view runs on do. */
const LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Reads the wire format of `host.columns`. Throws if the bytes are not of that form. */
export function decode(bytes: ArrayBuffer): Columns {
  if (!LITTLE) throw new Error("Columns can only be read on a little-endian machine.");
  const count = bytes.byteLength < 4 ? 0 : (new Uint32Array(bytes, 0, 1)[0] ?? 0);
  if (bytes.byteLength !== 4 + count * 12)
    throw new Error(`The library gave ${bytes.byteLength} bytes for ${count} pictures.`);
  return {
    count,
    keys: new Uint32Array(bytes, 4, count),
    seconds: new Uint32Array(bytes, 4 + count * 4, count),
    shapes: new Uint16Array(bytes, 4 + count * 8, count),
    stacks: new Uint16Array(bytes, 4 + count * 10, count),
  };
}

/** 256 times width by height, as the engine rounds it, within 16 bits; 0 if there is no shape. */
export const shapeOf = (w: number, h: number): number =>
  w <= 0 || h <= 0 ? 0 : Math.min(0xffff, Math.max(1, Math.floor((256 * w) / h)));

/** The columns of cells that are known in full: the first of an answer. */
export function ofCells(cells: readonly LibraryCell[]): Columns {
  const columns = make(cells.length);
  cells.forEach((cell, at) => {
    columns.keys[at] = cell.key;
    columns.seconds[at] = Math.max(0, Math.floor(cell.at / 1000));
    columns.shapes[at] = shapeOf(cell.w, cell.h);
    columns.stacks[at] = Math.min(0xffff, cell.stack);
  });
  return columns;
}

/** Where a key stands; -1 if it is not there. A million are gone through in under a millisecond. */
export const positionOf = (columns: Columns, key: number | null): number =>
  key === null ? -1 : columns.keys.indexOf(key);

/** Whether two answers have the same cells in the same places: then nothing needs to be laid out anew. */
export function sameColumns(a: Columns, b: Columns): boolean {
  if (a.count !== b.count) return false;
  for (const name of ["keys", "shapes", "stacks", "seconds"] as const) {
    const [left, right] = [a[name], b[name]];
    for (let at = 0; at < left.length; at += 1) if (left[at] !== right[at]) return false;
  }
  return true;
}

/**
 * The columns with some stacks opened in place: `opened` has what is in each, by the key of the cell that
 * stands for it. They count as made when their stack was, so that a stack stays in one day.
 */
export function withOpened(columns: Columns, opened: ReadonlyMap<number, Columns>): Columns {
  const places = [...opened]
    .map(([key, inside]) => ({ at: positionOf(columns, key), inside }))
    .filter(({ at, inside }) => at >= 0 && inside.count > 0)
    .sort((a, b) => a.at - b.at);
  if (places.length === 0) return columns;
  const more = places.reduce((sum, { inside }) => sum + inside.count - 1, 0);
  const to = make(columns.count + more);
  let [read, write] = [0, 0];
  const copy = (end: number): void => {
    for (const name of ["keys", "seconds", "shapes", "stacks"] as const)
      to[name].set(columns[name].subarray(read, end), write);
    write += end - read;
    read = end;
  };
  for (const { at, inside } of places) {
    copy(at);
    to.keys.set(inside.keys, write);
    to.shapes.set(inside.shapes, write);
    to.seconds.fill(columns.seconds[at] ?? 0, write, write + inside.count);
    to.stacks.fill(0, write, write + inside.count);
    write += inside.count;
    read += 1;
  }
  copy(columns.count);
  return to;
}

/**
 * The cell to stay at when `key` may be gone from the answer: itself, or the nearest one after it, or
 * before it, that is still there. Looks at `reach` neighbours; -1 if none of them is there.
 */
export function survivor(before: Columns, now: Columns, key: number, reach = 64): number {
  if (now.keys.includes(key)) return key;
  const at = positionOf(before, key);
  if (at < 0) return -1;
  for (const by of [1, -1]) {
    for (let step = 1; step <= reach; step += 1) {
      const next = before.keys[at + by * step];
      if (next === undefined) break;
      if (now.keys.includes(next)) return next;
    }
  }
  return -1;
}

/** The first cell made at or before `ms` (newest first) or at or after it (oldest first). */
export function atTime({ count, seconds }: Columns, ms: number, oldestFirst: boolean): number {
  const wanted = ms / 1000;
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = seconds[middle] ?? 0;
    if (oldestFirst ? at < wanted : at > wanted) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, Math.max(0, count - 1));
}

/**
 * How many outputs came on top, newest first: those above the first cell that was there before, without
 * those that stood above it then.
 */
export function arrivedOnTop(before: Columns, now: Columns): number {
  const first = before.keys[0];
  const known = first === undefined ? -1 : survivor(before, now, first);
  if (known < 0) return 0;
  const above = (columns: Columns): number =>
    columns.stacks.subarray(0, positionOf(columns, known)).reduce((sum, stack) => sum + stack, 0);
  return Math.max(0, above(now) - above(before));
}
