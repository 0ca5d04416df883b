/** How the artist looks at pictures. It outlives the screen, so coming back finds it as it was. */

/** How two pictures are compared. */
export type Mode = "single" | "wipe" | "side" | "difference";

/** What is behind a picture. */
const WELLS = ["dark", "grey", "white"] as const;
export type Well = (typeof WELLS)[number];

/** How much a difference is strengthened. */
const GAINS = [1, 4, 16] as const;

class Looking {
  mode = $state<Mode>("single");
  well = $state<Well>("dark");
  /** Whether the info panel is shown. */
  info = $state(true);
  /** Where the line of the wipe is, from 0 (left) to 1. */
  wipe = $state(0.5);
  gain = $state<(typeof GAINS)[number]>(1);

  nextWell(): void {
    this.well = after(WELLS, this.well);
  }

  nextGain(): void {
    this.gain = after(GAINS, this.gain);
  }

  /** Moves the line of the wipe. */
  moveWipe(to: number): void {
    this.wipe = Math.min(1, Math.max(0, to));
  }
}

/** The one behind `value`; behind the last, the first. */
function after<Value>(all: readonly Value[], value: Value): Value {
  return all[(all.indexOf(value) + 1) % all.length] ?? value;
}

export const looking = new Looking();
