import { beforeEach, expect, it, vi } from "vitest";
import type { JobView } from "../bindings/JobView";
import type { ServerView } from "../bindings/ServerView";
import type { WorkflowView } from "../bindings/WorkflowView";
import { hits, nothing, type Sources } from "./palette";

const job = (id: string, title: string): JobView =>
  ({ id, title, facts: { prompt: "red lamp" } }) as JobView;
const open = {
  pictures: vi.fn(),
  picture: vi.fn(),
  job: vi.fn(),
  workflow: vi.fn(),
  server: vi.fn(),
};
const commands = [
  { icon: "pause" as const, text: "Pause queue", words: "stop", hint: "P", run: vi.fn() },
];
const texts = (typed: string, sources: Partial<Sources>): string[] =>
  hits(typed, { ...nothing, commands, ...sources }, open).map(({ text }) => text);

beforeEach(() => void vi.clearAllMocks());

it("lists every command while nothing is typed, with its keys", () => {
  expect(texts("", { jobs: [job("1", "Fjord")] })).toEqual(["Pause queue"]);
  expect(hits("", { ...nothing, commands }, open)[0]?.hint).toBe("P");
});

it("finds pictures, jobs and commands by all words typed", () => {
  const jobs = [job("1", "Fjord"), job("2", "Bouquet")];
  expect(texts("lamp fjord", { jobs })).toEqual(['Search pictures for "lamp fjord"', "Fjord"]);
  hits("lamp fjord", { ...nothing, jobs }, open)[1]?.run();
  expect(open.job).toHaveBeenCalledWith("1");
  expect(texts("pause", { jobs }).at(-1)).toBe("Pause queue");
  expect(texts("stop", {}).at(-1)).toBe("Pause queue");
});

it("finds pictures, workflows and servers, and leads to them", () => {
  const workflow = { structure: "s", title: "Portrait" } as WorkflowView;
  const server = { id: "a", name: "attic", address: "http://x", link: "online" } as ServerView;
  const sources = {
    ...nothing,
    pictures: [
      { id: "p", title: "Portrait 3", hint: "today", kind: "picture" as const, away: false },
    ],
    workflows: [workflow],
    servers: [server],
  };
  for (const hit of hits("attic", sources, open)) hit.run();
  expect(open.pictures).toHaveBeenCalledWith("attic");
  expect(open.picture).toHaveBeenCalledWith("p");
  expect(open.workflow).toHaveBeenCalledWith(workflow);
  expect(open.server).toHaveBeenCalledWith(server);
  expect(texts("attic zzz", { servers: [server] })).toHaveLength(1);
});

it("has a key of its own for each hit", () => {
  const jobs = [job("1", "A lamp"), job("2", "A lamp")];
  const keys = hits("lamp", { ...nothing, jobs, commands }, open).map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});
