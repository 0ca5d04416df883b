/** The sheet of a sweep: its grid, walking in it, zooming in it. Pure. */
import type { AssetView } from "../../bindings/AssetView";
import type { JobId } from "../../bindings/JobId";
import type { JobView } from "../../bindings/JobView";
import type { PictureFacts } from "../../bindings/PictureFacts";
import type { SheetCell } from "../../bindings/SheetCell";
import type { SheetView } from "../../bindings/SheetView";
import type { ComposeState } from "../../bindings/ComposeState";
import type { KnobValue } from "../../bindings/KnobValue";
import { add, compare, type Decimal, decimal, numberJson, tidy, times } from "../compose/exact";

export type Grid = {
  columns: readonly string[];
  columnName: string;
  rowName: string;
  rows: readonly { label: string; cells: readonly (SheetCell | null)[] }[];
  layers: readonly string[];
  layerName: string;
};

/** One layer of a sheet as rows and columns; `swapped` puts X down the side. */
export function gridOf(sheet: SheetView, z: number, swapped: boolean): Grid {
  const [x, y, layer] = sheet.axes;
  const at = new Map(sheet.cells.map((cell) => [placeKey(cell.at, sheet.axes.length), cell]));
  const none = { name: "", values: [""] };
  const [across, down] = swapped ? [y ?? none, x ?? none] : [x ?? none, y ?? none];
  return {
    columns: across.values,
    columnName: across.name,
    rowName: down.name,
    layers: layer?.values ?? [],
    layerName: layer?.name ?? "",
    rows: down.values.map((label, row) => ({
      label,
      cells: across.values.map((_, column) => {
        const place = swapped ? [row, column, z] : [column, row, z];
        return at.get(placeKey(place, sheet.axes.length)) ?? null;
      }),
    })),
  };
}

const placeKey = (at: readonly number[], axes: number): string =>
  at.slice(0, Math.max(1, axes)).join();

/** The pictures of a layer, row by row, by their numbers in the library. */
export const picturesOf = (grid: Grid): number[] =>
  grid.rows.flatMap(({ cells }) => cells.flatMap((cell) => cell?.key ?? []));

export type Place = { row: number; column: number };

/** Where a key leads; nothing, if it leads nowhere. */
export function walk(key: string, from: Place, rows: number, columns: number): Place | null {
  const to = { ...from };
  if (key === "ArrowLeft") to.column -= 1;
  else if (key === "ArrowRight") to.column += 1;
  else if (key === "ArrowUp") to.row -= 1;
  else if (key === "ArrowDown") to.row += 1;
  else if (key === "Home") to.column = 0;
  else if (key === "End") to.column = columns - 1;
  else return null;
  return {
    row: Math.max(0, Math.min(rows - 1, to.row)),
    column: Math.max(0, Math.min(columns - 1, to.column)),
  };
}

/** How a picture is looked at: how large, and around which spot (0 to 1 of its width and height). */
export type Look = { scale: number; x: number; y: number };

export const whole: Look = { scale: 1, x: 0.5, y: 0.5 };
const LARGEST = 12;

const within = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

export const zoomed = (look: Look, scale: number): Look => ({
  ...look,
  scale: within(scale, 1, LARGEST),
});

/** The slider's place, 0 to 100, of a scale, and back: each step enlarges by the same share. */
export const sliderOf = (scale: number): number =>
  Math.round((Math.log(scale) / Math.log(LARGEST)) * 100);
export const scaleOf = (slider: number): number => within(LARGEST ** (slider / 100), 1, LARGEST);

/** Zooms so that the spot under the pointer (0 to 1 of the cell) stays under it. */
export function zoomedAt(look: Look, scale: number, at: { x: number; y: number }): Look {
  const next = within(scale, 1, LARGEST);
  if (next === 1) return { ...look, scale: 1 };
  const one = (spot: number, point: number): number => {
    // What is under the pointer: the spot keeps its place, all else moves away from it.
    const under = spot + (point - spot) / look.scale;
    return within((under * next - point) / (next - 1), 0, 1);
  };
  return { scale: next, x: one(look.x, at.x), y: one(look.y, at.y) };
}

/** Moved by a drag, in shares of the cell. */
export function panned(look: Look, dx: number, dy: number): Look {
  if (look.scale <= 1) return look;
  const by = look.scale - 1;
  return { ...look, x: within(look.x - dx / by, 0, 1), y: within(look.y - dy / by, 0, 1) };
}

/**
 * Width by height of what is in the cells. Pictures of one sheet mostly have one shape: cells take it
 * before the first is there, from what its job is to make.
 */
