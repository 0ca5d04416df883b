import { describe, expect, it } from "vitest";
import type { JobView } from "../../bindings/JobView";
import type { SheetView } from "../../bindings/SheetView";
import { emptyState } from "../compose/fixtures";
import {
  around,
  broughtInto,
  closerOf,
  closerState,
  doneText,
  enlargedFrom,
  GAP,
  gridOf,
  layoutOf,
  panned,
  picturesOf,
  placeText,
  ratioOf,
  scaleOf,
  sightOf,
  sliderOf,
  stateOf,
  tookOf,
  valuesOf,
  valuesOnAxis,
  walk,
  whole,
  zoomed,
  zoomedAt,
} from "./sheet";

const knobs = [{ node: "10", input: "strength" }];
const cell = (x: number, y: number, z: number) => ({
  at: [x, y, z],
  job: `${x}${y}${z}`,
  asset: x === 0 ? ({ id: "a" } as never) : null,
  took_ms: x === 0 ? 1000 : null,
  reused: y === 1,
  values: [{ node: "10", input: "strength", json: ["0.25", "0.50", "0.75"][x] ?? "" }],
  mark: null,
  key: null,
  rating: 0,
});
const sheet: SheetView = {
  batch_id: "b",
  title: "Portrait",
  created_at: 0,
  axes: [
    { name: "Strength", values: ["0.25", "0.50", "0.75"] },
    { name: "CFG", values: ["4", "6"] },
    { name: "Seed", values: ["1", "2"] },
  ],
  whole: [false, false, true],
  structure: "s",
  cells: [0, 1].flatMap((z) => [0, 1].flatMap((y) => [0, 1, 2].map((x) => cell(x, y, z)))),
  workflow: "w",
  state: emptyState({
    many: { kind: "sweep", axes: [{ knobs, values: { kind: "range", text: "0.25..0.75" } }] },
  }),
};

describe("the same spot", () => {
  it.each([
    { at: 0, count: 30, from: 0, to: 12 },
    { at: 6, count: 30, from: 0, to: 12 },
    { at: 15, count: 30, from: 9, to: 21 },
    { at: 29, count: 30, from: 18, to: 30 },
    { at: 3, count: 5, from: 0, to: 5 },
  ])("is shown around column $at of $count", ({ at, count, from, to }) => {
    expect(around(at, count, 12)).toEqual({ from, to });
  });

  it.each([
    ["picture", 2_048, 12, "original"],
    ["picture", 4_096, 12, "large"],
    ["picture", 4_096, 1, "original"],
    ["picture", 16_000, 1, "large"],
    ["picture", 4_096, 200, "thumb"],
    ["picture", null, 1, "large"],
    ["video", 64, 1, "large"],
  ])("of a %s of %d², %d at once, is looked at in its %s file", (kind, edge, among, size) => {
    expect(enlargedFrom({ kind, width: edge, height: edge } as never, among)).toBe(size);
  });
});

describe("the grid", () => {
  it("names its pictures row by row, as they stand", () => {
    const cells = sheet.cells.map((one, nth) => ({ ...one, key: nth === 1 ? null : nth }));
    expect(picturesOf(gridOf({ ...sheet, cells }, 0, false))).toEqual([0, 2, 3, 4, 5]);
    expect(picturesOf(gridOf({ ...sheet, cells }, 0, true))).toEqual([0, 3, 4, 2, 5]);
    expect(picturesOf(gridOf({ ...sheet, cells }, 1, false))).toEqual([6, 7, 8, 9, 10, 11]);
  });

  it("has one layer at a time, and may stand on its side", () => {
    const first = gridOf(sheet, 1, false);
    expect([first.columns.length, first.rows.length, first.layerName]).toEqual([3, 2, "Seed"]);
    expect(first.rows[1]?.cells.map((one) => one?.job)).toEqual(["011", "111", "211"]);
    const side = gridOf(sheet, 0, true);
    expect([side.columnName, side.rowName, side.rows.length]).toEqual(["CFG", "Strength", 3]);
    expect(side.rows[2]?.cells.map((one) => one?.job)).toEqual(["200", "210"]);
  });
  it("is one row for one axis, with gaps where nothing is", () => {
    const one = { ...sheet, axes: sheet.axes.slice(0, 1), cells: [cell(1, 0, 0)] };
    const grid = gridOf(one, 0, false);
    expect(grid.rows.map(({ cells }) => cells.map((c) => c?.job ?? null))).toEqual([
      [null, "100", null],
    ]);
  });
});

