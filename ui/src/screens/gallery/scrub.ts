/** The date scrubber: one mark per week, as wide as that week was busy. */
import { addDays, dayRuns, dayStart } from "./days";

/** One mark: a week, or several where there are many. */
export type Mark = {
  /** Distance from the top, in pixels. */
  y: number;
  /** Share of the busiest mark, 0 to 1. */
  density: number;
  /** The first cell of this mark, or of the next one that has any. */
  index: number;
  /** The month and year, to show while dragging. */
  name: string;
};

/** A month's or year's name beside the marks. */
export type Label = {
  /** Distance from the top, in pixels. */
  y: number;
  /** "Nov", or a year where months would not fit. */
  text: string;
};

/** All that the scrubber draws. */
export type Scrub = { marks: Mark[]; labels: Label[] };

/** Three letters each: the column is narrow, and locales say "Sept". */
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const STEP_MAX = 12;
const STEP_MIN = 4;
const TOP = 20;
const LABEL_SPACE = 30;

/** Marks and labels for cells sorted by time (in seconds), either way, in a column of `height` pixels. */
export function scrub(seconds: Uint32Array, height: number): Scrub {
  const first = seconds.at(0);
  const last = seconds.at(-1);
  if (first === undefined || last === undefined) return { marks: [], labels: [] };
  const falling = first >= last;
  const anchor = weekStart(first * 1000);
  const weeks = Math.abs(weeksBetween(anchor, weekStart(last * 1000))) + 1;
  const room = Math.max(1, Math.floor((height - 2 * TOP) / STEP_MIN));
  const perMark = Math.ceil(weeks / room);
  const count = Math.ceil(weeks / perMark);
  const step = Math.min(STEP_MAX, Math.max(STEP_MIN, (height - 2 * TOP) / count));

  const marks: Mark[] = [];
  for (let at = 0; at < count; at += 1) {
    const week = addDays(anchor, (falling ? -7 : 7) * perMark * at);
    const name = new Date(week).toLocaleDateString("en-GB", { month: "long", year: "numeric" });
    marks.push({ y: TOP + at * step, density: 0, index: -1, name });
  }
  for (const day of dayRuns(seconds)) {
    const at = Math.floor(Math.abs(weeksBetween(anchor, weekStart(day.start))) / perMark);
    const mark = marks[at];
    if (mark === undefined) continue;
    mark.density += day.to - day.from;
    if (mark.index < 0) mark.index = day.from;
  }
  const most = Math.max(1, ...marks.map((mark) => mark.density));
  let next = seconds.length - 1;
  for (const mark of marks.toReversed()) {
    mark.density /= most;
    if (mark.index < 0) mark.index = next;
    next = mark.index;
  }
  return { marks, labels: labels(marks, anchor, falling ? -7 * perMark : 7 * perMark) };
}

function labels(marks: readonly Mark[], anchor: number, days: number): Label[] {
  const thisYear = new Date(anchor).getFullYear();
  const found: Label[] = [];
  let before = "";
  marks.forEach((mark, at) => {
    const date = new Date(addDays(anchor, days * at));
    const text =
      date.getFullYear() === thisYear
        ? (MONTHS[date.getMonth()] ?? "")
        : String(date.getFullYear());
    const above = found.at(-1);
    if (text === before || (above !== undefined && mark.y - above.y < LABEL_SPACE)) return;
    before = text;
    found.push({ y: mark.y, text });
  });
  return found;
}

/** Monday of the week that holds `at`. */
function weekStart(at: number): number {
  const day = dayStart(at);
  return addDays(day, -((new Date(day).getDay() + 6) % 7));
}

/** Whole weeks between two Mondays; rounding takes care of clock changes. */
function weeksBetween(from: number, to: number): number {
  return Math.round((to - from) / (7 * 86_400_000));
}

/** The mark nearest to `y`. */
export function markAt(marks: readonly Mark[], y: number): Mark | undefined {
  let best: Mark | undefined;
  for (const mark of marks) {
    if (best === undefined || Math.abs(mark.y - y) < Math.abs(best.y - y)) best = mark;
  }
  return best;
}

/** The mark that holds the cell at `index`. */
export function markOf(marks: readonly Mark[], index: number): Mark | undefined {
  let found = marks[0];
  for (const mark of marks) {
    if (mark.density > 0 && mark.index <= index) found = mark;
  }
  return found;
}
