/** What the page knows. Filled by the stream; changed by nobody else. */
import type { BatchEnd } from "../bindings/BatchEnd";
import type { IntakeReport } from "../bindings/IntakeReport";
import type { JobId } from "../bindings/JobId";
import type { JobView } from "../bindings/JobView";
import type { KeptPreview } from "../bindings/KeptPreview";
import type { PlaceView } from "../bindings/PlaceView";
import type { ProgressView } from "../bindings/ProgressView";
import type { StreamMessage } from "../bindings/StreamMessage";
import type { WorkView } from "../bindings/WorkView";
import { type Settings, commands, openStream } from "../host";
import {
  finishedOf,
  idsIn,
  knownOpen,
  nothing,
  ofSnapshot,
  runningOf,
  waitingOf,
  withFacts,
  withOpen,
  withPulses,
  withWork,
} from "./reduce";

/** What is told beyond the state. */
export type Hear = {
  /** Files that came from outside the window: the command line, a second start. */
  intake: (report: IntakeReport) => void;
  /** A job as it was, if it was known, and as it is. */
  job: (before: JobView | undefined, now: JobView) => void;
  /** Work as it was, if it was known, and as it is. */
  work: (before: WorkView | undefined, now: WorkView) => void;
  /** A batch of several that is over. */
  batch: (batch: BatchEnd) => void;
};

/** Jobs asked for at once: the most that are given. */
const PART = 1000;
/** Of these, how many are asked for that should be known already. */
const OVERLAP = 20;

class App {
  #state = $state.raw(nothing);
  /** Counts snapshots: what was asked for before one is not for after it. */
  #snapshots = 0;
  /** Jobs that facts were about since more jobs were asked for. */
  readonly #heard = new Set<JobId>();
  #loading: Promise<void> | null = null;
  /** Counts what settings were set. */
  #set = 0;
  /** Whether the first snapshot has come. */
  ready = $state(false);
  settings = $state.raw<Settings>({
    theme: "dark",
    notifications: true,
    start_hidden: false,
    close_to_tray: false,
    retry_lost: true,
    retry_memory: true,
    stop_batch: false,
    free_on_pause: false,
    row_height: 132,
    welcomed: false,
  });
  /** Read aloud by screen readers. */
  announcement = $state("");

  /** Jobs that wait, in order: the first of them, if there are many. */
  readonly waiting = $derived(waitingOf(this.#state));
  /** How many jobs wait after those. */
  readonly unloaded = $derived(
    this.#state.openTo === null ? 0 : Math.max(0, this.#state.counts.waiting - this.waiting.length),
  );
  readonly running = $derived(runningOf(this.#state.jobs));
  readonly finished = $derived(finishedOf(this.#state.jobs));
  readonly open = $derived([...this.running, ...this.waiting]);

  get servers() {
    return this.#state.servers;
  }
  get counts() {
    return this.#state.counts;
  }
  get paused() {
    return this.#state.paused;
  }
  get waits() {
    return this.#state.waits;
  }
  get library() {
    return this.#state.library;
  }
  get assetsArrived() {
    return this.#state.assetsArrived;
  }
  get libraryMoves() {
    return this.#state.libraryMoves;
  }
  get roots() {
    return this.#state.roots;
  }
  get works() {
    return this.#state.works;
  }

  job(id: JobId): JobView | undefined {
    return this.#state.jobs.get(id);
  }
  progress(id: JobId): ProgressView | undefined {
    return this.#state.progress.get(id);
  }
  place(id: JobId): PlaceView | undefined {
    return this.#state.places.get(id);
  }
  previews(id: JobId): readonly KeptPreview[] | undefined {
    return this.#state.previews.get(id);
  }

  /** Asks for more of the jobs that wait, if there are more. Asked twice at once, it asks once. */
  loadMore(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  /** Asks for all of them: for what is about the whole queue. */
  async loadAll(): Promise<void> {
    while (this.#state.openTo !== null) await this.loadMore();
  }

  async #load(): Promise<void> {
    const snapshots = this.#snapshots;
    // Jobs ended or went meanwhile: what is asked for overlaps, and more so until it meets what is known.
    for (let back = OVERLAP; this.#state.openTo !== null; back *= 10) {
      this.#heard.clear();
      const offset = Math.max(0, knownOpen(this.#state) - back);
      const jobs = await commands.job_list({ which: "open", offset, limit: PART });
      if (snapshots !== this.#snapshots) return;
      const part = { jobs, first: offset === 0, last: jobs.length < PART };
      const next = withOpen(this.#state, part, this.#heard);
      if (next === null) continue;
      this.#state = next;
      return;
    }
  }

  /** Opens the stream and reads the settings. */
  async start(hear: Hear): Promise<void> {
    this.settings = await commands.settings_get({});
    await openStream(null, (message) => this.#take(message, hear));
    // Work that went on by itself, such as an export that was broken off, may have ended before there
    // was a page to hear of it.
    for (const work of await commands.work_list({})) {
      if (this.works.has(work.id)) continue;
      this.#state = { ...this.#state, works: withWork(this.#state.works, work) };
      if (work.problems.length > 0) hear.work(undefined, work);
    }
  }

  #take(message: StreamMessage, hear: Hear): void {
    switch (message.type) {
      case "snapshot":
        this.#snapshots += 1;
        this.#state = ofSnapshot(this.#state, message.snapshot);
        this.ready = true;
        break;
      case "facts": {
        const before = this.#state;
        this.#state = withFacts(before, message.first, message.facts);
        for (const fact of message.facts) {
          for (const id of idsIn(fact)) this.#heard.add(id);
          if (fact.type === "work_changed") hear.work(before.works.get(fact.work.id), fact.work);
          if (fact.type === "batch_ended") hear.batch(fact.batch);
          if (fact.type !== "job_changed") continue;
          hear.job(before.jobs.get(fact.job.id), fact.job);
        }
        break;
      }
      case "pulses":
        this.#state = withPulses(this.#state, message.pulses);
        break;
      case "intake":
        hear.intake(message.report);
        break;
    }
  }

  /** Sets some of them: shown at once, and as they were if that fails. */
  async setSettings(patch: Partial<Settings>): Promise<void> {
    const before = this.settings;
    this.settings = { ...before, ...patch };
    this.#set += 1;
    const last = this.#set;
    try {
      const settings = await commands.settings_set({ patch });
      // Of several that are set at once, the last answer has them all.
      if (last === this.#set) this.settings = settings;
    } catch (error) {
      if (last === this.#set) this.settings = before;
      throw error;
    }
  }
}

export const app = new App();
