/** The artist's choice of knobs while it is being made. Pure. */
import type { KnobView } from "../../bindings/KnobView";
import { keyOf } from "./state";

export type Row = {
  key: string;
  node: string;
  input: string;
  /** The artist's name, if it has one. */
  label: string | null;
  /** The name it has without. */
  name: string;
  /** "KSampler, node 3". */
  where: string;
  hidden: boolean;
};

/** An input's own name made readable, as far as a page can: `ckpt_name` is "ckpt name". */
const readable = (input: string): string => input.replaceAll("_", " ");

const same = (label: string, input: string): boolean =>
  label.toLowerCase().replace(/[\s_-]/g, "") === input.toLowerCase().replace(/[\s_-]/g, "");

/** Every knob as it stands now. */
export const choicesOf = (knobs: readonly KnobView[]): Row[] =>
  knobs.map((knob) => ({
    key: keyOf(knob),
    node: knob.node,
    input: knob.input,
    // What the label would be without the artist is not told, so it is left as a suggestion only
    // where it plainly is made from the input.
    label: same(knob.label, knob.input) ? null : knob.label,
    name: same(knob.label, knob.input) ? knob.label : readable(knob.input),
    where: `${knob.title}, node ${knob.node}`,
    hidden: knob.hidden,
  }));

/** With one row at another place. */
export function moved(rows: readonly Row[], key: string, to: number): Row[] {
  const from = rows.findIndex((row) => row.key === key);
  const row = rows[from];
  if (row === undefined) return [...rows];
  const rest = rows.toSpliced(from, 1);
  return rest.toSpliced(Math.max(0, Math.min(rest.length, to)), 0, row);
}
