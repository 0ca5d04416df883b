import { describe, expect, it } from "vitest";
import type { JobView } from "../../bindings/JobView";
import type { NodeView } from "../../bindings/NodeView";
import type { ProgressView } from "../../bindings/ProgressView";
import type { ServerView } from "../../bindings/ServerView";
import {
  batchFacts,
  blindText,
  doing,
  earlier,
  endedText,
  excerpt,
  factsLine,
  isUnknown,
  leftText,
  placeText,
  quietText,
  shareNote,
  untilEmpty,
  whyNotEdited,
} from "./words";

const facts: JobView["facts"] = {
  prompt: null,
  negative: null,
  models: [],
  other_models: [],
  loras: [],
  seed: null,
  sampler: null,
  scheduler: null,
  steps: null,
  cfg: null,
  denoise: null,
  width: null,
  height: null,
};
const job = (more: Partial<JobView>): JobView => ({
  id: "j",
  batch_id: "b",
  batch_name: null,
  batch_index: 1,
  batch_count: 1,
  title: "Fjord",
  state: { kind: "held" },
  on_hold: false,
  cancel_requested: false,
  position: 1,
  wants_server: null,
  server_id: null,
  created_at: 0,
  started_at: null,
  ended_at: null,
  workflow: "w",
  source: null,
  facts,
  node_count: 3,
  trouble: null,
  warnings: [],
  newest: [],
  asset_count: 0,
  attempt: 1,
  retry_of: null,
  retried_by: null,
  practice: false,
  needs: null,
  start_at: null,
  sheet: false,
  seen: true,
  ...more,
});
const node = (more: Partial<NodeView>): NodeView => ({
  id: "1",
  title: "KSampler",
  class: "KSampler",
  state: "running",
  value: null,
  max: null,
  started_at: null,
  ended_at: null,
  made: 0,
  ...more,
});
const progress = (more: Partial<ProgressView>): ProgressView => ({
  share: 0.4,
  rough: true,
  nodes: [node({})],
  nodes_done: 5,
  steps_done: 12,
  steps_total: 32,
  live: true,
  left: null,
  heard_at: null,
  ...more,
});

describe("factsLine and excerpt", () => {
  it("say what the graph says and nothing more", () => {
    expect(factsLine(facts)).toBe("");
    expect(
      factsLine({ ...facts, seed: "7", width: 8, height: 9, models: ["xl/base.safetensors"] }),
    ).toBe("7 · 8×9 · base");
    expect(excerpt(job({}))).toBe("3 nodes");
    expect(excerpt(job({ source: "/a/b.json" }))).toBe("b.json");
    expect(excerpt(job({ facts: { ...facts, prompt: "a\n  red\tdress" } }))).toBe("a red dress");
  });
});

describe("a running job", () => {
  it("is told by what its node reports", () => {
    const running = job({ state: { kind: "running" } });
    expect(doing(running, progress({ nodes: [node({ value: 3, max: 9 })] }))).toBe("step 3 of 9");
    expect(doing(running, progress({}))).toBe("working, reports no steps");
    expect(doing(running, undefined)).toBe("starting");
    expect(doing(job({ state: { kind: "collecting", of: "succeeded" } }), undefined)).toBe(
      "fetching outputs",
    );
    expect(isUnknown(progress({}))).toBe(true);
    expect(isUnknown(progress({ nodes: [node({ value: 0, max: 9 })] }))).toBe(false);
  });

  it("says what its share is made of", () => {
    expect(shareNote(progress({}))).toMatch(/^12 of 32 steps, 5 of 1 nodes\. First run/);
    expect(shareNote(progress({ rough: false }))).toMatch(/earlier runs/);
    expect(shareNote(progress({ live: false, steps_total: 0 }))).toMatch(
      /^5 of 1 nodes\. The server/,
    );
  });
});

