/**
 * Justified rows: every picture keeps its shape, every full row has the width of the column.
 * The layout needs only the columns (shape and time), so it is complete before any file loads. It keeps
 * rows, not pictures, and those in arrays of numbers: a million pictures are laid out in a few milliseconds.
 */
import type { Columns } from "./columns";
import { dayRuns } from "./days";

/** What the layout reads of the cells. */
export type Shapes = Pick<Columns, "count" | "shapes" | "seconds">;

/** Rows from top to bottom: a day's heading, or pictures. */
export type Layout = {
  /** How many rows. */
  readonly rows: number;
  /** Distance of each row from the top of the content, in CSS pixels. */
  readonly top: Float64Array;
  /** Height of each without the gap that follows. */
  readonly height: Uint16Array;
  /** Its first cell; of a heading, the day's first. */
  readonly from: Uint32Array;
  /** Behind its last cell; of a heading, behind the day's last. */
  readonly to: Uint32Array;
  /** What each row is: `HEADING`, `LOOSE` or `FULL`. */
  readonly kind: Uint8Array;
  /** How many cells. */
  readonly cells: number;
  /** Height of the whole content. */
  readonly total: number;
};

/** A day's heading. */
export const HEADING = 0;
/** Pictures that do not fill the column: the last of a day. */
export const LOOSE = 1;
/** Pictures from edge to edge. */
export const FULL = 2;

/** What decides the layout besides the cells. */
export type LayoutOptions = {
  /** Width of the column in CSS pixels. */
  width: number;
  /** The row height the artist asked for. */
  rowHeight: number;
  /** Space between pictures. */
  gap: number;
  /** Height of a day's heading; nothing: the order is not by time, there are none. */
  dayHeight: number | null;
};

/** Where a picture is in its row. */
export type Box = { at: number; left: number; width: number };

/** Smallest and largest row height the slider offers. */
export const ROW_HEIGHT_MIN = 72;
export const ROW_HEIGHT_MAX = 360;
/** By how much one press makes rows larger or smaller. */
export const ROW_HEIGHT_STEP = 1.15;

/** Bounds on a cell's shape: a 1×4000 picture must still be a target one can hit. */
const ASPECT_MIN = 0.3;
const ASPECT_MAX = 6;
/** A row may be at most this much taller than asked before one more picture is taken in. */
const STRETCH_MAX = 1.22;
/** Shape of things without a shape: sounds and other files. */
const ASPECT_NONE = 1.25;

/** Width divided by height of a shape as the columns have it, within bounds. */
export function aspect(shape: number): number {
  if (shape === 0) return ASPECT_NONE;
  return Math.min(ASPECT_MAX, Math.max(ASPECT_MIN, shape / 256));
}

/** A row height within the slider's range. */
export function clampRowHeight(height: number): number {
  return Math.round(Math.min(ROW_HEIGHT_MAX, Math.max(ROW_HEIGHT_MIN, height)));
}

/** Rows while they are laid out; their number is known only at the end. */
class Rows {
  count = 0;
  top = new Float64Array(1024);
  height = new Uint16Array(1024);
  from = new Uint32Array(1024);
  to = new Uint32Array(1024);
  kind = new Uint8Array(1024);

  add(kind: number, top: number, height: number, from: number, to: number): void {
    const at = this.count;
    if (at === this.top.length) this.#grow();
    this.kind[at] = kind;
    this.top[at] = top;
    this.height[at] = height;
    this.from[at] = from;
    this.to[at] = to;
    this.count += 1;
  }

  #grow(): void {
    const length = this.top.length * 2;
    const [top, height, from, to, kind] = [this.top, this.height, this.from, this.to, this.kind];
    (this.top = new Float64Array(length)).set(top);
    (this.height = new Uint16Array(length)).set(height);
    (this.from = new Uint32Array(length)).set(from);
    (this.to = new Uint32Array(length)).set(to);
    (this.kind = new Uint8Array(length)).set(kind);
  }
}

function finished(rows: Rows, cells: number, total: number): Layout {
  const { count } = rows;
  return {
    rows: count,
    top: rows.top.subarray(0, count),
    height: rows.height.subarray(0, count),
    from: rows.from.subarray(0, count),
    to: rows.to.subarray(0, count),
    kind: rows.kind.subarray(0, count),
    cells,
    total,
  };
}

