/** Round trips as a line: one point for each answer since the window opened, a gap where none came. */

/** Readings kept for each server. */
export const KEPT = 44;

/** One more reading at the end; the oldest go. */
export function push(
  readings: readonly (number | null)[],
  reading: number | null,
): (number | null)[] {
  return [...readings, reading].slice(-KEPT);
}

/**
 * An SVG path through the readings, newest at the right edge, in a box of `width` by `height`.
 * Readings of nothing lift the pen.
 */
export function path(readings: readonly (number | null)[], width: number, height: number): string {
  const most = Math.max(1, ...readings.map((reading) => reading ?? 0));
  let drawn = "";
  let down = false;
  readings.forEach((reading, at) => {
    if (reading === null) {
      down = false;
      return;
    }
    const x = width - ((readings.length - 1 - at) * width) / (KEPT - 1);
    const y = height - 3 - (reading / most) * (height - 8);
    drawn += `${down ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    down = true;
  });
  return drawn;
}
