/** Texts in fields that are no values yet: half a number, broken JSON. They are kept with the draft. Pure. */
import type { ComposeState } from "../../bindings/ComposeState";
import type { KnobKey } from "../../bindings/KnobKey";
import type { KnobView } from "../../bindings/KnobView";
import { read } from "../../lib/json";
import { withTyped as withTypedValues } from "./axes";
import { typeOf } from "./controls/several";
import { numberFault, numberJson } from "./exact";
import { AXES, axisOf, isKnob, keyOf, knobAt } from "./state";

/** What is typed, and why it is no value. */
export type Half = { text: string; fault: string };

const OPEN = { min: null, max: null, step: null };

/** What is typed into a field and is no value, or not taken in yet. */
export const textAt = ({ typed }: Pick<ComposeState, "typed">, key: KnobKey): string | null =>
  typed.find((one) => isKnob(one, key))?.text ?? null;

/** With a text that is typed and is no value. */
export function withText(
  state: ComposeState,
  { node, input }: KnobKey,
  text: string | null,
): ComposeState {
  const at = state.typed.findIndex((one) => isKnob(one, { node, input }));
  if (text === null) return at < 0 ? state : { ...state, typed: state.typed.toSpliced(at, 1) };
  const one = { node, input, text };
  return { ...state, typed: at < 0 ? [...state.typed, one] : state.typed.with(at, one) };
}

/** What is wrong with broken JSON; nothing, if it is none. */
export function jsonFault(text: string): string | null {
  const found = read(text);
  return found.ok ? null : `Line ${found.line}, column ${found.column}: ${found.why}.`;
}

/** Why a text is no value of a knob that has this one; nothing, if it is one, or no field would show it. */
export function faultOf({ kind }: KnobView, text: string, json: string): string | null {
  if (kind.type === "json") return jsonFault(text);
  const type = kind.type === "several" ? typeOf(json, kind.types, text) : kind.type;
  if (type === "json") return jsonFault(text);
  if (type !== "int" && type !== "float") return null;
  if (numberJson(text, type === "int") !== null) return null;
  return numberFault(text, type === "int", "min" in kind ? kind : OPEN);
}

/** What is wrong with a text that is to be added to an axis of numbers. */
function axisFault(many: ComposeState["many"], at: number, knob: KnobView, text: string) {
  const axis = many.kind === "sweep" ? many.axes[at] : undefined;
  const numeric = knob.kind.type === "int" || knob.kind.type === "float";
  if (!numeric || axis?.knobs.length !== 1 || text.trim() === "") return null;
  const whole = knob.kind.type === "int";
  const means = withTypedValues(axis.values, text, whole) !== null;
  return means ? null : `Axis ${AXES[at] ?? ""}: ${askedOf(whole)}`;
}

/** What is to be written as values of an axis. */
export const askedOf = (whole: boolean): string =>
  `Write ${whole ? "whole numbers" : "numbers"} with commas between, or a range such as ${whole ? "10..50 step 10" : "0.25..1 step 0.25"}, 1,000 values at most.`;

const NONE: ReadonlyMap<string, Half> = new Map();

/** All of them by knob, of knobs that count. What a field shows that is an axis is the axis' own. */
export function halvesOf(
  { typed, many }: Pick<ComposeState, "typed" | "many">,
  knobs: readonly KnobView[],
  value: (knob: KnobView) => string,
): ReadonlyMap<string, Half> {
  if (typed.length === 0) return NONE;
  const found = new Map<string, Half>();
  for (const one of typed) {
    const knob = knobAt(knobs, one);
    if (knob === undefined || knob.linked !== null) continue;
    const at = axisOf({ many }, knob);
    const fault =
      at === null ? faultOf(knob, one.text, value(knob)) : axisFault(many, at, knob, one.text);
    if (fault !== null) found.set(keyOf(one), { text: one.text, fault });
  }
  return found;
}