/** Lays out all cells. Linear in their number. */
export function justify(cells: Shapes, options: LayoutOptions): Layout {
  const { rowHeight, gap, dayHeight } = options;
  const columnWidth = columnOf(options);
  const { shapes, count } = cells;
  const rows = new Rows();
  let top = 0;

  function place(from: number, to: number, aspects: number, full: boolean): void {
    const fit = Math.max(1, Math.round((columnWidth - gap * (to - from - 1)) / aspects));
    const height = full ? fit : Math.min(rowHeight, fit);
    rows.add(full ? FULL : LOOSE, top, height, from, to);
    top += height + gap;
  }

  const days = dayHeight === null ? [{ from: 0, to: count }] : dayRuns(cells.seconds);
  for (const day of days) {
    if (dayHeight !== null) {
      rows.add(HEADING, top, dayHeight, day.from, day.to);
      top += dayHeight;
    }
    let from = day.from;
    let aspects = 0;
    for (let index = day.from; index < day.to; index += 1) {
      const own = aspect(shapes[index] ?? 0);
      const with_ = fitHeight(columnWidth, gap, index + 1 - from, aspects + own);
      if (with_ > rowHeight) {
        aspects += own;
        continue;
      }
      // This picture overfills the row. Break before it if that is nearer to the height asked for.
      const without = fitHeight(columnWidth, gap, index - from, aspects);
      if (
        index > from &&
        without <= rowHeight * STRETCH_MAX &&
        without / rowHeight < rowHeight / with_
      ) {
        place(from, index, aspects, true);
        from = index;
        aspects = own;
        if (fitHeight(columnWidth, gap, 1, own) > rowHeight) continue;
      } else {
        aspects += own;
      }
      place(from, index + 1, aspects, true);
      from = index + 1;
      aspects = 0;
    }
    if (from < day.to) place(from, day.to, aspects, false);
    top += gap;
  }
  return finished(rows, count, count === 0 ? 0 : top);
}

/** One cell a row: the list. */
export function listed(cells: Shapes, height: number): Layout {
  const { count } = cells;
  const layout = {
    rows: count,
    top: new Float64Array(count),
    height: new Uint16Array(count).fill(height),
    from: new Uint32Array(count),
    to: new Uint32Array(count),
    kind: new Uint8Array(count).fill(FULL),
    cells: count,
    total: count * height,
  };
  for (let at = 0; at < count; at += 1) {
    layout.top[at] = at * height;
    layout.from[at] = at;
    layout.to[at] = at + 1;
  }
  return layout;
}

const columnOf = (options: { width: number }): number => Math.max(1, Math.floor(options.width));

/** The height at which pictures with these shapes fill the column. */
function fitHeight(columnWidth: number, gap: number, count: number, aspects: number): number {
  return aspects > 0 ? (columnWidth - gap * (count - 1)) / aspects : Number.POSITIVE_INFINITY;
}

/** Where the pictures of a row are. */
export function boxes(
  cells: Pick<Columns, "shapes">,
  layout: Layout,
  row: number,
  options: { width: number; gap: number },
): Box[] {
  const columnWidth = columnOf(options);
  const height = layout.height[row] ?? 1;
  const [from, to] = [layout.from[row] ?? 0, layout.to[row] ?? 0];
  const full = layout.kind[row] === FULL;
  const found: Box[] = [];
  let left = 0;
  for (let at = from; at < to; at += 1) {
    // The last picture of a full row takes up what rounding left over, so edges line up.
    const width =
      full && at === to - 1
        ? Math.max(1, columnWidth - left)
        : Math.max(1, Math.round(aspect(cells.shapes[at] ?? 0) * height));
    found.push({ at, left, width });
    left += width + options.gap;
  }
  return found;
}

/** The last row that begins at or above `y`; 0 if there is none. */
export function rowAt(layout: Layout, y: number): number {
  return lastAtMost(layout.top, y);
}

/** The row of a cell. */
export function rowOf(layout: Layout, cell: number): number {
  // A heading has the same first cell as the row after it, which is the later one.
  return lastAtMost(layout.from, cell);
}

function lastAtMost(values: Float64Array | Uint32Array, limit: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((values[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The rows that touch the window from `y` to `y + height`, with `over` pixels to spare. */
export function visibleRows(
  layout: Layout,
  y: number,
  height: number,
  over: number,
): { from: number; to: number } {
  if (layout.rows === 0) return { from: 0, to: 0 };
  return { from: rowAt(layout, y - over), to: rowAt(layout, y + height + over) + 1 };
}
