import { describe, expect, it } from "vitest";
import type { WorkflowView } from "../../bindings/WorkflowView";
import { fileFor, fileName, madeOf, runsText, spokenWorkflow, usedText } from "./words";

const NOW = new Date(2026, 10, 25, 15).getTime();
const workflow = {
  title: "Portrait",
  pinned: true,
  nodes: 14,
  source: "C:\\flows\\portrait.json",
  runs: 6,
  used_at: new Date(2026, 10, 25, 13, 58).getTime(),
  facts: { prompt: "a woman\nin red" },
} as WorkflowView;

describe("a workflow", () => {
  it("is told by its runs, its nodes and its file", () => {
    expect(usedText(workflow, NOW)).toBe("today 13:58 · 6 runs");
    expect(runsText({ ...workflow, runs: 0 })).toBe("never run");
    expect(madeOf(workflow)).toBe("14 nodes · portrait.json");
    expect(madeOf({ ...workflow, nodes: 1, source: null })).toBe("1 node");
    expect(fileName("/a/b c.png")).toBe("b c.png");
  });

  it("is read out whole", () => {
    expect(spokenWorkflow(workflow, NOW)).toBe(
      "Portrait, pinned, 14 nodes · portrait.json, 6 runs, last used today 13:58, a woman in red",
    );
  });
});

it.each([
  ["Portrait, impasto", true, "Portrait, impasto.json"],
  ["a/b\\c:d", false, "a b c d (API).json"],
  ["...", true, "workflow.json"],
  ["x".repeat(300), true, `${"x".repeat(100)}.json`],
  ["tab\there ", true, "tab here.json"],
])("a workflow called %j is written to a file (%j)", (title, drawn, file) =>
  expect(fileFor(title, drawn)).toBe(file),
);
