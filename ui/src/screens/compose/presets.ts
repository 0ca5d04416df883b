/** Presets of other versions of a workflow: what of them has a place in this one. Pure. */
import type { KnobView } from "../../bindings/KnobView";
import type { PresetView } from "../../bindings/PresetView";
import { knobAt } from "./state";

/** What a preset is marked with that is kept with another version of the workflow. */
export const OTHER_VERSION = "another version";

/** How many of a preset's values a workflow has a place for. */
export const placed = ({ values }: PresetView, knobs: readonly KnobView[]): number =>
  values.filter((value) => knobAt(knobs, value)?.linked === null).length;

/** "2 of 3 values have a place here", of a preset of another version. */
export function placedText(preset: PresetView, knobs: readonly KnobView[]): string {
  const [own, all] = [placed(preset, knobs), preset.values.length];
  if (own === 0) return "none of its values has a place here";
  if (own === all) return "all its values have a place here";
  return `${own} of ${all} values ${own === 1 ? "has" : "have"} a place here`;
}
