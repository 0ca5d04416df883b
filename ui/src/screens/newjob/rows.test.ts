import { describe, expect, it } from "vitest";
import type { ServerView } from "../../bindings/ServerView";
import type { WorkflowView } from "../../bindings/WorkflowView";
import { cannotOpen, firstRow, type Parts, type Row, rowsOf, sectionsOf, takesLoras } from "./rows";

const starter = (id: string, lacks: string | null = null) => ({
  id,
  title: `Starter ${id}`,
  about: "Draws.",
  lacks,
});
const start = {
  server: null,
  drafts: Array.from({ length: 7 }, (_, at) => ({
    id: `d${at}`,
    title: `Draft ${at}`,
    prompt: at === 6 ? "a fox" : null,
    changed_at: 0,
  })),
  starters: [starter("inpaint", "It lacks a checkpoint."), starter("plain")],
  models: [],
  other_models: [],
};
const server = { id: "s", name: "attic" } as ServerView;
const offer = (key: string) => ({
  key,
  title: `Offer ${key}`,
  description: "",
  template: true,
  modified_at: null,
});
const nothing: Parts = {
  start: null,
  workflows: [],
  total: 0,
  servers: [],
  offers: new Map(),
  words: "",
};
const keys = (parts: Partial<Parts>): string[] =>
  rowsOf({ ...nothing, ...parts }).map(({ key }) => key);

describe("what a new job can begin with", () => {
  it("offers the practice engine where there is no server", () => {
    expect(keys({})).toEqual(["practice"]);
    expect(keys({ servers: [server] })).toEqual([]);
    expect(keys({ words: "xyz" })).toEqual([]);
  });

  it("has the newest drafts, recent workflows, starters", () => {
    const workflows = [{ structure: "a", title: "A" } as WorkflowView];
    expect(keys({ start, workflows, total: 3, servers: [server] })).toEqual([
      ...["d0", "d1", "d2", "d3", "d4"].map((id) => `draft ${id}`),
      "workflow a",
      "more library",
      "starter inpaint",
      "starter plain",
    ]);
    expect(keys({ start, words: "fox" })).toEqual(["draft d6"]);
  });

  it("lists what servers offer when something is looked for", () => {
    const view = { offers: [offer("a"), offer("b")], trouble: null } as never;
    const offers = new Map([["s", { view, failure: null }]]);
    expect(keys({ servers: [server], offers })).toEqual(["more servers"]);
    expect(keys({ servers: [server], offers, words: "offer b" })).toEqual(["offer s true b"]);
  });
});

it("begins with what leads on, in sections", () => {
  const rows = rowsOf({ ...nothing, start: { ...start, drafts: [] }, servers: [server] });
  expect(firstRow(rows)).toBe(1);
  expect(firstRow([])).toBe(0);
  const all = sectionsOf(rowsOf({ ...nothing, start }));
  expect(all.map(({ title, rows: own }) => [title, own.length])).toEqual([
    ["No server yet", 1],
    ["Drafts", 5],
    ["Starters", 2],
  ]);
});

it("knows which starters have LoRAs", () => {
  expect([takesLoras(starter("text-loras")), takesLoras(starter("plain"))]).toEqual([true, false]);
});

it("says why a starter cannot be opened, and at which server", () => {
  const of = (lacks: string | null): Row => ({
    key: "k",
    section: "Starters",
    kind: "starter",
    starter: starter("inpaint", lacks),
  });
  expect(cannotOpen(of("It lacks a checkpoint."), "s", [server])).toBe(
    "attic: It lacks a checkpoint. It can be opened once a server has it.",
  );
  expect(cannotOpen(of("It lacks a checkpoint."), null, [server])).toMatch(/^The server: /);
  expect(cannotOpen(of(null), "s", [server])).toBeNull();
  expect(cannotOpen({ key: "p", section: "", kind: "practice" }, "s", [server])).toBeNull();
});
