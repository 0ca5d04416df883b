import { expect, it } from "vitest";
import { columnsOf } from "./fixtures";
import { frameOf, within } from "./lasso";
import { justify } from "./layout";

const options = { width: 800, rowHeight: 200, gap: 4, dayHeight: 34 };
/** Rows of four squares of 197 pixels, below a heading of 34. */
const cells = columnsOf(Array.from({ length: 10 }, () => ({ at: Date.UTC(2026, 1, 1, 12) })));
const layout = justify(cells, options);
const touched = (ax: number, ay: number, bx: number, by: number): number[] =>
  within(cells, layout, options, frameOf({ x: ax, y: ay }, { x: bx, y: by }));

it("takes what the frame touches, drawn in any direction", () => {
  expect(touched(100, 100, 300, 120)).toEqual([1, 2]);
  expect(touched(300, 300, 100, 100)).toEqual([1, 2, 5, 6]);
  expect(touched(0, 0, 800, 2000)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

it("takes nothing in gaps, over headings and without pictures", () => {
  expect(touched(0, 0, 800, 20)).toEqual([]);
  expect(touched(198, 100, 200, 120)).toEqual([]);
  const none = columnsOf([]);
  expect(
    within(none, justify(none, options), options, frameOf({ x: 0, y: 0 }, { x: 9, y: 9 })),
  ).toEqual([]);
});
