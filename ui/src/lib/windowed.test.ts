import { describe, expect, it } from "vitest";
import { inSight, rowAt, scrollFor, tops } from "./windowed";

const starts = tops([10, 20, 30, 40]);

it("adds heights up", () => {
  expect(starts).toEqual([0, 10, 30, 60, 100]);
  expect(tops([])).toEqual([0]);
});

it.each([
  [-5, 0],
  [0, 0],
  [9, 0],
  [10, 1],
  [59, 2],
  [60, 3],
  [500, 3],
])("at %i stands row %i", (y, row) => expect(rowAt(starts, y)).toBe(row));

describe("what is in sight", () => {
  it("is every row that touches it, and the spare ones that exist", () => {
    expect(inSight(starts, 0, 100, 0)).toEqual({ from: 0, to: 4 });
    expect(inSight(starts, 12, 10, 0)).toEqual({ from: 1, to: 2 });
    expect(inSight(starts, 12, 20, 1)).toEqual({ from: 0, to: 4 });
    expect(inSight([0], 0, 100, 6)).toEqual({ from: 0, to: 0 });
  });

  it("is few of many", () => {
    const many = tops(Array.from({ length: 5000 }, (_, at) => 20 + (at % 7)));
    const { from, to } = inSight(many, 40_000, 800, 6);
    expect(to - from).toBeLessThan(60);
    expect(many[from + 6]).toBeLessThanOrEqual(40_000);
    expect(many[to - 6]).toBeGreaterThanOrEqual(40_800);
  });
});

it("scrolls no further than it must", () => {
  expect(scrollFor(starts, 1, 0, 50)).toBe(0);
  expect(scrollFor(starts, 2, 0, 50)).toBe(10);
  expect(scrollFor(starts, 0, 20, 50)).toBe(0);
  expect(scrollFor(starts, 3, 0, 30)).toBe(60);
});
