import { describe, expect, it } from "vitest";
import { KeySet } from "./key-set";

describe("KeySet", () => {
  it("holds keys of any size once", () => {
    const keys = [0, 31, 32, 65_535, 65_536, 4_294_967_295];
    const set = KeySet.of([...keys, 31]);
    expect(set.size).toBe(keys.length);
    expect(set.toArray()).toEqual(keys);
    expect(keys.every((key) => set.has(key))).toBe(true);
    expect([1, 33, 65_537, 4_294_967_294].some((key) => set.has(key))).toBe(false);
  });

  it("is not changed by what is made from it", () => {
    const set = KeySet.of([1, 2]);
    expect(set.with([3]).without([1]).toggled(2).toggled(5).toArray()).toEqual([3, 5]);
    expect(set.toArray()).toEqual([1, 2]);
    expect(set.without([7, 70_000]).size).toBe(2);
    expect(KeySet.EMPTY.size).toBe(0);
  });

  it("has what two sets have in common", () => {
    const set = KeySet.of([1, 2, 31, 70_000]);
    expect(set.and(KeySet.of([2, 3, 31, 70_001, 140_000])).toArray()).toEqual([2, 31]);
    expect([set.and(KeySet.EMPTY).size, KeySet.EMPTY.and(set).size, set.and(set).size]).toEqual([
      0, 0, 4,
    ]);
  });

  it("takes a million", () => {
    const keys = Uint32Array.from({ length: 1_000_000 }, (_, at) => at * 3);
    const set = KeySet.of(keys);
    expect(set.size).toBe(1_000_000);
    expect(set.without(keys.subarray(1)).toArray()).toEqual([0]);
  });
});
