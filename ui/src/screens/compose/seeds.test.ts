import { describe, expect, it } from "vitest";
import { aboutKnob, emptyState } from "./fixtures";
import { seedAfter, seedsAfter } from "./seeds";
import { valueOf, withKnobAsAxis, withRule, withValue } from "./state";

const LARGEST = 0xffff_ffff_ffff_ffffn;
const bounds = (max: string | null) => ({ type: "int" as const, min: "0", max, step: null });
const seed = aboutKnob("3", "seed", { role: "seed", json: "7", kind: bounds(null) });
const small = aboutKnob("4", "seed", { role: "seed", json: "2", kind: bounds("5") });
const knobs = [seed, small];

describe("a seed", () => {
  // As the engine's own tests have it.
  it.each([
    ["increment", LARGEST - 1n, 1n, LARGEST, LARGEST],
    ["increment", LARGEST - 1n, 2n, LARGEST, 0n],
    ["increment", LARGEST, LARGEST, LARGEST, LARGEST - 1n],
    ["increment", 3n, 3n, 5n, 0n],
    ["increment", 3n, 6n, 5n, 3n],
    ["increment", 9n, 1n, 5n, 0n],
    ["increment", 0n, 7n, 0n, 0n],
    ["decrement", 2n, 2n, 5n, 0n],
    ["decrement", 2n, 3n, 5n, 5n],
    ["decrement", 0n, 1n, LARGEST, LARGEST],
  ] as const)("by %s from %d after %d runs, of %d at most, is %d", (rule, start, runs, max, to) => {
    expect(seedAfter(start, rule, runs, max)).toBe(to);
  });
});

describe("after queueing", () => {
  const up = withRule(withRule(emptyState(), seed, "increment"), small, "decrement");

  it("seeds that count stand behind the last run, and others stay", () => {
    const next = seedsAfter(up, knobs, 4n)(up);
    expect([valueOf(next, seed), valueOf(next, small)]).toEqual(["11", "4"]);
    const random = withRule(emptyState(), seed, "random");
    expect(seedsAfter(random, knobs, 4n)(random)).toBe(random);
    const largest = withValue(up, seed, LARGEST.toString());
    expect(valueOf(seedsAfter(largest, knobs, 1n)(largest), seed)).toBe("0");
  });

  it("seeds that are one number go on as one, within the least limit", () => {
    const both = withRule(withRule(emptyState(), seed, "increment"), small, "increment");
    const together = { ...both, seeds_together: true };
    const next = seedsAfter(together, knobs, 1n)(together);
    // 7 counts as 5, the most of the smaller.
    expect([valueOf(next, seed), valueOf(next, small)]).toEqual(["0", "0"]);
  });

  it("a seed that is an axis stays", () => {
    const swept = withKnobAsAxis(up, seed);
    expect(valueOf(seedsAfter(swept, knobs, 1n)(swept), seed)).toBe("7");
  });

  it("what was typed as the seed meanwhile stays", () => {
    const on = seedsAfter(up, knobs, 1n);
    expect(valueOf(on(withValue(up, seed, "100")), seed)).toBe("100");
    expect(valueOf(on(withRule(up, seed, "fixed")), seed)).toBe("7");
  });
});
