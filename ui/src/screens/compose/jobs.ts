/** A job that would be queued, in words. Pure. */
import type { CellView } from "../../bindings/CellView";
import type { KnobKey } from "../../bindings/KnobKey";
import type { KnobView } from "../../bindings/KnobView";
import { plain } from "../../lib/value";
import { namesOf } from "./controls/list";
import { knobAt } from "./state";

/** Longer values are cut: there may be several in a line. */
const LONGEST = 90;

function cut(value: string): string {
  const text = value.replace(/\s+/g, " ").trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** What tells a job from the others, by the names of the knobs; long texts are cut. */
export const valuesIn = (
  { values }: CellView,
  knobs: readonly KnobView[],
): { label: string; text: string; full: string }[] =>
  values.map((value) => {
    const knob = knobAt(knobs, value);
    const label = knob?.label ?? `${value.node} ${value.input}`;
    const where = knob === undefined ? label : `${label}, ${knob.title}`;
    return { label, text: cut(namesOf(value.json)), full: `${where}: ${plain(value.json)}` };
  });

/** "CFG 6, Prompt a fox". */
export const cellText = (cell: CellView, knobs: readonly KnobView[]): string =>
  valuesIn(cell, knobs)
    .map(({ label, text }) => `${label} ${text}`)
    .join(", ");

/** Whether it has to be run. */
export const madeText = ({ made, known }: CellView): string =>
  made !== null ? "made before" : known ? "waits or made" : "";

/** "Seed of KSampler is drawn when it is queued." */
export function openText(open: readonly KnobKey[], knobs: readonly KnobView[]): string {
  const names = open.map((key) => {
    const knob = knobAt(knobs, key);
    return knob === undefined
      ? `${key.input} of node ${key.node}`
      : `${knob.label} of ${knob.title}`;
  });
  const [last = "", ...before] = names.toReversed();
  const all = before.length === 0 ? last : `${before.toReversed().join(", ")} and ${last}`;
  return `${all} ${names.length === 1 ? "is" : "are"} drawn when it is queued.`;
}
