import { describe, expect, it } from "vitest";
import type { ServerView } from "../../bindings/ServerView";
import { aboutKnob, emptyPlan, emptyState } from "./fixtures";
import {
  aboutTime,
  anyNote,
  costParts,
  findingsOf,
  gridOf,
  orphansOf,
  problemsOf,
  productText,
  queueText,
  serverNote,
} from "./plan";

const knob = { node: "3", input: "cfg" };
const sweep = emptyPlan({
  cells: 12,
  made: 1,
  jobs: 11,
  takes_ms: 360_000,
  from_runs: 6,
  axes: [
    { name: "LoRA strength", values: ["0.25", "0.50", "0.75", "1.00"] },
    { name: "CFG", values: ["4", "6", "8"] },
  ],
  shown: [{ at: [2, 1], made: "a", known: true }],
});
const server = (id: string, more: Partial<ServerView> = {}): ServerView =>
  ({ id, name: id, link: "online", ours: 0, others: 0, paused: false, ...more }) as ServerView;

it("tells of values whose knob is gone, and keeps them", () => {
  const gone = { node: "9", input: "scale", json: "2" };
  const state = emptyState({ values: [{ ...knob, json: "7" }, gone] });
  const problems = problemsOf([
    { knob, axis: null, text: "Out of range.", blocks: true },
    { knob: { node: "9", input: "scale" }, axis: null, text: "No scale any more.", blocks: false },
  ]);
  const knobs = [aboutKnob("3", "cfg")];
  expect(orphansOf(state, knobs, problems)).toEqual([{ value: gone, text: "No scale any more." }]);
  expect(orphansOf(state, knobs, problemsOf([]))).toEqual([]);
});

it("puts problems where they are", () => {
  const found = problemsOf([
    { knob, axis: null, text: "Out of range.", blocks: true },
    { knob: null, axis: 1, text: "No values.", blocks: false },
    { knob: null, axis: null, text: "Too many.", blocks: false },
  ]);
  expect(found.knobs.get('["3","cfg"]')?.[0]?.text).toBe("Out of range.");
  expect(found.axes.get(1)?.[0]?.text).toBe("No values.");
  expect(found.whole.map(({ text }) => text)).toEqual(["Too many."]);
  expect(found.blocks?.text).toBe("Out of range.");
  expect(problemsOf([]).blocks).toBeNull();
});

it("marks knobs that servers have something against", () => {
  const finding = { node: "17", input: "model_name", severity: "blocks", text: "It lacks it." };
  const plan = emptyPlan({
    check: {
      blocked: null,
      servers: [
        {
          server_id: "a",
          ability: "cannot",
          text: "",
          findings: [
            finding,
            { ...finding, severity: "says" },
            { ...finding, input: null },
          ] as never,
        },
      ],
    },
  });
  expect([...findingsOf(plan, [server("a")])]).toEqual([
    ['["17","model_name"]', ["a: It lacks it."]],
  ]);
  expect(findingsOf(null, []).size).toBe(0);
});

describe("the grid", () => {
  it("numbers cells row by row and knows which are made", () => {
    const grid = gridOf(sweep, 0);
    expect(grid?.columns).toHaveLength(4);
    const row = grid?.rows[1];
    expect(row?.label).toBe("6");
    expect(row?.cells.map(({ number }) => number)).toEqual([5, 6, 7, 8]);
    expect(row?.cells[2]?.planned?.made).toBe("a");
    expect(row?.cells[1]?.planned).toBeNull();
  });
  it("is one row for one axis, has layers for three, and is there up to what can be queued", () => {
    const one = {
      ...sweep,
      axes: sweep.axes.slice(0, 1),
      shown: [{ ...sweep.shown[0]!, at: [2] }],
    };
    expect(gridOf(one, 0)?.rows[0]?.cells[2]?.planned?.made).toBe("a");
    const three = { ...sweep, axes: [...sweep.axes, { name: "Seed", values: ["1", "2"] }] };
    expect(gridOf(three, 1)?.rows[0]?.cells[0]?.number).toBe(13);
    expect(gridOf(three, 0)?.layers).toEqual(["1", "2"]);
    const wide = { name: "x", values: Array.from({ length: 900 }, String) };
    expect(gridOf({ ...sweep, axes: [wide] }, 0)?.columns).toHaveLength(900);
    expect(gridOf({ ...sweep, axes: [wide, { ...wide, name: "y" }] }, 0)).toBeNull();
    expect(gridOf(emptyPlan(), 0)).toBeNull();
  });
});

it("says what it costs, and how we know", () => {
  expect(productText(sweep)).toBe("4 × 3 = 12");
  expect(productText({ ...sweep, axes: sweep.axes.slice(0, 1), cells: 4 })).toBe("4 cells");
  expect(productText(emptyPlan({ cells: 1 }))).toBe("1 run");
  expect(costParts(sweep, emptyState({ server: "attic" }), [server("attic")])).toEqual({
    jobs: "11 jobs",
    time: "about 6 min",
    rest: " of work on attic. From your last 6 runs.",
  });
  expect(costParts(emptyPlan(), emptyState(), [])).toEqual({
    jobs: "1 job",
    time: null,
    rest: ". No estimate yet.",
  });
  expect(costParts(emptyPlan({ jobs: 0, made: 4 }), emptyState(), []).rest).toBe(
    ". All of it was made before.",
  );
  expect([queueText(11), queueText(1), queueText(null)]).toEqual([
    "Queue 11 jobs",
    "Queue 1 job",
    "Queue",
  ]);
});

it.each([
  [40_000, "about 40 s"],
  [360_000, "about 6 min"],
  [4_320_000, "about 72 min"],
  [7_500_000, "about 2 h 5 min"],
  [400_000_000, "about 5 days"],
])("%d ms are %s", (ms, text) => expect(aboutTime(ms)).toBe(text));

it("says of each server what it lacks or who is ahead", () => {
  const check = (server_id: string, ability: "can" | "cannot", blocks = 0) => ({
    server_id,
    ability,
    text: "",
    findings: Array.from({ length: blocks }, () => ({ severity: "blocks" })) as never[],
  });
  const plan = emptyPlan({
    check: { blocked: null, servers: [check("a", "can"), check("b", "cannot", 2)] },
  });
  expect(serverNote(server("a", { ours: 8 }), plan).text).toBe("8 ahead");
  expect(serverNote(server("a"), plan).text).toBe("idle");
  expect(serverNote(server("b"), plan)).toEqual({
    text: "lacks 2 things",
    tone: "warn",
    off: false,
  });
  expect(serverNote(server("c", { link: "refused" }), plan).off).toBe(true);
  expect(serverNote(server("c", { paused: true }), null).text).toBe("paused");
  expect(anyNote([server("a"), server("b")], plan)).toBe("1 of 2 can now");
  expect(anyNote([], plan)).toBe("no server yet");
});
