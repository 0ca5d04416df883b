import { describe, expect, it } from "vitest";
import { CellCache, KEPT, PAGE } from "./cell-cache";
import { cellOf } from "./fixtures";

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, at) => from + at);

describe("CellCache", () => {
  it("asks for what is unknown, once, in pages", () => {
    const cache = new CellCache();
    cache.put([cellOf(1)], cache.revision);
    expect(cache.wanted([1, 2, 3])).toEqual([[2, 3]]);
    expect(cache.wanted([1, 2, 3, 4])).toEqual([[4]]);
    expect(cache.wanted(range(10, 10 + PAGE + 5)).map((page) => page.length)).toEqual([PAGE, 5]);
  });

  it("asks again after a failure", () => {
    const cache = new CellCache();
    expect(cache.wanted([5])).toEqual([[5]]);
    cache.failed([5]);
    expect(cache.wanted([5])).toEqual([[5]]);
  });

  it("shows what is outdated, and asks for it when it is looked at", () => {
    const cache = new CellCache();
    cache.put([cellOf(1), cellOf(2)], cache.revision);
    cache.outdate();
    expect(cache.get(1)?.key).toBe(1);
    expect(cache.wanted([1])).toEqual([[1]]);
    cache.put([cellOf(1, { rating: 5 })], cache.revision);
    expect(cache.wanted([1, 2])).toEqual([[2]]);
    expect(cache.get(1)?.rating).toBe(5);
  });

  it("asks again for what was asked for before the library changed", () => {
    const cache = new CellCache();
    const { revision } = cache;
    expect(cache.wanted([1, 2])).toEqual([[1, 2]]);
    cache.outdate();
    cache.put([cellOf(1)], revision);
    expect(cache.get(1)?.rating).toBe(0);
    expect(cache.wanted([1, 2])).toEqual([[1, 2]]);
    cache.put([cellOf(1, { rating: 5 })], cache.revision);
    // The answer from before comes last.
    cache.put([cellOf(1), cellOf(2)], revision);
    expect(cache.get(1)?.rating).toBe(5);
    expect(cache.wanted([1])).toEqual([]);
  });

  it("lets go of what was not looked at for longest", () => {
    const cache = new CellCache();
    cache.put(
      range(0, KEPT).map((key) => cellOf(key)),
      cache.revision,
    );
    cache.wanted([0]);
    cache.put([cellOf(KEPT)], cache.revision);
    expect(cache.get(0)).toBeDefined();
    expect(cache.get(1)).toBeUndefined();
    expect(cache.get(KEPT)).toBeDefined();
  });

  it("finds by id, and shows marks at once", () => {
    const cache = new CellCache();
    cache.put([cellOf(4)], cache.revision);
    cache.change([4, 5], (cell) => ({ ...cell, favourite: true }));
    expect(cache.byId("id-4")?.favourite).toBe(true);
    expect(cache.byId("id-5")).toBeUndefined();
  });
});
