import { describe, expect, it } from "vitest";
import type { Fact } from "../bindings/Fact";
import type { JobState } from "../bindings/JobState";
import type { JobView } from "../bindings/JobView";
import type { Snapshot } from "../bindings/Snapshot";
import {
  finishedOf,
  idsIn,
  knownOpen,
  nothing,
  ofSnapshot,
  runningOf,
  type State,
  waitingOf,
  withFacts,
  withOpen,
  withPulses,
} from "./reduce";

const job = (id: string, state: JobState, more: Partial<JobView> = {}): JobView =>
  ({
    id,
    state,
    position: 0,
    created_at: 0,
    started_at: null,
    ended_at: null,
    seen: true,
    retried_by: null,
    ...more,
  }) as JobView;
const changed = (view: JobView): Fact => ({ type: "job_changed", job: view });
const snapshot = (seq: number, open: JobView[], open_whole = true): Snapshot => ({
  seq,
  open,
  open_whole,
  finished: [],
  progress: [],
  places: [],
  servers: [],
  counts: nothing.counts,
  paused: false,
  library: nothing.library,
  waits: [],
});

describe("withFacts", () => {
  it("takes facts in, and those it has heard before change nothing", () => {
    const start = ofSnapshot(nothing, snapshot(5, [job("a", { kind: "held" })]));
    const facts = [changed(job("a", { kind: "queued" })), changed(job("a", { kind: "running" }))];
    expect(withFacts(start, 4, facts)).toBe(start);
    const next = withFacts(start, 5, facts);
    expect(next.seq).toBe(6);
    expect(next.jobs.get("a")?.state).toEqual({ kind: "running" });
    expect(start.jobs.get("a")?.state).toEqual({ kind: "held" });
  });

  it("forgets removed jobs, counts arrivals, and knows the pause", () => {
    const start = ofSnapshot(nothing, snapshot(0, [job("a", { kind: "held" })]));
    const next = withFacts(start, 1, [
      { type: "jobs_removed", ids: ["a"] },
      { type: "queue_paused", paused: true },
    ]);
    expect(next.jobs.size).toBe(0);
    expect(next.paused).toBe(true);
  });

  it("keeps a bounded number of ended jobs, and every failure nobody has seen", () => {
    const ended = (at: number): Fact =>
      changed(job(`j${at}`, { kind: "ended", of: "succeeded" }, { ended_at: at }));
    const failure = changed(
      job("bad", { kind: "ended", of: "failed" }, { ended_at: 0, seen: false }),
    );
    const next = withFacts(nothing, 1, [
      failure,
      ...Array.from({ length: 500 }, (_, at) => ended(at)),
    ]);
    expect(next.jobs.size).toBe(301);
    expect(next.jobs.has("bad")).toBe(true);
    expect(next.jobs.has("j499")).toBe(true);
  });
});

describe("lists", () => {
  it("show what a server has first, then the order of the queue", () => {
    const jobs = new Map(
      [
        job("late", { kind: "held" }, { position: 9 }),
        job("sent", { kind: "queued" }, { position: 10 }),
        job("first", { kind: "held" }, { position: 1 }),
        job("runs", { kind: "running" }, { started_at: 5 }),
        job("fetches", { kind: "collecting", of: "succeeded" }, { started_at: 3 }),
        job("old", { kind: "ended", of: "succeeded" }, { ended_at: 1 }),
        job("new", { kind: "ended", of: "failed" }, { ended_at: 2 }),
      ].map((view) => [view.id, view]),
    );
    const ids = (views: JobView[]): string[] => views.map(({ id }) => id);
    expect(ids(waitingOf({ jobs, openTo: null }))).toEqual(["sent", "first", "late"]);
    // Up to the place that is known, and what a server has.
    const openTo = { position: 1, id: "first" };
    expect(ids(waitingOf({ jobs, openTo }))).toEqual(["sent", "first"]);
    expect(ids(runningOf(jobs))).toEqual(["fetches", "runs"]);
    expect(ids(finishedOf(jobs))).toEqual(["new", "old"]);
  });
});

