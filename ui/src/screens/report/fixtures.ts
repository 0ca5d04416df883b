/** What tests say about files. */
import type { FindingView } from "../../bindings/FindingView";
import type { IntakeItem } from "../../bindings/IntakeItem";

/** What came of a workflow as text that can be queued, and whatever is said otherwise. */
export const aboutFile = (name: string, more: Partial<IntakeItem> = {}): IntakeItem => ({
  name,
  path: `/pictures/${name}`,
  kind: "workflow",
  container: "JSON",
  standing: "ready",
  message: "",
  findings: [],
  title: null,
  nodes: null,
  facts: null,
  workflow: null,
  same: null,
  job_id: null,
  ...more,
});

export const aboutNode = (text: string, more: Partial<FindingView> = {}): FindingView => ({
  severity: "blocks",
  kind: "model_missing",
  text,
  node: "17",
  title: "Upscale Model",
  class: "UpscaleModelLoader",
  input: "model_name",
  given: '"4x-UltraSharp.pth"',
  suggestions: [],
  fine_on: [],
  ...more,
});
