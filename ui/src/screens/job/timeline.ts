/** When each node ran, as bars on one axis. */
import type { NodeView } from "../../bindings/NodeView";
import { took as inWords } from "../../lib/format";

/** The axis: where it begins, how long it is, and its marks. */
export type Axis = {
  /** The time at its left end, in milliseconds. */
  start: number;
  /** Its length in milliseconds. */
  span: number;
  /** Marks from left to right. */
  ticks: { share: number; text: string }[];
};

/** A node's bar: shares of the axis, 0 to 1. */
export type NodeBar = { left: number; width: number };

const STEPS_MS = [
  100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  1_200_000, 1_800_000, 3_600_000, 7_200_000, 18_000_000, 43_200_000, 86_400_000,
];

/** The axis for these nodes, or nothing if none has begun. `now` ends nodes that still run. */
export function axis(nodes: readonly NodeView[], now: number): Axis | null {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const node of nodes) {
    if (node.started_at === null) continue;
    start = Math.min(start, node.started_at);
    end = Math.max(end, node.ended_at ?? (node.state === "running" ? now : node.started_at));
  }
  if (!Number.isFinite(start)) return null;
  // A little air at the right, so that the last bar does not look cut.
  const span = Math.max(200, (end - start) * 1.04);
  const step = STEPS_MS.find((ms) => span / ms <= 6) ?? 86_400_000;
  const ticks = [];
  for (let at = 0; at <= span; at += step)
    ticks.push({ share: at / span, text: tick(at, step, span) });
  return { start, span, ticks };
}

function tick(ms: number, step: number, span: number): string {
  if (step < 1_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (span < 120_000) return `${ms / 1_000} s`;
  if (step < 3_600_000) {
    const minutes = Math.floor(ms / 60_000);
    const seconds = Math.round((ms % 60_000) / 1_000);
    return step < 60_000 ? `${minutes}:${String(seconds).padStart(2, "0")}` : `${minutes} min`;
  }
  return `${ms / 3_600_000} h`;
}

/** The bar of one node, or nothing if it never ran. */
export function bar(node: NodeView, on: Axis, now: number): NodeBar | null {
  if (node.started_at === null || node.state === "cached") return null;
  const end = node.ended_at ?? (node.state === "running" ? now : node.started_at);
  const left = (node.started_at - on.start) / on.span;
  return { left, width: Math.max(0, Math.min(1 - left, (end - node.started_at) / on.span)) };
}

/** How long a node took, in milliseconds; a running one so far. */
export function took(node: NodeView, now: number): number | null {
  if (node.started_at === null || node.state === "cached") return null;
  const end = node.ended_at ?? (node.state === "running" ? now : null);
  return end === null ? null : Math.max(0, end - node.started_at);
}

/** "0.0 s", "37.3 s", "1 min 31 s": one decimal below a minute, because nodes are compared. */
export function tookText(ms: number): string {
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  return inWords(ms);
}

/** At most `most` items spread evenly, first and last always among them. */
export function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  const picked: T[] = [];
  for (let at = 0; at < most; at += 1) {
    const item = items[Math.round((at * (items.length - 1)) / (most - 1))];
    if (item !== undefined) picked.push(item);
  }
  return picked;
}
