/** Reading and changing what the artist has set up. Nothing is changed in place. Pure. */
import type { Axis } from "../../bindings/Axis";
import type { ComposeState } from "../../bindings/ComposeState";
import type { KnobKey } from "../../bindings/KnobKey";
import type { KnobValue } from "../../bindings/KnobValue";
import type { KnobView } from "../../bindings/KnobView";
import type { Many } from "../../bindings/Many";
import type { SeedRule } from "../../bindings/SeedRule";

/** Keys are asked for with each key press, of hundreds of knobs. */
const keys = new WeakMap<KnobKey, string>();

/** One text for a knob, for maps and for the page. */
export function keyOf(knob: KnobKey): string {
  let key = keys.get(knob);
  if (key === undefined) {
    key = JSON.stringify([knob.node, knob.input]);
    keys.set(knob, key);
  }
  return key;
}

/** The artist's values by knob. */
export const valuesByKey = (state: ComposeState): ReadonlyMap<string, string> =>
  new Map(state.values.map((value) => [keyOf(value), value.json]));

export const isKnob = (a: KnobKey, b: KnobKey): boolean => a.node === b.node && a.input === b.input;

export const knobAt = (knobs: readonly KnobView[], key: KnobKey): KnobView | undefined =>
  knobs.find((knob) => isKnob(knob, key));

/**
 * The knobs that count as a workflow is set: of those that an option brings, those of the options that are
 * chosen. `given` tells the artist's value at a knob's key. All are given back as they are where no option
 * brings any.
 */
export function counting(
  knobs: readonly KnobView[],
  given: (key: string) => string | undefined,
): readonly KnobView[] {
  if (knobs.every(({ when }) => when === null)) return knobs;
  const places = new Map<string, KnobView[]>();
  for (const knob of knobs) places.set(keyOf(knob), [...(places.get(keyOf(knob)) ?? []), knob]);
  const counts = (knob: KnobView, depth: number): boolean => {
    const { when, node } = knob;
    if (when === null) return true;
    // Choices within each other end somewhere.
    if (depth > 16) return false;
    const key = keyOf({ node, input: when.input });
    const choice = places.get(key)?.find((one) => counts(one, depth + 1));
    return choice !== undefined && sameJson(given(key) ?? choice.json, when.json);
  };
  const seen = new Set<string>();
  return knobs.filter((knob) => {
    if (!counts(knob, 0) || seen.has(keyOf(knob))) return false;
    seen.add(keyOf(knob));
    return true;
  });
}

/** Whether two JSON texts are one value, however they are written. */
function sameJson(one: string, other: string): boolean {
  if (one === other) return true;
  try {
    return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
  } catch {
    return false;
  }
}

/** Whether two states are the same, in whatever order their names are. */
export function sameState(one: ComposeState, other: ComposeState): boolean {
  const ordered = (_: string, value: unknown): unknown =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return one === other || JSON.stringify(one, ordered) === JSON.stringify(other, ordered);
}

/** The value of a knob as JSON text: the artist's, else the workflow's. */
export const valueOf = (state: ComposeState, knob: KnobView): string =>
  state.values.find((value) => isKnob(value, knob))?.json ?? knob.json;

export const isChanged = (state: ComposeState, knob: KnobView): boolean =>
  state.values.some((value) => isKnob(value, knob));

/** Without what was typed at an input and is no value. */
const withoutText = (state: ComposeState, key: KnobKey): ComposeState =>
  state.typed.some((one) => isKnob(one, key))
    ? { ...state, typed: state.typed.filter((one) => !isKnob(one, key)) }
    : state;

/**
 * With another value for a knob, in place of what was typed there and is none; the workflow's own value
 * is not kept as the artist's.
 */
export function withValue(before: ComposeState, knob: KnobView, json: string): ComposeState {
  const state = withoutText(before, knob);
  const { node, input } = knob;
  const at = state.values.findIndex((value) => isKnob(value, knob));
  if (json === knob.json)
    return at < 0 ? state : { ...state, values: state.values.toSpliced(at, 1) };
  const value: KnobValue = { node, input, json };
  if (at < 0) return { ...state, values: [...state.values, value] };
  return state.values[at]?.json === json
    ? state
    : { ...state, values: state.values.with(at, value) };
}

/** Without the artist's value for an input. */
export const withoutValue = (state: ComposeState, key: KnobKey): ComposeState => ({
  ...state,
  values: state.values.filter((value) => !isKnob(value, key)),
});

/** With several values; those for knobs that are not there, or linked, are counted as left out. */
export function withValues(
  state: ComposeState,
  knobs: readonly KnobView[],
  values: readonly KnobValue[],
): { state: ComposeState; left: KnobValue[] } {
  const left: KnobValue[] = [];
  let next = state;
  for (const value of values) {
    const knob = knobAt(knobs, value);
    if (knob === undefined || knob.linked !== null) left.push(value);
    else next = withValue(next, knob, value.json);
  }
  return { state: next, left };
}

/** What a preset keeps: the value of every knob that is not the workflow's own. */
export const changedValues = (state: ComposeState, knobs: readonly KnobView[]): KnobValue[] =>
  state.values.filter((value) => knobAt(knobs, value) !== undefined);

export const ruleOf = (state: Pick<ComposeState, "seeds">, key: KnobKey): SeedRule =>
  state.seeds.find((seed) => isKnob(seed, key))?.rule ?? "fixed";

/** With another rule for a seed; those that are fixed are not named. */
export function withRule(
  state: ComposeState,
  { node, input }: KnobKey,
  rule: SeedRule,
): ComposeState {
  const rest = state.seeds.filter((seed) => !isKnob(seed, { node, input }));
  return { ...state, seeds: rule === "fixed" ? rest : [...rest, { node, input, rule }] };
}

