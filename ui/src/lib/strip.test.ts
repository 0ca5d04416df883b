import { describe, expect, it } from "vitest";
import type { NodeState } from "../bindings/NodeState";
import type { NodeView } from "../bindings/NodeView";
import { cells, spoken, stepShare, tellsNothing } from "./strip";

function node(state: NodeState, more: Partial<NodeView> = {}): NodeView {
  return {
    id: "1",
    title: "KSampler",
    class: "KSampler",
    state,
    value: null,
    max: null,
    started_at: null,
    ended_at: null,
    made: 0,
    ...more,
  };
}
const many = (n: number, state: NodeState): NodeView[] =>
  Array.from({ length: n }, () => node(state));

describe("cells", () => {
  it("shows every node while there are few", () => {
    expect(cells(many(24, "waiting"))).toHaveLength(24);
  });

  it("folds neighbours that are alike when there are many, and loses none", () => {
    const nodes = [
      ...many(10, "cached"),
      node("running"),
      ...many(2, "waiting"),
      ...many(14, "done"),
    ];
    const folded = cells(nodes);
    expect(
      folded.map((cell) => (cell.kind === "fold" ? cell.nodes.length : cell.node.state)),
    ).toEqual([10, "running", "waiting", "waiting", 14]);
    expect(folded.flatMap((cell) => (cell.kind === "fold" ? cell.nodes : [cell.node]))).toEqual(
      nodes,
    );
  });

  it("never folds what runs or failed", () => {
    expect(cells(many(30, "running"))).toHaveLength(30);
    expect(cells(many(30, "failed"))).toHaveLength(30);
  });
});

describe("spoken", () => {
  it("reads a node out", () => {
    expect(spoken(node("running", { value: 12, max: 20 }))).toBe(
      "KSampler, running, step 12 of 20",
    );
    expect(spoken(node("running"))).toBe("KSampler, running, working, reports no steps");
    expect(spoken(node("cached"))).toBe("KSampler, cached");
  });
});

describe("steps", () => {
  it("are a share only where they are told", () => {
    expect(tellsNothing(node("running", { value: 0, max: 0 }))).toBe(true);
    expect(tellsNothing(node("running", { value: 0, max: 4 }))).toBe(false);
    expect(tellsNothing(node("done"))).toBe(false);
    expect(stepShare(node("running", { value: 9, max: 4 }))).toBe(1);
    expect(stepShare(node("running", { value: 1, max: 4 }))).toBe(0.25);
  });
});
