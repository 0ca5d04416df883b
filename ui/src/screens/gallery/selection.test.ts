import { describe, expect, it } from "vitest";
import { columnsOf } from "./fixtures";
import { KeySet } from "./key-set";
import { actedOn, choose, follow, lookedAt, expanded } from "./selection";

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

describe("a choice when the focus moves", () => {
  const followed = (selected: number[], focus: number | null): number[] =>
    follow(KeySet.of(selected), focus).toArray();

  it("goes along if it is exactly one", () => {
    expect(followed([a], c)).toEqual([c]);
    expect(followed([a], a)).toEqual([a]);
    expect(followed([a], null)).toEqual([a]);
  });

  it("stays if it is several, and is none if it was none", () => {
    expect(followed([a, b], c)).toEqual([b, a]);
    expect(followed([], c)).toEqual([]);
  });
});

describe("what the panel shows", () => {
  const shown = (selected: number[], focus: number | null): number | null =>
    lookedAt(KeySet.of(selected), focus);

  it("is the one that is chosen, which keys act on, and beside several what has the focus", () => {
    expect(shown([a], c)).toBe(a);
    expect(shown([a, b], c)).toBe(c);
    expect(shown([], c)).toBe(c);
    expect(shown([], null)).toBeNull();
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

it.each([
  [[1, 2], [], [], [1, 2]],
  [[5, 1, 2], [1], [1, 12, 11], [5, 1, 12, 11, 2]],
  [
    [1, 2, 3],
    [1, 3],
    [1, 12, 3, 14, 13],
    [1, 12, 2, 3, 14, 13],
  ],
  [[2, 1, 11], [1], [1, 12, 11], [2, 1, 12, 11]],
  [[2, 1], [1], [], [2, 1]],
])("stacks stand in their places: %j with %j as %j", (keys, stacks, within, all) => {
  expect(expanded(keys, new Set(stacks), within)).toEqual(all);
});
