import { describe, expect, it } from "vitest";
import { columnsOf } from "./fixtures";
import { KeySet } from "./key-set";
import { actedOn, choose } from "./selection";

const [a, b, c, d, e] = [50, 40, 30, 20, 10];
const columns = { ...columnsOf([]), count: 5, keys: Uint32Array.from([a, b, c, d, e]) };
const plain = { add: false, range: false };
const chosen = (
  before: number[],
  anchor: number | null,
  pressed: number,
  keys: Parameters<typeof choose>[4],
): number[] => choose(columns, KeySet.of(before), anchor, pressed, keys).toArray();

describe("choose", () => {
  it("chooses one", () => {
    expect(chosen([a, b], a, d, plain)).toEqual([d]);
  });

  it("adds and takes away with Ctrl", () => {
    expect(chosen([a], a, c, { add: true, range: false })).toEqual([c, a]);
    expect(chosen([a, c], c, a, { add: true, range: false })).toEqual([c]);
  });

  it("takes a range with Shift, both ways, and adds it with Ctrl", () => {
    const range = { add: false, range: true };
    expect(chosen([e], b, d, range)).toEqual([d, c, b]);
    expect(chosen([], d, b, range)).toEqual([d, c, b]);
    expect(chosen([e], a, b, { add: true, range: true })).toEqual([e, b, a]);
  });

  it("chooses one if the range has no beginning any more", () => {
    expect(chosen([], 99, c, { add: false, range: true })).toEqual([c]);
  });
});

describe("what keys act on", () => {
  const acted = (selected: number[], focus: number | null): [number[], number | null] => {
    const { all, one } = actedOn(KeySet.of(selected), focus);
    return [all.toArray(), one];
  };

  it("is what is selected, wherever the focus is", () => {
    expect(acted([a], c)).toEqual([[a], a]);
    expect(acted([a, b], null)).toEqual([[b, a], b]);
  });

  it("is, of several, the one with the focus where it can only be one", () => {
    expect(acted([a, b], a)).toEqual([[b, a], a]);
    expect(acted([a, b], c)).toEqual([[b, a], b]);
  });

  it("is what has the focus where nothing is selected", () => {
    expect(acted([], c)).toEqual([[c], c]);
    expect(acted([], null)).toEqual([[], null]);
  });
});
