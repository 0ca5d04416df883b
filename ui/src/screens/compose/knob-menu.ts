/** Everything that can be done with one knob. */
import type { KnobView } from "../../bindings/KnobView";
import type { MenuItem } from "../../lib/Menu.svelte";
import { openNodes } from "../../state/places";
import { turnable } from "./axes";
import type { Composing } from "./composing.svelte";
import { choicesOf } from "./arrange";
import { AXES, axisOf, isChanged, isKnob, withKnobAsAxis, withoutAxis, withSkipped } from "./state";

export function knobActions(c: Composing, knob: KnobView): MenuItem[] {
  const axis = axisOf(c.state, knob);
  const axes = c.state.many.kind === "sweep" ? c.state.many.axes.length : 0;
  const skipped = c.state.skipped.includes(knob.node);
  const linked = knob.linked !== null;
  const fallback = knob.default;
  return [
    axis === null
      ? {
          icon: "grid-3x3",
          text: `Sweep as axis ${AXES[axes] ?? ""}`,
          off: axes >= AXES.length || turnable([knob]).length === 0,
          run: () => c.set(withKnobAsAxis(c.state, knob)),
        }
      : {
          icon: "x",
          text: `No longer axis ${AXES[axis] ?? ""}`,
          run: () => c.set(withoutAxis(c.state, knob)),
        },
    {
      icon: "rotate-ccw",
      text: knob.absent ? "Not set" : "The workflow's value",
      off: !isChanged(c.state, knob),
      run: () => c.setValue(knob, knob.json),
    },
    {
      icon: "rotate-ccw",
      text: "The server's default",
      off: fallback === null || linked || c.value(knob) === fallback,
      run: () => {
        if (fallback !== null) c.setValue(knob, fallback);
      },
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
            hidden: isKnob({ node, input }, knob) ? !knob.hidden : hidden,
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