describe("what is left", () => {
  const left = { ms: 48_000, runs: 6, late: false, at: 1_000 };
  it("rests on earlier runs, or is not said", () => {
    expect(leftText(progress({}), 0)).toBe("no estimate yet");
    expect(leftText(progress({ left }), 1_000)).toBe("about 0:48 left, from your last 6 runs");
    expect(leftText(progress({ left: { ...left, runs: 1 } }), 3_000)).toBe(
      "about 0:46 left, from one earlier run",
    );
    expect(leftText(progress({ left }), 60_000)).toBe("about 0:00 left, from your last 6 runs");
  });

  it("says when a run takes longer than any before", () => {
    expect(leftText(progress({ left: { ...left, late: true } }), 1_000)).toBe(
      "longer than your last 6 runs",
    );
    expect(leftText(progress({ left }), 120_000)).toBe("longer than your last 6 runs");
  });

  it("says when a server has fallen quiet, and not before", () => {
    expect(quietText(progress({ heard_at: 0 }), 179_000)).toBeNull();
    expect(quietText(progress({ heard_at: 0 }), 192_000)).toMatch(/for 3:12\./);
    expect(quietText(progress({ heard_at: null }), 999_000)).toBeNull();
  });

  it("is told for the whole queue, with what is not known", () => {
    const counts = {
      waiting: 3,
      running: 1,
      finished: 0,
      unseen_failures: 0,
      assets: 0,
      assets_last_hour: 0,
      left_ms: 750_000,
      left_unknown: 0,
    };
    expect(untilEmpty(counts)).toBe("about 12:30 until the queue is empty");
    expect(untilEmpty({ ...counts, left_unknown: 2 })).toMatch(
      /, and 2 jobs without earlier runs$/,
    );
    expect(untilEmpty({ ...counts, left_ms: null })).toBeNull();
    expect(untilEmpty({ ...counts, waiting: 0, running: 0 })).toBeNull();
  });

  it("names the place in a server's queue", () => {
    expect(placeText({ ahead: 0, others: 0 })).toBe("next there");
    expect(placeText({ ahead: 2, others: 0 })).toBe("2 ahead");
    expect(placeText({ ahead: 3, others: 1 })).toBe("3 ahead, 1 of them not yours");
  });
});

describe("endedText", () => {
  it("tells how it ended", () => {
    const times = { started_at: 0, ended_at: 31_000 };
    expect(
      endedText(job({ state: { kind: "ended", of: "succeeded" }, asset_count: 1, ...times })),
    ).toBe("1 output · 31 s");
    expect(endedText(job({ state: { kind: "ended", of: "cancelled" } }))).toBe("Cancelled");
    expect(endedText(job({ state: { kind: "ended", of: "failed" } }))).toBe("Failed");
  });

  it.each([
    ["KSampler", "KSampler failed on attic.", "Failed: KSampler failed on attic."],
    ["KSampler", "The file is gone.", "Failed at KSampler: The file is gone."],
    [null, "The file is gone.", "Failed: The file is gone."],
  ])("names the node of a failure once: %s, %s", (node_title, message, said) => {
    const trouble = { node_title, message } as JobView["trouble"];
    expect(endedText(job({ state: { kind: "ended", of: "failed" }, trouble }))).toBe(said);
  });
});

describe("earlier", () => {
  it("leaves the newest out and spreads the rest", () => {
    expect(earlier([1], 4)).toEqual([]);
    expect(earlier([1, 2, 3], 4)).toEqual([1, 2]);
    expect(earlier([1, 2, 3, 4, 5, 6, 7, 8], 4)).toEqual([1, 3, 5, 7]);
  });
});

describe("a batch", () => {
  it("is told by what its jobs have in common", () => {
    const of = (seed: string | null, width: number): JobView =>
      job({ facts: { ...facts, seed, width, height: 8, models: ["xl/base.safetensors"] } });
    expect(batchFacts([of("1", 8), of("2", 8)])).toBe("2 seeds · 8×8 · base");
    expect(batchFacts([of("1", 8), of("1", 9)])).toBe("1 · base");
    expect(batchFacts([job({}), job({})])).toBe("");
  });
});

describe("a job that cannot be edited", () => {
  it("says why, and what becomes of the text", () => {
    expect(whyNotEdited(undefined, true)).toBe(
      "This job has left the queue meanwhile, so it stays as it is. The text here can be queued as a new job.",
    );
    expect(whyNotEdited(job({ state: { kind: "sending" } }), true)).toMatch(/was sent to the/);
    expect(whyNotEdited(job({ state: { kind: "running" } }), false)).toMatch(/is developing/);
    expect(whyNotEdited(job({ state: { kind: "ended", of: "failed" } }), false)).toMatch(
      /^This job has ended, so/,
    );
  });
});

describe("missing live progress", () => {
  const server = (more: Partial<ServerView>): ServerView =>
    ({ name: "studio", link: "online", live: false, message: null, ...more }) as ServerView;
  it("is said in the engine's words", () => {
    expect(blindText(undefined)).toBeNull();
    expect(blindText(server({ live: true }))).toBeNull();
    expect(blindText(server({ link: "offline" }))).toBeNull();
    expect(blindText(server({ message: "A proxy drops it." }))).toBe("A proxy drops it.");
    expect(blindText(server({}))).toMatch(/^Live progress is missing: studio/);
  });
});