export function ratioOf(
  sheet: SheetView,
  factsOf: (job: JobId) => PictureFacts | undefined,
): number {
  const first = sheet.cells.find(({ asset }) => asset?.width != null)?.asset;
  if (first?.width != null && first.height != null && first.height > 0)
    return first.width / first.height;
  for (const { job } of sheet.cells) {
    const facts = job === null ? undefined : factsOf(job);
    if (facts !== undefined) return (facts.width ?? 1) / (facts.height ?? 1);
  }
  return 1;
}

/** Pixels of enlarged pictures that are held decoded beside each other: 64 megapixels take 256 MB. */
const MOST_PIXELS = 64_000_000;
/** Pixels of the large small picture, at most. */
const LARGE = 1_024 * 1_024;

/**
 * What a picture of a cell is enlarged from, where so many are enlarged at once: its file, or a small
 * picture where all of its size would take too much memory. Of a video that is its largest picture.
 */
export function enlargedFrom(
  { kind, width, height }: AssetView,
  among: number,
): "original" | "large" | "thumb" {
  const pixels = (width ?? Infinity) * (height ?? Infinity);
  if (kind === "picture" && pixels * among <= MOST_PIXELS) return "original";
  return LARGE * among <= MOST_PIXELS ? "large" : "thumb";
}

/** Which `most` of `count` things are shown so that one of them is in the middle, as far as they go. */
export function around(at: number, count: number, most: number): { from: number; to: number } {
  const from = within(at - Math.floor(most / 2), 0, Math.max(0, count - most));
  return { from, to: Math.min(count, from + most) };
}

/** What a cell is called: "Strength 0.75, CFG 6". */
export function placeText(grid: Grid, { row, column }: Place): string {
  const across = `${grid.columnName} ${grid.columns[column] ?? ""}`;
  return grid.rowName === "" ? across : `${across}, ${grid.rowName} ${grid.rows[row]?.label ?? ""}`;
}

/** "Sweep, 7 of 12 done". */
export function doneText(sheet: SheetView): string {
  const done = sheet.cells.filter(({ asset }) => asset !== null).length;
  return `Sweep, ${done.toLocaleString("en")} of ${sheet.cells.length.toLocaleString("en")} done`;
}

/** What the whole sheet took, as far as it is known. */
export const tookOf = (sheet: SheetView): number =>
  sheet.cells.reduce((sum, { took_ms, reused }) => sum + (reused ? 0 : (took_ms ?? 0)), 0);

export type CellState = "done" | "running" | "failed" | "cancelled" | "held" | "waiting" | "none";

export function stateOf(cell: SheetCell | null, job: JobView | undefined): CellState {
  if (cell === null) return "none";
  if (cell.asset !== null) return "done";
  // What was taken out of the queue before it was sent is no job of it any more.
  if (cell.job === null) return "none";
  if (job === undefined) return "waiting";
  if (job.state.kind === "running" || job.state.kind === "collecting") return "running";
  if (job.state.kind === "ended") {
    if (job.state.of === "succeeded") return "done";
    return job.state.of === "cancelled" ? "cancelled" : "failed";
  }
  return job.on_hold ? "held" : "waiting";
}

export const STATE_TEXT: Record<CellState, string> = {
  done: "done, no picture",
  running: "developing",
  failed: "failed",
  cancelled: "cancelled",
  held: "on hold",
  waiting: "waiting",
  none: "not queued",
};

/** The values that an axis has so far, as JSON; nothing, if it turns several knobs, presets or words. */
export function valuesOnAxis(sheet: SheetView, axis: number): string[] | null {
  const set = sheet.state.many.kind === "sweep" ? sheet.state.many.axes[axis] : undefined;
  const [key] = set?.knobs ?? [];
  if (set === undefined || key === undefined || set.knobs.length !== 1) return null;
  if (set.values.kind !== "list" && set.values.kind !== "range") return null;
  const found: string[] = [];
  for (const { at, values } of sheet.cells) {
    const value = values.find(({ node, input }) => node === key.node && input === key.input);
    const place = at[axis];
    if (value !== undefined && place !== undefined) found[place] = value.json;
  }
  return [...found].filter((json) => json !== undefined);
}

/** Between cells, in pixels; room for the axis' values beside and above them. */
export const GAP = 5;
export const SIDE = 63;
export const HEAD = 30;
/** The narrowest cell. */
const NARROWEST = 96;
/** Rows and columns kept beyond what is in sight. */
const SPARE = 2;