it("takes its shape from the first picture, or from what is to be made", () => {
  const made = (width: number, height: number) =>
    ({ ...cell(0, 0, 0), asset: { id: "a", width, height } }) as (typeof sheet.cells)[number];
  const none = { ...sheet, cells: [cell(1, 0, 0)] };
  expect(ratioOf({ ...sheet, cells: [cell(1, 0, 0), made(300, 200)] }, () => undefined)).toBe(1.5);
  expect(ratioOf(none, () => ({ width: 512, height: 1024 }) as never)).toBe(0.5);
  expect(ratioOf(none, () => undefined)).toBe(1);
});

it("has a name for each cell", () => {
  expect(placeText(gridOf(sheet, 0, false), { row: 1, column: 2 })).toBe("Strength 0.75, CFG 6");
  const line = { ...sheet, axes: sheet.axes.slice(0, 1) };
  expect(placeText(gridOf(line, 0, false), { row: 0, column: 0 })).toBe("Strength 0.25");
});

it("is walked with arrow keys and not left", () => {
  const at = { row: 0, column: 0 };
  expect(walk("ArrowLeft", at, 2, 3)).toEqual(at);
  expect(walk("ArrowDown", at, 2, 3)).toEqual({ row: 1, column: 0 });
  expect(walk("End", at, 2, 3)).toEqual({ row: 0, column: 2 });
  expect(walk("x", at, 2, 3)).toBeNull();
});

describe("looking closer", () => {
  it("keeps what is under the pointer under it", () => {
    const at = { x: 0.25, y: 0.8 };
    const close = zoomedAt(whole, 4, at);
    const shown = (spot: number, point: number): number => spot + (point - spot) * close.scale;
    expect(shown(close.x, 0.25)).toBeCloseTo(0.25);
    expect(shown(close.y, 0.8)).toBeCloseTo(0.8);
    expect(zoomedAt(close, 0.5, at).scale).toBe(1);
  });
  it("moves with the hand and stays on the picture", () => {
    const close = zoomed(whole, 3);
    expect(panned(close, 0.1, 0).x).toBeCloseTo(0.45);
    expect(panned(close, 9, -9)).toEqual({ scale: 3, x: 0, y: 1 });
    expect(panned(whole, 1, 1)).toBe(whole);
  });
  it("has a slider from whole to largest", () => {
    expect([sliderOf(1), sliderOf(12), scaleOf(0), scaleOf(100)]).toEqual([0, 100, 1, 12]);
    expect(sliderOf(scaleOf(42))).toBe(42);
  });
});

it("says how far it is", () => {
  expect(doneText(sheet)).toBe("Sweep, 4 of 12 done");
  expect(tookOf(sheet)).toBe(2000);
});

it("knows what each cell is doing", () => {
  const job = (state: JobView["state"], on_hold = false): JobView =>
    ({ state, on_hold }) as JobView;
  const waiting = cell(1, 0, 0);
  expect(stateOf(cell(0, 0, 0), undefined)).toBe("done");
  expect(stateOf(waiting, undefined)).toBe("waiting");
  expect(stateOf(waiting, job({ kind: "running" }))).toBe("running");
  expect(stateOf(waiting, job({ kind: "held" }, true))).toBe("held");
  expect(stateOf(waiting, job({ kind: "ended", of: "failed" }))).toBe("failed");
  expect(stateOf(waiting, job({ kind: "ended", of: "cancelled" }))).toBe("cancelled");
  expect(stateOf({ ...waiting, job: null }, undefined)).toBe("none");
  expect(stateOf(null, undefined)).toBe("none");
});

