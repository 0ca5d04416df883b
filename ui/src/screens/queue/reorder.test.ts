import { describe, expect, it } from "vitest";
import { beforeAt, gapAt, gapBy } from "./reorder";

const ids = ["a", "b", "c", "d"];

describe("gapAt", () => {
  it.each([
    [-20, 0],
    [0, 0],
    [23, 0],
    [25, 1],
    [96, 2],
    [1000, 4],
  ])("at %i pixels is gap %i", (y, gap) => expect(gapAt(y, 48, 4)).toBe(gap));
});

describe("beforeAt", () => {
  it.each([
    [["d"], 0, "a"],
    [["a"], 2, "c"],
    [["a"], 4, null],
    [["a", "c"], 4, null],
    [["b", "d"], 1, "c"],
    [["a"], 0, undefined],
    [["a"], 1, undefined],
    [["d"], 4, undefined],
  ])("moves %j to gap %i before %s", (moving, gap, before) =>
    expect(beforeAt(ids, new Set(moving), gap)).toBe(before),
  );
});

describe("gapBy", () => {
  it("goes one step up or down, and stays at the ends", () => {
    expect(beforeAt(ids, new Set(["b"]), gapBy(ids, new Set(["b"]), -1))).toBe("a");
    expect(beforeAt(ids, new Set(["b"]), gapBy(ids, new Set(["b"]), 1))).toBe("d");
    expect(beforeAt(ids, new Set(["c"]), gapBy(ids, new Set(["c"]), 1))).toBeNull();
    expect(beforeAt(ids, new Set(["a"]), gapBy(ids, new Set(["a"]), -1))).toBeUndefined();
    expect(beforeAt(ids, new Set(["d"]), gapBy(ids, new Set(["d"]), 1))).toBeUndefined();
  });
});
