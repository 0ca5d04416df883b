/**
 * Justified rows: every picture keeps its shape, every full row has the width of the column.
 * The layout needs only the index (shape and time), so it is complete before any file loads.
 */
import { dayRuns } from "./days";

/** What the layout reads of a cell. */
export type Shape = {
  /** Width in pixels, or 0 if it has no shape. */
  w: number;
  /** Height in pixels, or 0. */
  h: number;
  /** When it was stored, in milliseconds. */
  at: number;
};

/** A row of the gallery: a day's heading, or pictures. */
export type Row = {
  /** Whether it is a heading or a row of pictures. */
  kind: "day" | "pictures";
  /** Distance from the top of the content, in CSS pixels. */
  top: number;
  /** Height without the gap that follows. */
  height: number;
  /** Index of its first cell; for a heading, of the day's first cell. */
  from: number;
  /** Index after its last cell; for a heading, after the day's last cell. */
  to: number;
};

/** Where everything is. */
export type Layout = {
  /** All rows from top to bottom. */
  rows: Row[];
  /** Left edge of each cell. */
  left: Float64Array;
  /** Width of each cell. */
  width: Float64Array;
  /** The row of each cell. */
  rowOf: Uint32Array;
  /** Height of the whole content. */
  height: number;
};

/** What decides the layout besides the cells. */
export type LayoutOptions = {
  /** Width of the column in CSS pixels. */
  width: number;
  /** The row height the artist asked for. */
  rowHeight: number;
  /** Space between pictures. */
  gap: number;
  /** Height of a day's heading. */
  dayHeight: number;
};

/** Smallest and largest row height the slider offers. */
export const ROW_HEIGHT_MIN = 72;
export const ROW_HEIGHT_MAX = 360;

/** Bounds on a cell's shape: a 1×4000 picture must still be a target one can hit. */
const ASPECT_MIN = 0.3;
const ASPECT_MAX = 6;
/** A row may be at most this much taller than asked before one more picture is taken in. */
const STRETCH_MAX = 1.22;
/** Shape of things without a shape: sounds and other files. */
const ASPECT_NONE = 1.25;

/** Width divided by height, within bounds. */
export function aspect(cell: { w: number; h: number }): number {
  if (cell.w <= 0 || cell.h <= 0) return ASPECT_NONE;
  return Math.min(ASPECT_MAX, Math.max(ASPECT_MIN, cell.w / cell.h));
}

/** A row height within the slider's range. */
export function clampRowHeight(height: number): number {
  return Math.round(Math.min(ROW_HEIGHT_MAX, Math.max(ROW_HEIGHT_MIN, height)));
}

/** Lays out all cells. Linear in their number. */
export function justify(cells: readonly Shape[], options: LayoutOptions): Layout {
  const { rowHeight, gap, dayHeight } = options;
  const columnWidth = Math.max(1, Math.floor(options.width));
  const rows: Row[] = [];
  const left = new Float64Array(cells.length);
  const width = new Float64Array(cells.length);
  const rowOf = new Uint32Array(cells.length);
  let top = 0;

  function place(from: number, to: number, aspects: number, full: boolean): void {
    const room = columnWidth - gap * (to - from - 1);
    const height = full
      ? Math.max(1, Math.round(room / aspects))
      : Math.min(rowHeight, Math.max(1, Math.round(room / aspects)));
    let x = 0;
    for (let index = from; index < to; index += 1) {
      const cell = cells[index];
      if (cell === undefined) continue;
      left[index] = x;
      // The last picture of a full row takes up what rounding left over, so edges line up.
      width[index] =
        full && index === to - 1
          ? Math.max(1, columnWidth - x)
          : Math.max(1, Math.round(aspect(cell) * height));
      rowOf[index] = rows.length;
      x += (width[index] ?? 0) + gap;
    }
    rows.push({ kind: "pictures", top, height, from, to });
    top += height + gap;
  }

  for (const day of dayRuns(cells)) {
    rows.push({ kind: "day", top, height: dayHeight, from: day.from, to: day.to });
    top += dayHeight;
    let from = day.from;
    let aspects = 0;
    for (let index = day.from; index < day.to; index += 1) {
      const cell = cells[index];
      if (cell === undefined) continue;
      const own = aspect(cell);
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
  return { rows, left, width, rowOf, height: top };
}

/** The height at which pictures with these shapes fill the column. */
function fitHeight(columnWidth: number, gap: number, count: number, aspects: number): number {
  return aspects > 0 ? (columnWidth - gap * (count - 1)) / aspects : Number.POSITIVE_INFINITY;
}

/** Index of the last row that begins at or above `y`; 0 if there is none. */
export function rowAt(rows: readonly Row[], y: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((rows[middle]?.top ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The rows that touch the window from `y` to `y + height`, with `over` pixels to spare. */
export function visibleRows(
  rows: readonly Row[],
  y: number,
  height: number,
  over: number,
): { from: number; to: number } {
  if (rows.length === 0) return { from: 0, to: 0 };
  const from = rowAt(rows, y - over);
  const to = rowAt(rows, y + height + over) + 1;
  return { from, to };
}

/** The heading that belongs to the row at `y`: the day one is looking at. */
export function dayAt(rows: readonly Row[], y: number): Row | undefined {
  for (let index = rowAt(rows, y); index >= 0; index -= 1) {
    const row = rows[index];
    if (row?.kind === "day") return row;
  }
  return undefined;
}
