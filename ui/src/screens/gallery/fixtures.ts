/** Cells, details and columns for tests. */
import type { AssetDetail } from "../../bindings/AssetDetail";
import type { LibraryAnswer } from "../../bindings/LibraryAnswer";
import type { LibraryCell } from "../../bindings/LibraryCell";
import { recipe } from "../viewer/fixtures";
import type { Columns } from "./columns";

/** A picture; what matters is given. */
export function cellOf(key: number, part: Partial<LibraryCell> = {}): LibraryCell {
  return {
    key,
    id: `id-${key}`,
    w: 4,
    h: 3,
    at: 1_000_000 - key * 1000,
    kind: "picture",
    title: `Picture ${key}`,
    duration_ms: null,
    rating: 0,
    favourite: false,
    flag: 0,
    practice: false,
    preview: false,
    binned: false,
    away: false,
    stack: 1,
    ...part,
  };
}

/** What the library tells of an output. */
export function detailOf(key: number, part: Partial<LibraryCell> = {}): AssetDetail {
  const cell = cellOf(key, part);
  return {
    key,
    asset: {
      id: cell.id,
      job_id: null,
      title: cell.title,
      kind: cell.kind,
      path: "",
      width: null,
      height: null,
      duration_ms: null,
      bytes: 1,
      hash: null,
      created_at: 0,
      took_ms: null,
      practice: false,
      preview: false,
      facts: recipe().facts,
      server_name: null,
      workflow: null,
    },
    cell,
    places: [],
    tags: ["print"],
    workflow_title: null,
    collections: [],
    widgets: [],
    made_from: [],
    went_into: [],
    alike: [],
  };
}

/** An answer with these cells first. */
export function answerOf(
  keys: readonly number[],
  part: Partial<LibraryAnswer> = {},
): LibraryAnswer {
  return {
    ticket: 1,
    revision: 1,
    total: 9,
    shown: keys.length,
    cells: keys.length,
    bytes: 0,
    parts: [],
    first: keys.map((key) => cellOf(key)),
    whole: true,
    ...part,
  };
}

/** Columns of these shapes and times, keys counted from 1. */
export function columnsOf(
  cells: readonly { shape?: number; at: number; stack?: number }[],
): Columns {
  return {
    count: cells.length,
    keys: Uint32Array.from(cells, (_, at) => at + 1),
    seconds: Uint32Array.from(cells, ({ at }) => Math.floor(at / 1000)),
    shapes: Uint16Array.from(cells, ({ shape = 256 }) => shape),
    stacks: Uint16Array.from(cells, ({ stack = 1 }) => stack),
  };
}

/** Columns as `host.columns` gives them. */
export function wire({ count, keys, seconds, shapes, stacks }: Columns): ArrayBuffer {
  const bytes = new Uint8Array(4 + count * 12);
  const put = (column: ArrayBufferView, at: number): void =>
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
  put(new Uint32Array([count]), 0);
  put(keys, 4);
  put(seconds, 4 + count * 4);
  put(shapes, 4 + count * 8);
  put(stacks, 4 + count * 10);
  return bytes.buffer;
}

/** In the place of `ResizeObserver`, which jsdom has not: nothing changes its size. */
export class NoSizes {
  observe(): void {}
  unobserve(): void {}
}
