import { describe, expect, it } from "vitest";
import type { NodeView } from "../../bindings/NodeView";
import { axis, bar, spread, took, tookText } from "./timeline";

function node(part: Partial<NodeView>): NodeView {
  return {
    id: "1",
    title: "KSampler",
    class: "KSampler",
    state: "done",
    value: null,
    max: null,
    started_at: null,
    ended_at: null,
    made: 0,
    ...part,
  };
}

const first = node({ started_at: 1_000, ended_at: 2_000 });
const second = node({ started_at: 2_000, ended_at: 91_000 });

describe("axis", () => {
  it("covers all that ran and has round marks", () => {
    const found = axis([first, second, node({ state: "waiting" })], 0);
    expect(found?.start).toBe(1_000);
    expect(found?.span).toBeCloseTo(93_600);
    expect(found?.ticks.map((tick) => tick.text)).toEqual(["0 s", "20 s", "40 s", "60 s", "80 s"]);
  });

  it("is absent before anything ran, and never has length 0", () => {
    expect(axis([node({ state: "waiting" }), node({ state: "cached" })], 9)).toBeNull();
    expect(axis([node({ started_at: 5, ended_at: 5 })], 9)?.span).toBe(200);
  });

  it("marks minutes and hours in words", () => {
    const long = axis([node({ started_at: 0, ended_at: 1_500_000 })], 0);
    expect(long?.ticks.map((tick) => tick.text)).toEqual([
      "0 min",
      "5 min",
      "10 min",
      "15 min",
      "20 min",
      "25 min",
    ]);
    const short = axis([node({ started_at: 0, ended_at: 400 })], 0);
    expect(short?.ticks[1]?.text).toBe("0.1 s");
  });
});

describe("bar", () => {
  const running = node({ state: "running", started_at: 91_000 });
  const nodes = [first, second, running];

  it("lies where the node ran; a running node reaches to now", () => {
    const on = axis(nodes, 101_000);
    if (on === null) throw new Error("axis expected");
    expect(bar(first, on, 101_000)).toEqual({ left: 0, width: 1_000 / on.span });
    const live = bar(running, on, 101_000);
    expect((live?.left ?? 0) + (live?.width ?? 0)).toBeCloseTo(100_000 / on.span);
  });

  it("is absent for nodes that did not run", () => {
    const on = axis(nodes, 101_000);
    if (on === null) throw new Error("axis expected");
    expect(bar(node({ state: "waiting" }), on, 0)).toBeNull();
    expect(bar(node({ state: "cached", started_at: 1, ended_at: 1 }), on, 0)).toBeNull();
  });
});

describe("took", () => {
  it("says how long, so far, or nothing", () => {
    expect(took(second, 0)).toBe(89_000);
    expect(took(node({ state: "running", started_at: 5 }), 25)).toBe(20);
    expect(took(node({ state: "waiting" }), 25)).toBeNull();
    expect([0, 37_310, 59_990, 91_000, 4_320_000].map(tookText)).toEqual([
      "0.0 s",
      "37.3 s",
      "1 min",
      "1 min 31 s",
      "1 h 12 min",
    ]);
  });
});

describe("spread", () => {
  it("keeps the first and the last", () => {
    const many = Array.from({ length: 20 }, (_, at) => at + 1);
    expect(spread(many, 8)).toEqual([1, 4, 6, 9, 12, 15, 17, 20]);
    expect(spread([1, 2], 8)).toEqual([1, 2]);
  });
});