it("knows the values of an axis that turns one knob", () => {
  expect(valuesOnAxis(sheet, 0)).toEqual(["0.25", "0.50", "0.75"]);
  expect(valuesOnAxis(sheet, 1)).toBeNull();
});

describe("ten thousand cells", () => {
  it("have those in sight in the page alone", () => {
    const wide = layoutOf(1000, 10_000, 1, 2, false);
    expect([wide.width, wide.height, wide.wide]).toEqual([96, 48, 10_000 * (96 + GAP) - GAP]);
    const sight = sightOf(500_000, 1000, wide.width + GAP, 10_000);
    expect(sight.to - sight.from).toBeLessThan(20);
    expect(sight.from * (wide.width + GAP)).toBeLessThanOrEqual(500_000);
    expect(sight.to * (wide.width + GAP)).toBeGreaterThanOrEqual(501_000);
    expect(sightOf(0, 1000, 101, 3)).toEqual({ from: 0, to: 3 });
    expect(sightOf(0, 1000, 101, 0)).toEqual({ from: 0, to: 0 });
  });
  it("fill the room where they are few", () => {
    const few = layoutOf(1000, 4, 3, 1, true);
    expect(few.left + 4 * few.width + 3 * GAP).toBeCloseTo(1000);
    expect(few.wide).toBeCloseTo(1000);
  });
  it("are brought into sight by as little as it takes", () => {
    expect(broughtInto(100, 500, 50, 96)).toBe(50);
    expect(broughtInto(100, 500, 200, 96)).toBe(100);
    expect(broughtInto(100, 500, 590, 96)).toBe(186);
  });
});

describe("sweeping closer", () => {
  const of = (json: string[], at: number, whole = false) => {
    const cells = json.map((value, x) => ({
      ...cell(x, 0, 0),
      at: [x],
      values: [{ node: "10", input: "strength", json: value }],
    }));
    const one: SheetView = {
      ...sheet,
      axes: [{ name: "Strength", values: json }],
      whole: [whole],
      cells,
    };
    const found = cells[at];
    return found === undefined ? null : closerOf(one, found);
  };

  it("goes in fifths around the cell", () => {
    expect(of(["0.25", "0.50", "0.75", "1.00"], 2)).toEqual({
      axis: 0,
      low: "0.65",
      high: "0.85",
      values: ["0.65", "0.7", "0.75", "0.8", "0.85"],
    });
    expect(of(["4", "6", "8"], 1)?.values).toEqual(["5.2", "5.6", "6", "6.4", "6.8"]);
  });
  it("goes inwards at the ends of an axis", () => {
    expect(of(["0.5", "1"], 1)?.values).toEqual(["0.6", "0.7", "0.8", "0.9", "1"]);
    expect(of(["0.5", "1"], 0)?.values).toEqual(["0.5", "0.6", "0.7", "0.8", "0.9"]);
  });
  it("stays whole where the knob is, and is not offered where nothing lies between", () => {
    expect(of(["20", "30", "40"], 1, true)?.values).toEqual(["26", "28", "30", "32", "34"]);
    expect(of(["1", "3", "5"], 1, true)?.values).toEqual(["2", "3", "4"]);
    expect(of(["1", "2"], 0, true)).toBeNull();
    expect(of(["1"], 0)).toBeNull();
    expect(of(['"a"', '"b"'], 0)).toBeNull();
  });
  it("keeps every other value of the cell", () => {
    const winner = cell(1, 0, 0);
    const closer = closerOf(sheet, winner);
    const set = { node: "3", input: "cfg", json: "6" };
    const from = { ...sheet, state: { ...sheet.state, values: [set, ...cell(0, 0, 0).values] } };
    expect(valuesOf(from, winner)).toEqual([set, ...winner.values]);
    if (closer === null) throw new Error("it is offered");
    const state = closerState(from, winner, closer);
    expect(state.values).toEqual([set, ...winner.values]);
    expect(state.many).toEqual({
      kind: "sweep",
      axes: [{ knobs, values: { kind: "list", steps: closer.values.map((one) => [one]) } }],
    });
  });
});
