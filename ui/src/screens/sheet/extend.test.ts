import { describe, expect, it } from "vitest";
import type { Axis } from "../../bindings/Axis";
import type { SheetView } from "../../bindings/SheetView";
import { emptyState } from "../compose/fixtures";
import { type Column, columnsOf, stepsOf, wayOf, wordsOf } from "./extend";

const sheetOf = (axis: Axis, steps: readonly (readonly string[])[]): SheetView =>
  ({
    cells: steps.map((step, at) => ({
      at: [at],
      values: axis.knobs.map((key, nth) => ({ ...key, json: step[nth] ?? "" })),
    })),
    state: emptyState({ many: { kind: "sweep", axes: [axis] } }),
  }) as unknown as SheetView;
const knob = (input: string) => ({ node: "10", input });
const list = (...steps: string[][]): Axis["values"] => ({ kind: "list", steps });
const column = (kind: Column["kind"], ...known: string[]): Column => ({
  knobs: [knob("a")],
  kind,
  known,
});
const listed = (inputs: string[], ...steps: string[][]): Column[] | null =>
  columnsOf(sheetOf({ knobs: inputs.map(knob), values: list(...steps) }, steps), 0);

describe("an axis", () => {
  it("of several knobs takes a value for each", () => {
    const columns = listed(["a", "b"], ["1", '"x"'], ["2", '"y"']);
    expect(columns?.map(({ kind, known }) => [kind, known])).toEqual([
      ["whole", ["1", "2"]],
      ["text", ['"x"', '"y"']],
    ]);
    expect(stepsOf(columns ?? [], ["1", "y"])).toEqual([["1", '"y"']]);
    expect(stepsOf(columns ?? [], ["2", "y"])).toBeNull();
    expect(stepsOf(columns ?? [], ["1..3", "y"])).toBeNull();
    expect(stepsOf(columns ?? [], ["1", ""])).toBeNull();
    expect(stepsOf(columns ?? [], ["4", ""], [null, '"z.safetensors"'])).toEqual([
      ["4", '"z.safetensors"'],
    ]);
  });

  it("that turns several knobs by a range turns them alike", () => {
    const range: Axis = { knobs: [knob("a"), knob("b")], values: { kind: "range", text: "1..2" } };
    const columns = columnsOf(
      sheetOf(range, [
        ["1", "1"],
        ["2", "2"],
      ]),
      0,
    );
    expect(columns).toHaveLength(1);
    expect(stepsOf(columns ?? [], ["3"])).toEqual([["3", "3"]]);
  });

  it("of yes and no takes the one that is not there, and none where both are", () => {
    expect(listed(["a"], ["true"])).toHaveLength(1);
    expect(listed(["a"], ["true"], ["false"])).toBeNull();
    expect(listed(["a", "b"], ["true", "1"], ["false", "1"])).toHaveLength(2);
    expect(stepsOf([column("boolean", "true")], ["false"])).toEqual([["false"]]);
  });

  it("of presets takes presets, of replaced words words, and of wordings none", () => {
    const way = (axis: Axis, ...labels: string[]) => {
      const sheet = sheetOf(axis, []);
      return wayOf({ ...sheet, axes: [{ name: "Axis", values: labels }] }, 0);
    };
    expect(way({ knobs: [], values: { kind: "presets", names: ["A"] } }, "A", "B")).toEqual({
      kind: "presets",
      known: ["A", "A", "B"],
    });
    const replaced = { kind: "replace", find: "x", with: ["y"] } as const;
    const values = { ...replaced, with: [...replaced.with] };
    const words = way({ knobs: [knob("a")], values }, "x", "y", "z");
    expect(words).toMatchObject({ kind: "replace", find: "x" });
    const known = words?.kind === "replace" ? words.known : [];
    expect(wordsOf("y\n\nw\nz\nw\nx", known)).toEqual(["w"]);
    expect(way({ knobs: [knob("a")], values: { kind: "wordings" } })).toEqual({ kind: "wordings" });
    const both = sheetOf({ knobs: [knob("a")], values: list(["true"], ["false"]) }, [
      ["true"],
      ["false"],
    ]);
    expect(wayOf({ ...both, axes: [] }, 0)).toBeNull();
  });

  it("of lists takes lists, one a line, however they are written", () => {
    const columns = listed(["a"], ['["fox","owl"]'], ['"fox"'], ["[]"]);
    expect(columns?.map(({ kind }) => kind)).toEqual(["list"]);
    const lists = '["fox", "owl"]\n\n [ "owl" ]\n["owl"]\n[18446744073709551615]';
    expect(stepsOf(columns ?? [], [lists])).toEqual([['["owl"]'], ["[18446744073709551615]"]]);
    for (const wrong of ["", "[", '"owl"', '["owl"]\nowl', "[]"])
      expect(stepsOf(columns ?? [], [wrong])).toBeNull();
    expect(stepsOf(columns ?? [], [""], ['["owl", "fox"]'])).toHaveLength(1);
    const both = listed(["a", "b"], ['["fox"]', "1"]);
    expect(stepsOf(both ?? [], ['["owl"]', "1"])).toEqual([['["owl"]', "1"]]);
  });

  it("takes values that it has not", () => {
    expect(stepsOf([column("number", "0.25")], ["0.85, 0.25"])).toEqual([["0.85"]]);
    expect(stepsOf([column("whole", "1", "2")], ["1..3"])).toEqual([["3"]]);
    expect(stepsOf([column("whole", "1", "2")], ["0.5"])).toBeNull();
    expect(stepsOf([column("text", '"a"')], ["b"])).toEqual([['"b"']]);
    expect(stepsOf([column("text", '"a"')], ["a"])).toBeNull();
  });
});