/** With a node skipped, or taken in again. */
export const withSkipped = (state: ComposeState, node: string, skip: boolean): ComposeState => ({
  ...state,
  skipped: [...state.skipped.filter((one) => one !== node), ...(skip ? [node] : [])],
});

/**
 * With another way to make many. What is typed at an axis is to be added there, and no value of its knob;
 * nor is half a value of a knob to be added to an axis: where a knob becomes one or is none any more, it goes.
 */
export function withMany(state: ComposeState, many: Many): ComposeState {
  const next = { ...state, many };
  const isAxis = (of: Pick<ComposeState, "many">, key: KnobKey) => axisOf(of, key) !== null;
  return state.typed
    .filter((key) => isAxis(state, key) !== isAxis(next, key))
    .reduce(withoutText, next);
}

export const AXES = ["X", "Y", "Z"] as const;

/** X, Y or Z, if a knob is used as axis. */
export function axisOf(state: Pick<ComposeState, "many">, key: KnobKey): number | null {
  if (state.many.kind !== "sweep") return null;
  const at = state.many.axes.findIndex((axis) => axis.knobs.some((knob) => isKnob(knob, key)));
  return at < 0 ? null : at;
}

/** With another axis in place of one, or one less. */
export function withAxis(state: ComposeState, at: number, axis: Axis | null): ComposeState {
  if (state.many.kind !== "sweep") return state;
  const { axes } = state.many;
  const had = axes[at]?.knobs ?? [];
  const kept = axis !== null && had.every((key) => axis.knobs.some((one) => isKnob(one, key)));
  // What was typed to be added is of the axis, and no value of its knob.
  return withMany(kept ? state : had.reduce(withoutText, state), {
    kind: "sweep",
    axes: axis === null ? axes.toSpliced(at, 1) : axes.with(at, axis),
  });
}

/** An axis over knobs, beginning with their values. */
export const axisOver = (state: ComposeState, knobs: readonly KnobView[]): Axis => ({
  knobs: knobs.map(({ node, input }) => ({ node, input })),
  values: { kind: "list", steps: [knobs.map((knob) => valueOf(state, knob))] },
});

/** An axis over one knob, beginning with the knob's value. */
export const axisFor = (state: ComposeState, knob: KnobView): Axis => axisOver(state, [knob]);

/** The kind of values of the axis that turns a knob. */
function valuesAt(many: Many, key: KnobKey): Axis["values"]["kind"] | null {
  const at = axisOf({ many }, key);
  return at === null || many.kind !== "sweep" ? null : (many.axes[at]?.values.kind ?? null);
}

/** Whether a knob's own text is what makes the steps of an axis: then it is written as it was. */
export const isWritten = (many: Many, key: KnobKey): boolean =>
  valuesAt(many, key) === "replace" || isWorded(many, key);

/** Whether every wording of a knob's text is a step of an axis. */
export const isWorded = (many: Many, key: KnobKey): boolean => valuesAt(many, key) === "wordings";

/** With a knob as a further axis, if there is room for one. */
export function withKnobAsAxis(state: ComposeState, knob: KnobView): ComposeState {
  const axes = state.many.kind === "sweep" ? state.many.axes : [];
  if (axes.length >= AXES.length || axisOf(state, knob) !== null) return state;
  return withMany(state, { kind: "sweep", axes: [...axes, axisFor(state, knob)] });
}

/** With a knob no axis any more. An axis that turns nothing goes. */
export function withoutAxis(state: ComposeState, key: KnobKey): ComposeState {
  const at = axisOf(state, key);
  if (at === null || state.many.kind !== "sweep") return state;
  const axis = state.many.axes[at];
  if (axis === undefined || axis.knobs.length < 2) return withAxis(state, at, null);
  const column = axis.knobs.findIndex((knob) => isKnob(knob, key));
  const { values } = axis;
  return withAxis(state, at, {
    knobs: axis.knobs.toSpliced(column, 1),
    values:
      values.kind === "list"
        ? { kind: "list", steps: values.steps.map((step) => step.toSpliced(column, 1)) }
        : values,
  });
}

/** With one more knob turned by an axis; each step of a list begins with that knob's value. */
export function withKnobOnAxis(state: ComposeState, at: number, knob: KnobView): ComposeState {
  const axis = state.many.kind === "sweep" ? state.many.axes[at] : undefined;
  if (axis === undefined || axisOf(state, knob) !== null) return state;
  const { values } = axis;
  const mine = valueOf(state, knob);
  return withAxis(state, at, {
    knobs: [...axis.knobs, { node: knob.node, input: knob.input }],
    values:
      values.kind === "list"
        ? { kind: "list", steps: values.steps.map((step) => [...step, mine]) }
        : values,
  });
}

/** X and Y in each other's places. */
export function withAxesSwapped(state: ComposeState): ComposeState {
  if (state.many.kind !== "sweep") return state;
  const [x, y, ...rest] = state.many.axes;
  return x === undefined || y === undefined
    ? state
    : withMany(state, { kind: "sweep", axes: [y, x, ...rest] });
}

/** How many jobs as far as the page itself can tell; nothing, where the engine must count. */
export function countOf({ many, wording }: ComposeState): number | null {
  if (wording === "all") return null;
  if (many.kind === "single") return 1;
  if (many.kind === "sweep") return null;
  const lines = many.lines?.text.split("\n").filter((line) => line.trim() !== "").length ?? 1;
  return many.count * Math.max(1, lines) * Math.max(1, many.pictures.length);
}
