/**
 * Steps of one frame in a video. The page is not told a file's frame rate, so it is learnt from the times
 * of frames that were played. Pure.
 */

/** Frame rates that encoders write; times in files are often rounded to a millisecond. */
const RATES = [
  6,
  8,
  10,
  12,
  15,
  16,
  20,
  24_000 / 1001,
  24,
  25,
  30_000 / 1001,
  30,
  32,
  48,
  50,
  60_000 / 1001,
  60,
  90,
  100,
  120,
];
/** How far a measured rate may be from one of these to be taken for it. */
const NEAR = 0.02;
/** A pause between frames beyond this is no frame, in seconds. */
const LONGEST = 1;
/** A step where nothing is known of the frames, in seconds. */
export const BLIND_STEP = 0.04;
/** Frames that say enough. */
const ENOUGH = 8;

export class Frames {
  #before: number | null = null;
  #gaps: number[] = [];

  /** A frame was played; `time` is its place in the video, in seconds. */
  see(time: number): void {
    const before = this.#before;
    this.#before = time;
    if (before === null) return;
    const gap = time - before;
    if (gap > 0.001 && gap < LONGEST && this.#gaps.length < 240) this.#gaps.push(gap);
  }

  /** Another place was jumped to: the frames before and after are no neighbours. */
  jump(): void {
    this.#before = null;
  }

  /** Whether enough was seen. */
  get enough(): boolean {
    return this.#gaps.length >= ENOUGH;
  }

  /** How long a frame lasts in seconds, as far as it is known. */
  get length(): number | null {
    if (this.#gaps.length < 2) return null;
    // A web view that is busy leaves frames out: such a gap is several frames long.
    const sorted = [...this.#gaps].sort((a, b) => a - b);
    const least = sorted[Math.floor(sorted.length / 4)] ?? LONGEST;
    let [time, frames] = [0, 0];
    for (const gap of this.#gaps) {
      time += gap;
      frames += Math.max(1, Math.round(gap / least));
    }
    const rate = frames / time;
    const known = RATES.reduce((best, one) =>
      Math.abs(one - rate) < Math.abs(best - rate) ? one : best,
    );
    return 1 / (Math.abs(known / rate - 1) < NEAR ? known : rate);
  }
}

/** Which frame is shown at a place, from 0. */
export const frameAt = (time: number, length: number): number =>
  Math.max(0, Math.floor(time / length + 0.01));

/**
 * Where to seek for the next (1) or previous (-1) frame: to its middle, so that rounding does not show the
 * one beside it.
 */
export function stepTarget(
  time: number,
  by: 1 | -1,
  length: number | null,
  duration: number,
): number {
  const step = length ?? BLIND_STEP;
  const last = Math.max(0, Math.ceil(duration / step - 0.01) - 1);
  const frame = Math.min(last, Math.max(0, frameAt(time, step) + by));
  return (frame + 0.5) * step;
}

/** "0:04.250": where in a video, to a thousandth. */
export function exactClock(seconds: number): string {
  const thousandths = Math.round(Math.max(0, seconds) * 1000);
  const rest = ((thousandths % 60_000) / 1000).toFixed(3).padStart(6, "0");
  return `${Math.floor(thousandths / 60_000)}:${rest}`;
}

/** Speeds to choose from. */
export const SPEEDS = [0.25, 0.5, 1, 1.5, 2] as const;
