/** Sounds as pictures: their peaks, asked for once, and a shape to draw. */
import { mediaUrl } from "../host";

/** Waveforms remembered. */
const KEPT = 300;
const known = new Map<string, Promise<readonly number[] | null>>();

/** The peaks of a sound, 0 to 1; nothing if the library cannot read it. */
export function peaksOf(id: string): Promise<readonly number[] | null> {
  const kept = known.get(id);
  if (kept !== undefined) return kept;
  const asked = ask(id);
  known.set(id, asked);
  const oldest = known.keys().next().value;
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  return asked;
}

async function ask(id: string): Promise<readonly number[] | null> {
  try {
    const answer = await fetch(mediaUrl(`asset/${id}/waveform`));
    if (!answer.ok) return null;
    const peaks: unknown = await answer.json();
    return Array.isArray(peaks) &&
      peaks.length > 0 &&
      peaks.every((peak) => typeof peak === "number")
      ? (peaks as number[])
      : null;
  } catch {
    return null;
  }
}

/** Bars around the middle of a box 100 high, one a peak, thinned out to at most `most`, as an SVG path. */
export function barsOf(peaks: readonly number[], most: number): { path: string; width: number } {
  const count = Math.max(1, Math.min(most, peaks.length));
  let path = "";
  for (let bar = 0; bar < count; bar += 1) {
    const from = Math.floor((bar * peaks.length) / count);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / count));
    const peak = Math.min(1, Math.max(0.02, ...peaks.slice(from, to)));
    const half = Math.round(peak * 48 * 10) / 10;
    path += `M${bar * 3 + 1} ${50 - half}V${50 + half}`;
  }
  return { path, width: count * 3 };
}
