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

/** Every knob as it stands now. */
export const choicesOf = (knobs: readonly KnobView[]): Row[] =>
  knobs.map((knob) => ({
    key: keyOf(knob),
    node: knob.node,
    input: knob.input,
    label: knob.own_label,
    // A knob that the artist named does not tell what it would be called otherwise.
    name: knob.own_label === null ? knob.label : readable(knob.input),
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
