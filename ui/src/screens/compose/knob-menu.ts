/** Everything that can be done with one knob, or with width and height as one. */
import type { KnobView } from "../../bindings/KnobView";
import { writeClipboard } from "../../host";
import type { MenuItem } from "../../lib/Menu.svelte";
import { plain } from "../../lib/value";
import { app } from "../../state/app.svelte";
import { tellFailure } from "../../state/attempt";
import { openNodes } from "../../state/places";
import { choicesOf } from "./arrange";
import { turnable } from "./axes";
import type { Composing } from "./composing.svelte";
import type { OneOrMore } from "./layout";
import {
  AXES,
  axisOf,
  isChanged,
  isKnob,
  withKnobAsAxis,
  withKnobOnAxis,
  withoutAxis,
  withSkipped,
  withValue,
} from "./state";

/** What can be done with knobs that are shown as one; all are of one node. */
export function knobActions(c: Composing, knobs: OneOrMore): MenuItem[] {
  const [knob] = knobs;
  const skipped = c.state.skipped.includes(knob.node);
  const defaults = knobs.map((one) => (one.linked === null ? one.default : null));
  const known = defaults.every((json) => json !== null);
  return [
    ...sweeping(c, knobs),
    {
      icon: "rotate-ccw",
      text: knobs.every(({ absent }) => absent)
        ? "Not set"
        : knobs.length > 1
          ? "The workflow's values"
          : "The workflow's value",
      off: !knobs.some((one) => isChanged(c.state, one) || c.typed(one) !== null),
      run: () => setAll(c, knobs, (one) => one.json),
    },
    {
      icon: "rotate-ccw",
      text: knobs.length > 1 ? "The server's defaults" : "The server's default",
      off: !known || knobs.every((one) => c.value(one) === one.default),
      run: () => setAll(c, knobs, (one) => one.default ?? c.value(one)),
    },
    {
      icon: "copy",
      text: knobs.length > 1 ? `Copy ${valueText(c, knobs)}` : "Copy the value",
      run: () => void copy(valueText(c, knobs)),
    },
    "line",
    {
      icon: "eye-off",
      text: knob.hidden ? "Show among the knobs" : "Put away",
      run: () =>
        void c.arrange(
          choicesOf(c.knobs).map(({ node, input, label, hidden }) => ({
            node,
            input,
            label,
            hidden: knobs.some((one) => isKnob({ node, input }, one)) ? !knob.hidden : hidden,
          })),
        ),
    },
    {
      icon: "skip-forward",
      text: skipped ? "Use this node again" : "Skip this node",
      run: () => c.set(withSkipped(c.state, knob.node, !skipped)),
    },
    { icon: "workflow", text: "View node", run: () => openNodes(c.view.workflow, knob.node) },
  ];
}

/** Each as an axis of its own; several also together as one. */
function sweeping(c: Composing, knobs: OneOrMore): MenuItem[] {
  const axes = c.state.many.kind === "sweep" ? c.state.many.axes.length : 0;
  const full = axes >= AXES.length;
  const next = AXES[axes] ?? "";
  const several = knobs.length > 1;
  const items = knobs.map((knob): MenuItem => {
    const axis = axisOf(c.state, knob);
    return axis === null
      ? {
          icon: "grid-3x3",
          text: `Sweep ${several ? `${knob.label.toLowerCase()} ` : ""}as axis ${next}`,
          off: full || turnable([knob]).length === 0,
          run: () => c.set(withKnobAsAxis(c.state, knob)),
        }
      : {
          icon: "x",
          text: several
            ? `${knob.label} no longer axis ${AXES[axis] ?? ""}`
            : `No longer axis ${AXES[axis] ?? ""}`,
          run: () => c.set(withoutAxis(c.state, knob)),
        };
  });
  const [first, ...others] = knobs;
  if (!several || knobs.some((knob) => axisOf(c.state, knob) !== null)) return items;
  const together: MenuItem = {
    icon: "link-2",
    text: `Sweep both together as axis ${next}`,
    off: full || turnable(knobs).length < knobs.length,
    run: () =>
      c.set(
        others.reduce(
          (state, knob) => withKnobOnAxis(state, axes, knob),
          withKnobAsAxis(c.state, first),
        ),
      ),
  };
  return [...items, together];
}

/** Gives all of them values, in one step. */
const setAll = (
  c: Composing,
  knobs: readonly KnobView[],
  value: (knob: KnobView) => string,
): void => c.set(knobs.reduce((state, knob) => withValue(state, knob, value(knob)), c.state));

/** "896 × 1152", or a value as it stands there. */
function valueText(c: Composing, knobs: readonly KnobView[]): string {
  return knobs.map((knob) => plain(c.value(knob))).join(" × ");
}

async function copy(text: string): Promise<void> {
  try {
    await writeClipboard(text);
    app.announcement = "Copied";
  } catch (error) {
    tellFailure(error);
  }
}
