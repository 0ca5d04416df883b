/** From the messages of the stream to what the page shows. Pure. */
import type { Counts } from "../bindings/Counts";
import type { Fact } from "../bindings/Fact";
import type { JobId } from "../bindings/JobId";
import type { JobView } from "../bindings/JobView";
import type { KeptPreview } from "../bindings/KeptPreview";
import type { LibraryView } from "../bindings/LibraryView";
import type { PlaceView } from "../bindings/PlaceView";
import type { ProgressView } from "../bindings/ProgressView";
import type { Pulse } from "../bindings/Pulse";
import type { RootView } from "../bindings/RootView";
import type { ServerView } from "../bindings/ServerView";
import type { Snapshot } from "../bindings/Snapshot";
import type { WaitView } from "../bindings/WaitView";
import type { WorkView } from "../bindings/WorkView";

/** Ended jobs kept; the rest is asked for when wanted. */
const MOST_FINISHED = 300;
/** Works kept, those that are over among them. */
const MOST_WORKS = 20;

/** A place in the order of the queue. */
export type QueuePlace = Pick<JobView, "position" | "id">;

export type State = {
  /** The number of the last fact. */
  seq: number;
  /** Jobs by id: those that ended last, what servers have, and waiting ones up to `openTo`. */
  jobs: ReadonlyMap<JobId, JobView>;
  /** Up to which place all jobs are known that have not ended; nothing, when that is to the end. */
  openTo: QueuePlace | null;
  progress: ReadonlyMap<JobId, ProgressView>;
  previews: ReadonlyMap<JobId, readonly KeptPreview[]>;
  /** Where jobs are in their servers' queues. */
  places: ReadonlyMap<JobId, PlaceView>;
  servers: readonly ServerView[];
  counts: Counts;
  paused: boolean;
  library: LibraryView;
  /** Why jobs wait for a server that is away, by what they need. */
  waits: ReadonlyMap<string, string>;
  /** Goes up whenever outputs arrive. */
  assetsArrived: number;
  /** Goes up whenever anything in the library changes: outputs, marks, tags, collections. */
  libraryMoves: number;
  /** The folders of the library, once something about them was told. */
  roots: readonly RootView[] | null;
  /** Work that takes a while, by its number; the newest last. */
  works: ReadonlyMap<number, WorkView>;
};

export const nothing: State = {
  seq: 0,
  jobs: new Map(),
  openTo: null,
  progress: new Map(),
  previews: new Map(),
  places: new Map(),
  servers: [],
  counts: {
    waiting: 0,
    running: 0,
    finished: 0,
    unseen_failures: 0,
    assets: 0,
    assets_last_hour: 0,
    left_ms: null,
    left_unknown: 0,
  },
  paused: false,
  library: { path: "", bytes: 0, free_bytes: null, trouble: null },
  waits: new Map(),
  assetsArrived: 0,
  libraryMoves: 0,
  roots: null,
  works: new Map(),
};

export function ofSnapshot(before: State, snapshot: Snapshot): State {
  const { seq, open, open_whole, finished, servers, counts, paused, library } = snapshot;
  return {
    seq,
    // What servers have stands behind, and says nothing about what waits before it.
    openTo: open_whole ? null : (open.findLast(isHeld) ?? null),
    jobs: new Map([...open, ...finished].map((job) => [job.id, job])),
    progress: new Map(snapshot.progress.map(({ job_id, progress }) => [job_id, progress])),
    previews: new Map(
      snapshot.progress.flatMap(({ job_id, preview }) =>
        preview === null ? [] : [[job_id, [preview]] as const],
      ),
    ),
    places: new Map(snapshot.places),
    servers,
    counts,
    paused,
    library,
    waits: waitsOf(snapshot.waits),
    assetsArrived: before.assetsArrived + 1,
    libraryMoves: before.libraryMoves + 1,
    roots: before.roots,
    works: before.works,
  };
}

/** Takes in facts; `first` is the number of the first of them. Facts heard before change nothing. */
export function withFacts(state: State, first: number, facts: readonly Fact[]): State {
  const fresh = facts.slice(Math.max(0, state.seq + 1 - first));
  if (fresh.length === 0) return state;
  const jobs = new Map(state.jobs);
  const next = { ...state, jobs, seq: first + facts.length - 1 };
  for (const fact of fresh) take(next, jobs, fact);
  trim(jobs);
  return next;
}

function take(next: State, jobs: Map<JobId, JobView>, fact: Fact): void {
  switch (fact.type) {
    case "job_changed":
      jobs.set(fact.job.id, fact.job);
      break;
    case "jobs_removed":
      for (const id of fact.ids) jobs.delete(id);
      break;
    case "server_changed": {
      const at = next.servers.findIndex(({ id }) => id === fact.server.id);
      next.servers = at < 0 ? [...next.servers, fact.server] : next.servers.with(at, fact.server);
      break;
    }
    case "server_removed":
      next.servers = next.servers.filter(({ id }) => id !== fact.id);
      break;
    case "assets_added":
      next.assetsArrived += 1;
      break;
    case "queue_paused":
      next.paused = fact.paused;
      break;
    case "counts_changed":
      next.counts = fact.counts;
      break;
    case "waits_changed":
      next.waits = waitsOf(fact.waits);
      break;
    case "library_moved":
      next.libraryMoves += 1;
      break;
    case "roots_changed":
      next.roots = fact.roots;
      break;
    case "work_changed":
      next.works = withWork(next.works, fact.work);
      break;
    case "library_changed":
      next.library = fact.library;
      break;
    case "batch_ended":
      // What ended is known by its jobs.
      break;
  }
}

