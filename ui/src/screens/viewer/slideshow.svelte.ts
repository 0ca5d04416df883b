/** Shows one output after the other. Waits for each to be seen, or played, before its time begins. */

/** Seconds to choose from. */
export const INTERVALS = [2, 3, 5, 8, 15, 30] as const;

export class Slideshow {
  /** Whether there is a slideshow, paused or not. */
  on = $state(false);
  paused = $state(false);
  seconds = $state<number>(5);
  readonly #next: () => Promise<boolean>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #seen = false;

  /** `next` shows the next output, and gives whether there is one. */
  constructor(next: () => Promise<boolean>) {
    this.#next = next;
  }

  start(): void {
    this.on = true;
    this.paused = false;
    this.#arm();
  }

  stop(): void {
    this.on = false;
    clearTimeout(this.#timer);
  }

  pause(paused: boolean): void {
    this.paused = paused;
    this.#arm();
  }

  /** A longer (1) or shorter (-1) time each. */
  pace(by: 1 | -1): void {
    const at = INTERVALS.findIndex((seconds) => seconds === this.seconds);
    this.seconds = INTERVALS[Math.min(INTERVALS.length - 1, Math.max(0, at + by))] ?? this.seconds;
    this.#arm();
  }

  /** Another one was turned to; it is not seen yet. */
  turned(): void {
    this.#seen = false;
    clearTimeout(this.#timer);
  }

  /** It is seen. What plays says by itself when it is over. */
  seen(plays: boolean): void {
    this.#seen = !plays;
    this.#arm();
  }

  /** It was played to its end. */
  played(): void {
    if (this.on && !this.paused) void this.#turn();
    else this.#seen = true;
  }

  /** Turns to the next one. Where there is none, that is tried again after a while. */
  async #turn(): Promise<void> {
    this.turned();
    if (!(await this.#next())) this.seen(false);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (!this.on || this.paused || !this.#seen) return;
    this.#timer = setTimeout(() => void this.#turn(), this.seconds * 1000);
  }
}
