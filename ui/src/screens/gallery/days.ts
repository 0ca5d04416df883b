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
 * Splits cells that are sorted by time, either way, into runs of one day each.
 * A `Date` is made for every run, not for every cell: there may be 200,000.
 */
export function dayRuns(cells: readonly { at: number }[]): DayRun[] {
  const runs: DayRun[] = [];
  let run: DayRun | undefined;
  let end = 0;
  cells.forEach((cell, index) => {
    if (run === undefined || cell.at < run.start || cell.at >= end) {
      const start = dayStart(cell.at);
      end = addDays(start, 1);
      run = { start, from: index, to: index + 1 };
      runs.push(run);
    } else {
      run.to = index + 1;
    }
  });
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
