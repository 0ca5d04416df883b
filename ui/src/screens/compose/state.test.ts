import { describe, expect, it } from "vitest";
import { aboutKnob, emptyState } from "./fixtures";
import { halvesOf, withText } from "./halves";
import {
  axisFor,
  axisOf,
  changedValues,
  counting,
  countOf,
  keyOf,
  ruleOf,
  valueOf,
  withAxesSwapped,
  withKnobAsAxis,
  withKnobOnAxis,
  withMany,
  withoutAxis,
  withRule,
  withSkipped,
  withValue,
  withValues,
} from "./state";

const LARGEST = "18446744073709551615";
const seed = aboutKnob("3", "seed", { role: "seed", json: "771204" });
const cfg = aboutKnob("3", "cfg", { json: "6.0" });
const linked = aboutKnob("3", "steps", { linked: "Steps, node 9" });

describe("values", () => {
  it("are the workflow's until they are changed, and again when they are changed back", () => {
    const first = emptyState();
    expect(valueOf(first, seed)).toBe("771204");
    const changed = withValue(first, seed, LARGEST);
    expect(valueOf(changed, seed)).toBe(LARGEST);
    expect(first.values).toEqual([]);
    expect(withValue(changed, seed, LARGEST)).toBe(changed);
    expect(withValue(changed, seed, "771204").values).toEqual([]);
    expect(withValue(first, seed, "771204")).toBe(first);
  });

  it("from elsewhere leave out what is linked or gone", () => {
    const values = [
      { node: "3", input: "cfg", json: "7.5" },
      { node: "3", input: "steps", json: "9" },
      { node: "99", input: "seed", json: "1" },
    ];
    const { state, left } = withValues(emptyState(), [seed, cfg, linked], values);
    expect(state.values).toEqual([values[0]]);
    expect(left).toEqual(values.slice(1));
    expect(changedValues(state, [seed])).toEqual([]);
  });
});

describe("knobs that options bring", () => {
  const of = (input: string, choice: string, option: string): ReturnType<typeof aboutKnob> =>
    aboutKnob("1", input, { absent: true, when: { input: choice, json: JSON.stringify(option) } });
  const knobs = [
    aboutKnob("1", "model", { json: '"small"' }),
    { ...of("model.size", "model", "small"), json: "96" },
    { ...of("model.size", "model", "large"), json: '"1K"' },
    { ...of("model.mode", "model", "large"), json: '"plain"' },
    of("model.mode.passes", "model.mode", "fine"),
  ];
  const shown = (given: Record<string, string>): string[] =>
    counting(knobs, (key) => given[key]).map(({ input, json }) => `${input} ${json}`);
  const key = (input: string): string => keyOf({ node: "1", input });

  it("count with their option alone, through choices within each other", () => {
    expect(shown({})).toEqual(['model "small"', "model.size 96"]);
    const large = { [key("model")]: '"large"' };
    const first = ['model "small"', 'model.size "1K"', 'model.mode "plain"'];
    expect(shown(large)).toEqual(first);
    expect(shown({ ...large, [key("model.mode")]: '"fine"' })).toEqual([
      ...first,
      "model.mode.passes 1",
    ]);
    // What was chosen within another option waits for it.
    expect(shown({ [key("model.mode")]: '"fine"' })).toEqual(['model "small"', "model.size 96"]);
  });

  it("are the same list where no option brings any", () => {
    expect(counting([seed, cfg], () => undefined)).toEqual([seed, cfg]);
    const endless = [aboutKnob("1", "a", { when: { input: "a", json: "1" } })];
    expect(counting(endless, () => undefined)).toEqual([]);
  });
});

it("names only seeds that change", () => {
  const random = withRule(emptyState(), seed, "random");
  expect(random.seeds).toEqual([{ node: "3", input: "seed", rule: "random" }]);
  expect(ruleOf(random, seed)).toBe("random");
  expect(withRule(random, seed, "fixed").seeds).toEqual([]);
});

it("skips nodes once", () => {
  const twice = withSkipped(withSkipped(emptyState(), "18", true), "18", true);
  expect(twice.skipped).toEqual(["18"]);
  expect(withSkipped(twice, "18", false).skipped).toEqual([]);
});

describe("axes", () => {
  const one = withKnobAsAxis(emptyState(), cfg);
  it("begin with the knob's value, and are X, Y, Z in the order they were made", () => {
    expect(one.many).toEqual({ kind: "sweep", axes: [axisFor(emptyState(), cfg)] });
    const two = withKnobAsAxis(one, seed);
    expect([axisOf(two, cfg), axisOf(two, seed), axisOf(two, linked)]).toEqual([0, 1, null]);
    expect(axisOf(withAxesSwapped(two), cfg)).toBe(1);
    expect(withAxesSwapped(one)).toBe(one);
    expect(withKnobAsAxis(two, cfg)).toBe(two);
  });

  it("are three at most", () => {
    const knobs = ["a", "b", "c", "d"].map((input) => aboutKnob("1", input));
    const full = knobs.reduce(withKnobAsAxis, emptyState());
    expect(full.many.kind === "sweep" ? full.many.axes.length : 0).toBe(3);
    expect(axisOf(full, knobs[3] ?? cfg)).toBeNull();
  });

  it("may turn several knobs together", () => {
    const both = withKnobOnAxis(one, 0, seed);
    expect(both.many).toEqual({
      kind: "sweep",
      axes: [
        {
          knobs: [
            { node: "3", input: "cfg" },
            { node: "3", input: "seed" },
          ],
          values: { kind: "list", steps: [["6.0", "771204"]] },
        },
      ],
    });
    expect(withoutAxis(both, cfg).many).toEqual({
      kind: "sweep",
      axes: [axisFor(emptyState(), seed)],
    });
    expect(withoutAxis(one, cfg).many).toEqual({ kind: "sweep", axes: [] });
  });
});

it("leaves what is typed to be added at an axis when the sweep is turned off, and half a value when on", () => {
  const sweep = withKnobAsAxis(emptyState(), cfg);
  const typed = withText(withText(sweep, cfg, "4,,x"), seed, "12e");
  const batch = { kind: "batch", count: 4, lines: null, pictures: [] } as const;
  for (const many of [{ kind: "single" } as const, { ...batch, pictures: [] }]) {
    const off = withMany(typed, many);
    expect(off.typed).toEqual([{ node: "3", input: "seed", text: "12e" }]);
    expect(halvesOf(off, [cfg, seed], (knob) => knob.json).has(keyOf(cfg))).toBe(false);
    expect(withMany(withText(off, cfg, "6."), sweep.many).typed).toEqual(off.typed);
  }
  expect(withMany(typed, { kind: "sweep", axes: [] }).typed).toHaveLength(1);
  expect(withAxesSwapped(withKnobAsAxis(typed, linked)).typed).toEqual(typed.typed);
});

it("counts jobs where it can", () => {
  const batch = { kind: "batch", count: 4, lines: null, pictures: [] } as const;
  expect(countOf(emptyState())).toBe(1);
  const lines = { node: "6", input: "text", text: "a\n\n  \nb" };
  expect(countOf(withMany(emptyState(), { ...batch, lines, pictures: [] }))).toBe(8);
  expect(countOf(withKnobAsAxis(emptyState(), cfg))).toBeNull();
  expect(countOf(emptyState({ wording: "all" }))).toBeNull();
});

it("tells knobs apart whatever their names hold", () => {
  expect(keyOf({ node: "1", input: "2,3" })).not.toBe(keyOf({ node: "1,2", input: "3" }));
});
