import { describe, expect, it } from "vitest";
import type { GraphNodeView } from "../../bindings/GraphNodeView";
import {
  bounds,
  curve,
  fit,
  isSeen,
  LARGEST,
  neighbour,
  outputsOf,
  panned,
  reveal,
  SMALLEST,
  zoomAt,
} from "./graph";

const view = { w: 800, h: 600 };
const box = (x: number, y: number, w = 100, h = 50) => ({ x, y, w, h });

describe("fitting", () => {
  it("shows everything in the middle, with room around", () => {
    const all = bounds([box(-200, 0), box(1800, 900)]);
    expect(all).toEqual({ x: -200, y: 0, w: 2100, h: 950 });
    const eye = fit(all, view);
    for (const corner of [box(-200, 0, 1, 1), box(1899, 949, 1, 1)])
      expect(isSeen(corner, eye, view)).toBe(true);
    const [left, right] = [(-200 - eye.x) * eye.scale, view.w - (1900 - eye.x) * eye.scale];
    expect(left).toBeCloseTo(right);
    expect(left).toBeGreaterThanOrEqual(35.9);
  });

  it("never makes a small drawing larger than it was drawn, nor a large one invisible", () => {
    expect(fit(box(0, 0), view).scale).toBe(1);
    expect(fit(box(0, 0, 1e7, 1e7), view).scale).toBe(SMALLEST);
    expect(bounds([])).toEqual({ x: 0, y: 0, w: 1, h: 1 });
  });
});

describe("zooming", () => {
  it("keeps what is under the pointer", () => {
    const eye = { x: 10, y: 20, scale: 0.5 };
    const near = zoomAt(eye, 300, 200, 1.7);
    expect(near.scale).toBeCloseTo(0.85);
    expect(near.x + 300 / near.scale).toBeCloseTo(eye.x + 300 / eye.scale);
    expect(near.y + 200 / near.scale).toBeCloseTo(eye.y + 200 / eye.scale);
  });

  it("has ends", () => {
    const eye = { x: 0, y: 0, scale: 1 };
    expect(zoomAt(eye, 0, 0, 1000).scale).toBe(LARGEST);
    expect(zoomAt(eye, 0, 0, 1e-9).scale).toBe(SMALLEST);
  });
});

describe("moving", () => {
  it("follows the hand", () => {
    expect(panned({ x: 0, y: 0, scale: 2 }, 10, -4)).toEqual({ x: -5, y: 2, scale: 2 });
  });

  it("goes no further than to show a node", () => {
    const eye = { x: 0, y: 0, scale: 1 };
    expect(reveal(eye, box(100, 100), view)).toEqual(eye);
    expect(reveal(eye, box(790, 100), view)).toEqual({ x: 114, y: 0, scale: 1 });
    expect(reveal(eye, box(-50, 900), view)).toEqual({ x: -74, y: 374, scale: 1 });
    expect(reveal(eye, box(5, 5, 5000, 5000), view)).toEqual({ x: -19, y: -19, scale: 1 });
  });
});

it("draws a line from an output to an input, within the nodes", () => {
  expect(curve(box(0, 0, 100, 200), 1, box(300, 50, 100, 200), 0)).toBe(
    "M100 55C200 55 200 87 300 87",
  );
  // A folded node is lower than its rows would need.
  expect(curve(box(0, 0, 100, 30), 9, box(0, 100, 100, 30), 9)).toBe(
    "M100 24C150 24 -50 124 0 124",
  );
});

describe("the arrow keys", () => {
  const [a, right, far, below, aside] = [
    box(0, 0),
    box(200, 10),
    box(600, 0),
    box(0, 200),
    box(150, 900),
  ];
  const nodes = [a, right, far, below, aside];
  it("go to the nearest node in their direction", () => {
    expect(neighbour(nodes, a, "ArrowRight")).toBe(right);
    expect(neighbour(nodes, right, "ArrowRight")).toBe(far);
    expect(neighbour(nodes, right, "ArrowLeft")).toBe(a);
    expect(neighbour(nodes, a, "ArrowDown")).toBe(below);
    expect(neighbour(nodes, below, "ArrowUp")).toBe(a);
  });

  it("stay where there is none", () => {
    expect(neighbour(nodes, a, "ArrowLeft")).toBeNull();
    expect(neighbour([a], a, "ArrowDown")).toBeNull();
  });
});

it("names the outputs that are used", () => {
  const node = (id: string, links: GraphNodeView["links"]): GraphNodeView =>
    ({ id, links }) as GraphNodeView;
  const found = outputsOf([
    node("1", []),
    node("2", [
      { input: "model", from: "1", slot: 0, output: "MODEL" },
      { input: "vae", from: "1", slot: 2, output: null },
    ]),
  ]);
  expect([...(found.get("1") ?? [])]).toEqual([
    [0, "MODEL"],
    [2, "output 2"],
  ]);
  expect(found.has("2")).toBe(false);
});
