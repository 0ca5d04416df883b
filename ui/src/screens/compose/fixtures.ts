/** Knobs, states and plans for tests. */
import type { ComposeState } from "../../bindings/ComposeState";
import type { KnobView } from "../../bindings/KnobView";
import type { PlanView } from "../../bindings/PlanView";

export const aboutKnob = (node: string, input: string, more: Partial<KnobView> = {}): KnobView => ({
  node,
  input,
  label: input,
  own_label: null,
  title: `Node ${node}`,
  class: "Some",
  role: "other",
  section: "rest",
  kind: { type: "int", min: null, max: null, step: null },
  json: "1",
  default: null,
  tooltip: null,
  linked: null,
  controlled: false,
  hidden: false,
  absent: false,
  required: true,
  when: null,
  ...more,
});

export const emptyState = (more: Partial<ComposeState> = {}): ComposeState => ({
  values: [],
  seeds: [],
  seeds_together: false,
  skipped: [],
  many: { kind: "single" },
  wording: "sample",
  chance: "",
  server: null,
  when: "last",
  reuse: false,
  typed: [],
  ...more,
});

export const emptyPlan = (more: Partial<PlanView> = {}): PlanView => ({
  cells: 1,
  made: 0,
  jobs: 1,
  shown: [],
  axes: [],
  order: [],
  example: null,
  takes_ms: null,
  from_runs: 0,
  asks: false,
  problems: [],
  check: null,
  ...more,
});
