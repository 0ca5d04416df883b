/** What an axis of a sweep turns, and to what, for people and for its editor. Pure. */
import type { Axis } from "../../bindings/Axis";
import type { AxisValues } from "../../bindings/AxisValues";
import type { ComposeState } from "../../bindings/ComposeState";
import type { KnobKind } from "../../bindings/KnobKind";
import type { KnobView } from "../../bindings/KnobView";
import { count } from "../../lib/format";
import { plain } from "../../lib/value";
import { meantAs } from "./controls/several";
import { isRange, numberJson, rangeValues } from "./exact";
import { shortValue } from "./layout";
import { knobAt } from "./state";

/** "LoRA strength, CFG": what an axis turns. */
export const axisName = ({ knobs, values }: Axis, all: readonly KnobView[]): string =>
  values.kind === "presets" && knobs.length === 0
    ? "Presets"
    : knobs.map((key) => knobAt(all, key)?.label ?? `${key.node} ${key.input}`).join(", ");

/** A value as its chip shows it. */
export const chipText = (json: string): string => shortValue(json);

/** "4, 6, 8" and "3 values", or "0.25 to 1" and "4": what a knob shows that is an axis. */
export function axisSummary(
  state: ComposeState,
  at: number,
  knob: KnobView,
  labels: readonly string[] | null,
): { text: string; count: string } {
  const axis = state.many.kind === "sweep" ? state.many.axes[at] : undefined;
  if (axis === undefined) return { text: "", count: "" };
  const { values } = axis;
  if (values.kind === "list") {
    const column = axis.knobs.findIndex(
      (key) => key.node === knob.node && key.input === knob.input,
    );
    const texts = values.steps.map((step) => chipText(step[column] ?? ""));
    return { text: short(texts), count: count(texts.length, "value") };
  }
  if (values.kind === "range") {
    const texts = rangeValues(values.text) ?? labels ?? [];
    return {
      text: texts.length === 0 ? values.text : short(texts),
      count: count(texts.length, "value"),
    };
  }
  if (values.kind === "replace")
    return { text: `“${values.find}” becomes …`, count: count(values.with.length + 1, "text") };
  if (values.kind === "wordings") {
    const texts = labels ?? [];
    return { text: short(texts), count: texts.length === 0 ? "" : count(texts.length, "text") };
  }
  return { text: short(values.names), count: count(values.names.length, "preset") };
}

/** A few values as they are, many by their ends. */
function short(texts: readonly string[]): string {
  if (texts.length <= 3) return texts.join(", ");
  if (texts.every((text) => text === texts[0])) return texts[0] ?? "";
  return `${texts[0]} to ${texts.at(-1)}`;
}

/** What typed text adds to an axis of numbers; nothing, if it means none. */
export function withTyped(values: AxisValues, typed: string, whole: boolean): AxisValues | null {
  const text = typed.trim();
  if (text === "") return null;
  const empty = values.kind !== "list" || values.steps.length === 0;
  if (isRange(text) && empty) return rangeValues(text) === null ? null : { kind: "range", text };
  const found = rangeValues(text)?.map((one) => numberJson(one, whole));
  if (found === undefined || found.includes(null)) return null;
  const steps = values.kind === "list" ? values.steps : [];
  const fresh = found.filter(
    (json): json is string => json !== null && !steps.some(([known]) => known === json),
  );
  return { kind: "list", steps: [...steps, ...fresh.map((json) => [json])] };
}

/** With one more step of a list; a value that is there already is not added again. */
export function withStep(values: AxisValues, json: string): AxisValues {
  const steps = values.kind === "list" ? values.steps : [];
  if (steps.some(([known, ...rest]) => rest.length === 0 && known === json)) return values;
  return { kind: "list", steps: [...steps, [json]] };
}

export const withoutStep = (values: AxisValues, at: number): AxisValues =>
  values.kind === "list" ? { kind: "list", steps: values.steps.toSpliced(at, 1) } : values;

/** A range as a list, so that single values of it can be taken out. */
export function listed(values: AxisValues, whole: boolean): AxisValues {
  if (values.kind !== "range") return values;
  const found = rangeValues(values.text)?.map((one) => numberJson(one, whole));
  if (found === undefined || found.includes(null)) return values;
  return { kind: "list", steps: found.map((json) => [json ?? ""]) };
}

/** What a text means as a value of a knob; nothing where it is none, or none yet. */
export function cellMeans(kind: KnobKind | undefined, text: string): string | null {
  if (kind?.type === "text") return JSON.stringify(text);
  if (kind?.type === "int" || kind?.type === "float") return numberJson(text, kind.type === "int");
  if (kind?.type === "several") return meantAs(text, kind.types);
  if (kind?.type === "boolean") return ["true", "false"].includes(text.trim()) ? text.trim() : null;
  return null;
}

/** What was typed as a value of a knob; a text where it is none, for the engine to refuse. */
export const cellJson = (kind: KnobKind | undefined, text: string): string =>
  cellMeans(kind, text) ?? JSON.stringify(text);

/** Texts, one a line, as steps; empty lines are left out. */
export const linesAsSteps = (text: string): string[][] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => [JSON.stringify(line)]);

/** Steps as texts, one a line. */
export const stepsAsLines = (values: AxisValues): string =>
  values.kind === "list"
    ? values.steps.map(([json = '""']) => plain(json).replace(/\s*\n\s*/g, " ")).join("\n")
    : "";

/** Knobs that an axis can turn. */
export const turnable = (knobs: readonly KnobView[]): KnobView[] =>
  knobs.filter(({ linked, kind }) => linked === null && kind.type !== "json");