describe("a long queue", () => {
  const at = (position: number, more: Partial<JobView> = {}): JobView =>
    job(`j${position}`, { kind: "held" }, { position, ...more });
  const running = job("runs", { kind: "running" }, { position: 99 });
  const start = ofSnapshot(nothing, snapshot(0, [at(1), at(2), at(3), running], false));
  const none = new Set<string>();
  const shown = (state: State | null): string[] =>
    state === null ? ["nothing"] : waitingOf(state).map(({ id }) => id);
  const part = (jobs: JobView[], more = {}) => ({ jobs, first: false, last: false, ...more });

  it("is known up to the last that waits in a snapshot, and what runs is known as well", () => {
    expect(start.openTo).toMatchObject({ position: 3, id: "j3" });
    expect(knownOpen(start)).toBe(3);
    expect(runningOf(start.jobs)).toHaveLength(1);
    expect(ofSnapshot(nothing, snapshot(0, [at(1)])).openTo).toBeNull();
  });

  it("grows by parts that reach back to what is known, until the last", () => {
    const next = withOpen(start, part([at(3), at(4), at(5)]), none);
    expect(shown(next)).toEqual(["j1", "j2", "j3", "j4", "j5"]);
    expect(next?.openTo).toMatchObject({ id: "j5" });
    expect(withOpen(start, part([at(4), at(5)]), none)).toBeNull();
    expect(withOpen(start, part([], { last: true }), none)).toBeNull();
    const all = withOpen(start, part([at(3), at(4)], { last: true }), none);
    expect(all?.openTo).toBeNull();
    // From the beginning there is nothing that it could miss.
    expect(shown(withOpen(start, part([at(5)], { first: true, last: true }), none))).toContain(
      "j5",
    );
    // A part that ends before what is known takes nothing back.
    expect(withOpen(start, part([at(1), at(2)]), none)?.openTo).toMatchObject({ id: "j3" });
  });

  it("believes facts before a part that was asked for earlier", () => {
    const heard = withFacts(start, 1, [
      { type: "jobs_removed", ids: ["j4"] },
      changed(at(5, { title: "renamed" })),
      changed(job("j2", { kind: "ended", of: "cancelled" }, { position: 2 })),
    ]);
    expect(shown(heard)).toEqual(["j1", "j3"]);
    const ids = new Set(["j4", "j5", "j2"]);
    const next = withOpen(heard, part([at(2), at(3), at(4), at(5), at(6)]), ids);
    expect(shown(next)).toEqual(["j1", "j3", "j5", "j6"]);
    expect(next?.jobs.get("j5")?.title).toBe("renamed");
  });

  it("shows a job that comes to the front at once, and one at the end once it is reached", () => {
    const moved = withFacts(start, 1, [changed(at(9)), changed({ ...at(8), position: 0.5 })]);
    expect(shown(moved)).toEqual(["j8", "j1", "j2", "j3"]);
    expect(moved.jobs.has("j9")).toBe(true);
    expect(knownOpen(moved)).toBe(4);
  });

  it("knows which jobs a fact is about", () => {
    expect(idsIn(changed(at(1)))).toEqual(["j1"]);
    expect(idsIn({ type: "jobs_removed", ids: ["a", "b"] })).toEqual(["a", "b"]);
    expect(idsIn({ type: "queue_paused", paused: true })).toEqual([]);
  });
});

describe("withPulses", () => {
  it("keeps the newest progress and preview of each job", () => {
    const progress = {
      share: 0.5,
      rough: true,
      nodes: [],
      nodes_done: 0,
      steps_done: 0,
      steps_total: 0,
      live: true,
      left: null,
      heard_at: null,
    };
    const kept = [{ rev: 3, step: 2, node_title: "KSampler" }];
    const next = withPulses(nothing, [
      { type: "progress", job_id: "a", progress: { ...progress, share: 0.2 } },
      { type: "progress", job_id: "a", progress },
      { type: "preview", job_id: "a", rev: 3, step: 2, node_title: "KSampler", kept },
    ]);
    expect(next.progress.get("a")?.share).toBe(0.5);
    expect(next.previews.get("a")).toEqual(kept);
  });

  it("keeps places in servers' queues as they were said last", () => {
    let state = withPulses(nothing, [
      { type: "place", job_id: "a", place: { ahead: 2, others: 1 } },
    ]);
    expect(state.places.get("a")).toEqual({ ahead: 2, others: 1 });
    state = withPulses(state, [{ type: "place", job_id: "a", place: null }]);
    expect(state.places.has("a")).toBe(false);
  });
});
