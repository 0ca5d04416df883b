/** What a node strip shows: one cell a node, or one for many that are alike. */
import type { NodeState } from "../bindings/NodeState";
import type { NodeView } from "../bindings/NodeView";

export type Cell =
  | { kind: "node"; node: NodeView }
  | { kind: "fold"; state: "cached" | "waiting" | "done"; nodes: readonly NodeView[] };

/** More nodes than this are folded. */
export const FOLD_OVER = 24;

/** Folds neighbours that are all cached, all waiting or all done when there are many nodes. */
export function cells(nodes: readonly NodeView[]): Cell[] {
  if (nodes.length <= FOLD_OVER) return nodes.map((node) => ({ kind: "node", node }));
  const folded: Cell[] = [];
  for (let at = 0; at < nodes.length;) {
    const first = nodes[at];
    if (first === undefined) break;
    let end = at + 1;
    if (first.state === "cached" || first.state === "waiting" || first.state === "done") {
      while (nodes[end]?.state === first.state) end += 1;
    }
    if (end - at > 2)
      folded.push({
        kind: "fold",
        state: first.state as "cached" | "waiting" | "done",
        nodes: nodes.slice(at, end),
      });
    else folded.push(...nodes.slice(at, end).map((node) => ({ kind: "node" as const, node })));
    at = end;
  }
  return folded;
}

/** Whether a node runs and has told no step. */
export const tellsNothing = (node: NodeView): boolean =>
  node.state === "running" && (node.max === null || node.max <= 0 || node.value === null);

/** What a running node that has told no step is doing, as far as that is known. */
export const silence = (node: NodeView): string =>
  node.max !== null && node.max > 1 ? "no step told yet" : "working, reports no steps";

/** Steps of a running node, 0 to 1. */
export const stepShare = (node: NodeView): number =>
  node.max === null || node.max <= 0 ? 0 : Math.min(1, Math.max(0, (node.value ?? 0) / node.max));

const WORDS: Record<NodeState, string> = {
  waiting: "waiting",
  cached: "cached",
  running: "running",
  done: "done",
  failed: "failed",
};

/** "KSampler, running, step 12 of 20". */
export function spoken(node: NodeView): string {
  const parts = [node.title, WORDS[node.state]];
  if (node.state === "running")
    parts.push(tellsNothing(node) ? silence(node) : `step ${node.value} of ${node.max}`);
  return parts.join(", ");
}