/** Work that is over is forgotten when there is more of it than anyone looks back at. */
export function withWork(
  works: ReadonlyMap<number, WorkView>,
  work: WorkView,
): Map<number, WorkView> {
  const next = new Map(works).set(work.id, work);
  for (const [id, { state }] of next) {
    if (next.size <= MOST_WORKS) break;
    if (state !== "running") next.delete(id);
  }
  return next;
}

/** Where to ask for more jobs: how many stand up to the place that is known. */
export function knownOpen({ jobs, openTo }: State): number {
  let known = 0;
  for (const job of jobs.values())
    if (!isEnded(job) && (openTo === null || inOrder(job, openTo) <= 0)) known += 1;
  return known;
}

/**
 * Takes in a part of the jobs that have not ended, in the order of the queue. Of `heard` facts have come
 * since it was asked for, and they know better. Gives nothing if the part does not reach back to what is
 * known, so that jobs between them would be missed.
 */
export function withOpen(
  state: State,
  part: { jobs: readonly JobView[]; first: boolean; last: boolean },
  heard: ReadonlySet<JobId>,
): State | null {
  const { openTo } = state;
  const [begin, end] = [part.jobs[0], part.jobs.at(-1)];
  if (openTo === null) return state;
  const reaches = begin !== undefined && inOrder(begin, openTo) <= 0;
  if (!part.first && !reaches) return null;
  const jobs = new Map(state.jobs);
  for (const job of part.jobs) if (!jobs.has(job.id) && !heard.has(job.id)) jobs.set(job.id, job);
  const further = end !== undefined && inOrder(end, openTo) > 0 ? end : openTo;
  return { ...state, jobs, openTo: part.last ? null : further };
}

/** The jobs that a fact is about. */
export function idsIn(fact: Fact): readonly JobId[] {
  if (fact.type === "job_changed") return [fact.job.id];
  return fact.type === "jobs_removed" ? fact.ids : [];
}

const waitsOf = (waits: readonly WaitView[]): ReadonlyMap<string, string> =>
  new Map(waits.map(({ needs, text }) => [needs, text]));

function trim(jobs: Map<JobId, JobView>): void {
  const ended = finishedOf(jobs);
  for (const job of ended.slice(MOST_FINISHED)) if (!isUnseenFailure(job)) jobs.delete(job.id);
}

/** Takes in pulses. A share never goes back, even if one arrives late. */
export function withPulses(state: State, pulses: readonly Pulse[]): State {
  const progress = new Map(state.progress);
  const previews = new Map(state.previews);
  const places = new Map(state.places);
  for (const pulse of pulses) {
    if (pulse.type === "progress") progress.set(pulse.job_id, pulse.progress);
    else if (pulse.type === "preview") previews.set(pulse.job_id, pulse.kept);
    else if (pulse.place === null) places.delete(pulse.job_id);
    else places.set(pulse.job_id, pulse.place);
  }
  return { ...state, progress, previews, places };
}

export const isEnded = (job: JobView): boolean => job.state.kind === "ended";
const isHeld = (job: JobView): boolean => job.state.kind === "held";
export const isRunning = (job: JobView): boolean =>
  job.state.kind === "running" || job.state.kind === "collecting";

export const isUnseenFailure = (job: JobView): boolean =>
  job.state.kind === "ended" &&
  (job.state.of === "failed" || job.state.of === "lost") &&
  !job.seen &&
  job.retried_by === null;

const inOrder = (a: QueuePlace, b: QueuePlace): number =>
  a.position - b.position || Number(a.id > b.id) - Number(a.id < b.id);

/** Jobs that wait, in the order of the queue, up to the place that is known without gaps. */
export function waitingOf({ jobs, openTo }: Pick<State, "jobs" | "openTo">): JobView[] {
  return [...jobs.values()]
    .filter((job) => !isEnded(job) && !isRunning(job))
    .filter((job) => openTo === null || !isHeld(job) || inOrder(job, openTo) <= 0)
    .sort(
      (a, b) =>
        Number(b.state.kind === "queued") - Number(a.state.kind === "queued") || inOrder(a, b),
    );
}

/** Jobs that run, first started first. */
export function runningOf(jobs: ReadonlyMap<JobId, JobView>): JobView[] {
  return [...jobs.values()]
    .filter(isRunning)
    .sort((a, b) => (a.started_at ?? a.created_at) - (b.started_at ?? b.created_at));
}

/** Jobs that ended, newest first. One that was tried again is told by its newest try. */
export function finishedOf(jobs: ReadonlyMap<JobId, JobView>): JobView[] {
  return [...jobs.values()].filter(isEnded).sort((a, b) => (b.ended_at ?? 0) - (a.ended_at ?? 0));
}
