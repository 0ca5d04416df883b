/** Calendar days in the artist's own time zone, for headings and the date scrubber. */

/** One run of neighbouring pictures made on the same day. */
export type DayRun = {
  /** Midnight at the beginning of the day, in milliseconds. */
  start: number;
  /** Index of its first cell. */
  from: number;
  /** Index after its last cell. */
  to: number;
};

/** Midnight at the beginning of the day that holds `at`. */
export function dayStart(at: number): number {
  const date = new Date(at);
  date.setHours(0, 0, 0, 0);
  return date.getTime();
}

/** Midnight `days` days after `start`; days with a clock change have 23 or 25 hours. */
export function addDays(start: number, days: number): number {
  const date = new Date(start);
  date.setDate(date.getDate() + days);
  return date.getTime();
}

/**
 * Splits cells that are sorted by time (seconds since 1970), either way, into runs of one day each.
 * A `Date` is made for every run, not for every cell: there may be a million.
 */
export function dayRuns(seconds: Uint32Array): DayRun[] {
  const runs: DayRun[] = [];
  let begin = 0;
  let end = -1;
  for (let index = 0; index < seconds.length; index += 1) {
    const at = seconds[index] ?? 0;
    if (at >= begin && at < end) continue;
    const last = runs.at(-1);
    if (last !== undefined) last.to = index;
    const start = dayStart(at * 1000);
    begin = start / 1000;
    end = addDays(start, 1) / 1000;
    runs.push({ start, from: index, to: seconds.length });
  }
  return runs;
}

/** "Today", "Yesterday", "Tuesday, 17 November" or, in another year, "17 November 2025". */
export function dayLabel(start: number, now: number): string {
  const today = dayStart(now);
  if (start === today) return "Today";
  if (start === addDays(today, -1)) return "Yesterday";
  const date = new Date(start);
  return date.getFullYear() === new Date(now).getFullYear()
    ? date.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" })
    : date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
}