/** Where the cells of a sheet stand, in pixels. */
export type Layout = {
  left: number;
  /** Of a cell. */
  width: number;
  height: number;
  /** Of the whole. */
  wide: number;
  tall: number;
};

/** Cells as wide as there is room for all columns, but never too narrow to tell anything. */
export function layoutOf(
  room: number,
  columns: number,
  rows: number,
  ratio: number,
  named: boolean,
): Layout {
  const left = named ? SIDE : 0;
  const width = Math.max(NARROWEST, (room - left - (columns - 1) * GAP) / Math.max(1, columns));
  const height = width / ratio;
  return {
    left,
    width,
    height,
    wide: left + columns * (width + GAP) - GAP,
    tall: HEAD + rows * (height + GAP) - GAP,
  };
}

/** Which of `count` things, each `pitch` apart, are in sight. */
export function sightOf(
  start: number,
  room: number,
  pitch: number,
  count: number,
): { from: number; to: number } {
  const from = Math.floor(start / pitch) - SPARE;
  const to = Math.ceil((start + room) / pitch) + SPARE;
  return { from: within(from, 0, count), to: within(to, 0, count) };
}

/** Where to scroll to so that a thing is in sight whole. */
export function broughtInto(start: number, room: number, from: number, size: number): number {
  if (from < start) return from;
  return from + size > start + room ? from + size - room : start;
}

/** Values close around a cell's, on the first axis of numbers. */
export type Closer = { axis: number; low: string; high: string; values: string[] };

/** How many values a closer sweep has. */
const CLOSER = 5n;

/**
 * What a closer sweep around a cell turns: the first axis over one number, in fifths of the way to the
 * nearest value that is there. At the end of an axis it goes inwards only, for beyond may be nothing.
 */
export function closerOf(sheet: SheetView, cell: SheetCell): Closer | null {
  for (const [axis] of sheet.axes.entries()) {
    const known = valuesOnAxis(sheet, axis)?.map(decimal);
    const mine = known?.[cell.at[axis] ?? -1];
    if (known === undefined || known.includes(null) || mine === undefined || mine === null)
      continue;
    const others = (known as Decimal[]).filter((other) => compare(other, mine) !== 0);
    const gaps = others.map((other) => {
      const [low, high] = compare(other, mine) < 0 ? [other, mine] : [mine, other];
      return add(high, times(low, -1n));
    });
    const gap = gaps.sort(compare)[0];
    if (gap === undefined) continue;
    const whole = sheet.whole[axis] ?? false;
    const step = whole ? wholeFifth(gap) : { digits: gap.digits * 2n, scale: gap.scale + 1 };
    if (step === null) continue;
    const least = others.every((other) => compare(other, mine) > 0);
    const most = others.every((other) => compare(other, mine) < 0);
    const first = least ? 0n : most ? 1n - CLOSER : -2n;
    const values: string[] = [];
    for (let at = first; at < first + CLOSER; at++) {
      const by = times(step, at);
      const inside = compare(times(by, at < 0n ? -1n : 1n), gap) < 0;
      const json = inside ? numberJson(tidy(add(mine, by)), whole) : null;
      if (json !== null) values.push(json);
    }
    const [low] = values;
    const high = values.at(-1);
    if (low !== undefined && high !== undefined && values.length > 1)
      return { axis, low, high, values };
  }
  return null;
}

/** A fifth in whole numbers, one at least; nothing where nothing lies between. */
function wholeFifth({ digits, scale }: Decimal): Decimal | null {
  const gap = digits / 10n ** BigInt(scale);
  if (gap <= 1n) return null;
  const fifth = gap / CLOSER;
  return { digits: fifth < 1n ? 1n : fifth, scale: 0 };
}

/** The values that a cell is made with: those that were set, with the axes' over them. */
export function valuesOf(sheet: SheetView, cell: SheetCell): KnobValue[] {
  const of = (value: KnobValue): string => JSON.stringify([value.node, value.input]);
  const turned = new Set(cell.values.map(of));
  return [...sheet.state.values.filter((value) => !turned.has(of(value))), ...cell.values];
}

/** A sweep closer around a cell, to be looked at before it is queued. */
export function closerState(sheet: SheetView, cell: SheetCell, closer: Closer): ComposeState {
  const axes = sheet.state.many.kind === "sweep" ? sheet.state.many.axes : [];
  const knobs = axes[closer.axis]?.knobs ?? [];
  return {
    ...sheet.state,
    values: valuesOf(sheet, cell),
    typed: [],
    many: {
      kind: "sweep",
      axes: [{ knobs, values: { kind: "list", steps: closer.values.map((value) => [value]) } }],
    },
  };
}
