/** What the page knows. Filled by the stream; changed by nobody else. */
import type { IntakeReport } from "../bindings/IntakeReport";
import type { JobId } from "../bindings/JobId";
import type { JobView } from "../bindings/JobView";
import type { KeptPreview } from "../bindings/KeptPreview";
import type { PlaceView } from "../bindings/PlaceView";
import type { ProgressView } from "../bindings/ProgressView";
import type { StreamMessage } from "../bindings/StreamMessage";
import { type Settings, commands, openStream } from "../host";
import {
  finishedOf,
  nothing,
  ofSnapshot,
  runningOf,
  waitingOf,
  withFacts,
  withPulses,
} from "./reduce";

/** What is told beyond the state. */
export type Hear = {
  /** Files that came from outside the window: the command line, a second start. */
  intake: (report: IntakeReport) => void;
  /** A job as it was, if it was known, and as it is. */
  job: (before: JobView | undefined, now: JobView) => void;
};

class App {
  #state = $state.raw(nothing);
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

  readonly waiting = $derived(waitingOf(this.#state.jobs));
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

  /** Opens the stream and reads the settings. */
  async start(hear: Hear): Promise<void> {
    this.settings = await commands.settings_get({});
    await openStream(null, (message) => this.#take(message, hear));
  }

  #take(message: StreamMessage, hear: Hear): void {
    switch (message.type) {
      case "snapshot":
        this.#state = ofSnapshot(this.#state, message.snapshot);
        this.ready = true;
        break;
      case "facts": {
        const before = this.#state;
        this.#state = withFacts(before, message.first, message.facts);
        for (const fact of message.facts) {
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

  async setSettings(patch: Partial<Settings>): Promise<void> {
    this.settings = { ...this.settings, ...patch };
    this.settings = await commands.settings_set({ patch });
  }
}

export const app = new App();
