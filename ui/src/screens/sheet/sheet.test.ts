import { describe, expect, it } from "vitest";
import type { JobView } from "../../bindings/JobView";
import type { SheetView } from "../../bindings/SheetView";
import { emptyState } from "../compose/fixtures";
import {
  doneText,
  gridOf,
  panned,
  scaleOf,
  sliderOf,
  stateOf,
  stepsOf,
  tookOf,
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
  cells: [0, 1].flatMap((z) => [0, 1].flatMap((y) => [0, 1, 2].map((x) => cell(x, y, z)))),
  workflow: "w",
  state: emptyState({
    many: { kind: "sweep", axes: [{ knobs, values: { kind: "range", text: "0.25..0.75" } }] },
  }),
};

describe("the grid", () => {
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
  expect(stateOf(null, undefined)).toBe("none");
});

it("is extended by values that it has not", () => {
  expect(valuesOnAxis(sheet, 0)).toEqual(["0.25", "0.50", "0.75"]);
  expect(valuesOnAxis(sheet, 1)).toBeNull();
  expect(stepsOf("0.85, 0.25", ["0.25"])).toEqual([["0.85"]]);
  expect(stepsOf("1..3", ["1", "2"])).toEqual([["3"]]);
  expect(stepsOf("0.5", ["1", "2"])).toBeNull();
  expect(stepsOf("b\na", ['"a"'])).toEqual([['"b"']]);
  expect(stepsOf("x", ["true"])).toBeNull();
});
