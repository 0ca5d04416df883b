/** What the page knows. Filled by the stream; changed by nobody else. */
import type { CommandError } from "../bindings/CommandError";
import type { IntakeReport } from "../bindings/IntakeReport";
import type { JobId } from "../bindings/JobId";
import type { JobView } from "../bindings/JobView";
import type { KeptPreview } from "../bindings/KeptPreview";
import type { ProgressView } from "../bindings/ProgressView";
import type { StreamMessage } from "../bindings/StreamMessage";
import { type Settings, commands, openStream } from "../host";
import { titleOf } from "../lib/errors";
import {
  finishedOf,
  nothing,
  ofSnapshot,
  runningOf,
  waitingOf,
  withFacts,
  withPulses,
} from "./reduce";

export type Toast = {
  id: number;
  tone: "plain" | "bad" | "warn" | "ok";
  title: string;
  text: string;
  /** Stays until closed. */
  stays: boolean;
  thumb?: string;
  action?: { label: string; run: () => void };
};

class App {
  #state = $state.raw(nothing);
  /** Whether the first snapshot has come. */
  ready = $state(false);
  settings = $state.raw<Settings>({
    theme: "system",
    notifications: true,
    start_hidden: false,
    close_to_tray: false,
    retry_lost: true,
    row_height: 132,
    welcomed: false,
  });
  toasts = $state.raw<readonly Toast[]>([]);
  /** Read aloud by screen readers. */
  announcement = $state("");
  #nextToast = 1;

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
  previews(id: JobId): readonly KeptPreview[] | undefined {
    return this.#state.previews.get(id);
  }

  /** Opens the stream and reads the settings. */
  async start(onintake: (report: IntakeReport) => void): Promise<void> {
    this.settings = await commands.settings_get({});
    await openStream(null, (message) => this.#take(message, onintake));
  }

  #take(message: StreamMessage, onintake: (report: IntakeReport) => void): void {
    switch (message.type) {
      case "snapshot":
        this.#state = ofSnapshot(this.#state, message.snapshot);
        this.ready = true;
        break;
      case "facts":
        this.#state = withFacts(this.#state, message.first, message.facts);
        break;
      case "pulses":
        this.#state = withPulses(this.#state, message.pulses);
        break;
      case "intake":
        onintake(message.report);
        break;
    }
  }

  async setSettings(patch: Partial<Settings>): Promise<void> {
    this.settings = { ...this.settings, ...patch };
    this.settings = await commands.settings_set({ patch });
  }

  toast(toast: Omit<Toast, "id">): number {
    const id = this.#nextToast++;
    // At most three; the oldest that may go goes first.
    const kept = this.toasts.slice(-2);
    this.toasts = [...kept, { ...toast, id }];
    return id;
  }

  closeToast(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  /** Does something and says so when it fails. Answers whether it went well. */
  async attempt(work: Promise<unknown>): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (error) {
      const { code, message } = asCommandError(error);
      this.toast({ tone: "bad", title: titleOf(code), text: message, stays: true });
      return false;
    }
  }
}

/** Whatever was thrown, as an error with a sentence. */
export function asCommandError(error: unknown): CommandError {
  if (typeof error === "object" && error !== null && "code" in error && "message" in error)
    return error as CommandError;
  return { code: "internal", message: String(error), details: null, retry: false };
}

export const app = new App();
