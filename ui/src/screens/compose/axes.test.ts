import { describe, expect, it } from "vitest";
import type { Axis } from "../../bindings/Axis";
import {
  axisName,
  axisSummary,
  chipText,
  linesAsSteps,
  listed,
  stepsAsLines,
  turnable,
  withoutStep,
  withStep,
  withTyped,
} from "./axes";
import { aboutKnob, emptyState } from "./fixtures";

const cfg = aboutKnob("3", "cfg", { label: "CFG", json: "6.0" });
const list = (...values: string[]) => ({
  kind: "list" as const,
  steps: values.map((value) => [value]),
});
const swept = (axis: Axis) => emptyState({ many: { kind: "sweep", axes: [axis] } });
const knobs = [{ node: "3", input: "cfg" }];

describe("a knob that is an axis", () => {
  it.each([
    [list("4", "6.0", "8"), "4, 6.0, 8", "3 values"],
    [list("1", "2", "3", "4"), "1 to 4", "4 values"],
    [{ kind: "range" as const, text: "0.25..1 step 0.25" }, "0.25 to 1", "4 values"],
    [{ kind: "replace" as const, find: "red", with: ["blue"] }, "“red” becomes …", "2 texts"],
    [{ kind: "presets" as const, names: ["a"] }, "a", "1 preset"],
  ])("shows %j", (values, text, counted) => {
    expect(axisSummary(swept({ knobs, values }), 0, cfg, null)).toEqual({ text, count: counted });
  });
  it("shows nothing when it is none", () => {
    expect(axisSummary(emptyState(), 0, cfg, null).text).toBe("");
  });
});

it("is named by what it turns", () => {
  expect(axisName({ knobs, values: list() }, [cfg])).toBe("CFG");
  expect(axisName({ knobs: [{ node: "9", input: "x" }], values: list() }, [])).toBe("9 x");
  expect(axisName({ knobs: [], values: { kind: "presets", names: [] } }, [])).toBe("Presets");
});

describe("typed values", () => {
  it("are added, once each, with their digits", () => {
    expect(withTyped(list("4"), "6, 4, 8", false)).toEqual(list("4", "6", "8"));
    expect(withTyped(list(), "18446744073709551615", true)).toEqual(list("18446744073709551615"));
  });
  it("may be a range, which stays as it is typed where nothing else is there", () => {
    const range = { kind: "range", text: "0.25..1 step 0.25" };
    expect(withTyped(list(), " 0.25..1 step 0.25 ", false)).toEqual(range);
    expect(withTyped(list("1"), "2..3", true)).toEqual(list("1", "2", "3"));
    expect(listed({ kind: "range", text: "1..3" }, true)).toEqual(list("1", "2", "3"));
  });
  it.each(["", "x", "1..x", "1.5"])("%j is refused where whole numbers go in", (typed) =>
    expect(withTyped(list(), typed, true)).toBeNull(),
  );
});

it("adds and removes steps", () => {
  expect(withStep(list('"a"'), '"a"')).toEqual(list('"a"'));
  expect(withStep(list('"a"'), '"b"')).toEqual(list('"a"', '"b"'));
  expect(withoutStep(list("1", "2"), 0)).toEqual(list("2"));
});

it("takes texts one a line", () => {
  expect(linesAsSteps("a\n\n b ")).toEqual([['"a"'], ['"b"']]);
  expect(stepsAsLines(list('"a\\nb"', '"c"'))).toBe("a b\nc");
});

it("turns what is set here", () => {
  const linked = aboutKnob("1", "x", { linked: "y" });
  expect(turnable([cfg, linked, aboutKnob("1", "j", { kind: { type: "json" } })])).toEqual([cfg]);
});

it("writes chips shortly", () => {
  expect([chipText("0.50"), chipText('"a b"'), chipText("true")]).toEqual(["0.50", "a b", "true"]);
});
