import { beforeEach, expect, it, vi } from "vitest";
import type { ComposeView } from "../../bindings/ComposeView";
import { writeClipboard } from "../../host";
import { Composing } from "./composing.svelte";
import { aboutKnob, emptyPlan, emptyState } from "./fixtures";
import { knobActions } from "./knob-menu";

vi.mock("../../host", () => ({
  commands: {
    compose_save: vi.fn(() => Promise.resolve(null)),
    compose_plan: vi.fn(() => Promise.resolve(emptyPlan())),
    compose_open: vi.fn(),
    knobs_arrange: vi.fn(() => Promise.resolve(null)),
  },
  openStream: vi.fn(),
  writeClipboard: vi.fn(() => Promise.resolve()),
}));

const width = aboutKnob("5", "width", { label: "Width", json: "896", default: "512" });
const height = aboutKnob("5", "height", { label: "Height", json: "1152", default: "512" });
let c: Composing;
beforeEach(() => {
  const draft: Partial<ComposeView> = {
    draft: "d",
    knobs: [width, height],
    state: emptyState(),
  };
  c = new Composing(draft as ComposeView);
});
type Lines = { text: string; off: boolean; run: () => unknown }[];
const lines = (...knobs: [typeof width, ...(typeof width)[]]): Lines =>
  knobActions(c, knobs).flatMap((item) =>
    item === "line" ? [] : [{ text: item.text, off: item.off ?? false, run: item.run }],
  );
const run = (text: string): unknown =>
  lines(width, height)
    .find((item) => item.text === text)
    ?.run();

it("of a size acts on both sides", () => {
  c.setValue(height, "1024");
  c.setTyped(width, "8x", "w");
  run("The workflow's values");
  expect([c.state.values, c.state.typed]).toEqual([[], []]);
  run("The server's defaults");
  expect([c.value(width), c.value(height)]).toEqual(["512", "512"]);
  c.undo();
  expect([c.value(width), c.value(height)]).toEqual(["896", "1152"]);
  run("Copy 896 × 1152");
  expect(writeClipboard).toHaveBeenCalledWith("896 × 1152");
});

it("of a size sweeps a side, or both together", () => {
  expect(
    lines(width, height)
      .slice(0, 3)
      .map(({ text }) => text),
  ).toEqual(["Sweep width as axis X", "Sweep height as axis X", "Sweep both together as axis X"]);
  run("Sweep height as axis X");
  const axes = lines(width, height).slice(0, 2);
  expect(axes.map(({ text }) => text)).toEqual([
    "Sweep width as axis Y",
    "Height no longer axis X",
  ]);
  run("Height no longer axis X");
  run("Sweep both together as axis X");
  expect(c.state.many).toEqual({
    kind: "sweep",
    axes: [
      {
        knobs: [
          { node: "5", input: "width" },
          { node: "5", input: "height" },
        ],
        values: { kind: "list", steps: [["896", "1152"]] },
      },
    ],
  });
});

it("of one knob is as it was", () => {
  expect(lines(width).map(({ text }) => text)).toEqual([
    "Sweep as axis X",
    "The workflow's value",
    "The server's default",
    "Copy the value",
    "Put away",
    "Skip this node",
    "View node",
  ]);
  expect(lines(width).map(({ off }) => off)).toEqual([false, true, ...Array(5).fill(false)]);
});
