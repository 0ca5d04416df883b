/** Keeps a draft while it is typed: soon after a change, at once when asked, never two at a time. */
import { errorText } from "../../state/attempt";

/** Wait this long after a key press, in milliseconds. */
const TYPING_MS = 300;
/** What is typed without a pause is kept this long after the first of it. */
const LONGEST_MS = 1000;
/** After a save that failed, try again after this long. */
const AGAIN_MS = 5000;

export class Saver<State> {
  /** "saved" only when the answer for the newest state came. */
  status = $state<"saved" | "changed" | "failed">("saved");
  failure = $state<string | null>(null);
  #save: (state: State) => Promise<unknown>;
  #newest: State | null = null;
  #running: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Begun with the first change that is not kept, and not again with the next. */
  #longest: ReturnType<typeof setTimeout> | undefined;

  constructor(save: (state: State) => Promise<unknown>) {
    this.#save = save;
  }

  /** There is something new to keep. */
  changed(state: State): void {
    this.#newest = state;
    this.status = "changed";
    this.#wait(TYPING_MS);
    this.#longest ??= setTimeout(() => void this.flush(), LONGEST_MS);
  }

  /** Keeps it now, and waits until that is done. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    clearTimeout(this.#longest);
    this.#longest = undefined;
    if (this.#running !== null) await this.#running;
    if (this.#newest === null) return;
    this.#running ??= this.#run();
    await this.#running;
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), ms);
  }

  async #run(): Promise<void> {
    const state = this.#newest;
    if (state === null) return;
    this.#newest = null;
    try {
      await this.#save(state);
      this.failure = null;
      if (this.#newest === null) this.status = "saved";
    } catch (error) {
      this.failure = errorText(error);
      this.status = "failed";
      // What was typed since is newer.
      this.#newest ??= state;
      this.#wait(AGAIN_MS);
    }
    this.#running = null;
  }
}
