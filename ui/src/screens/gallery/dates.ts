/** Dates as people type them, to jump to. */
import { addDays, dayLabel, dayStart } from "./days";

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** The end of the day, month or year that a text means, in milliseconds: the newest picture of it is there. */
export function endOf(text: string, now: number): number | null {
  const typed = text.trim().toLowerCase();
  if (typed === "") return null;
  if (typed === "today") return addDays(dayStart(now), 1) - 1;
  if (typed === "yesterday") return dayStart(now) - 1;
  const parts = typed.split(/[\s.,/-]+/).filter(Boolean);
  const year = parts.find((part) => /^\d{4}$/.test(part));
  const name = parts.find((part) => /^[a-z]{3,}$/.test(part));
  const named = name === undefined ? -1 : MONTHS.indexOf(name.slice(0, 3));
  const numbers = parts.filter((part) => /^\d{1,2}$/.test(part)).map(Number);
  if (parts.length !== numbers.length + (year === undefined ? 0 : 1) + (name === undefined ? 0 : 1))
    return null;
  if (name !== undefined && named < 0) return null;
  const y = year === undefined ? new Date(now).getFullYear() : Number(year);
  if (named >= 0) return numbers.length > 1 ? null : lastOf(y, named, numbers[0]);
  if (numbers.length === 0) return year === undefined ? null : lastOf(y);
  if (numbers.length > 2 || year === undefined) return null;
  // "2026-10-03" and "03.10.2026": the year says which way round it is.
  const [first, second] = parts[0] === year ? numbers : numbers.toReversed();
  return lastOf(y, (first ?? 0) - 1, second);
}

/** The last millisecond of a year, a month or a day; nothing if there is no such day. */
function lastOf(year: number, month?: number, day?: number): number | null {
  if (month === undefined) return new Date(year + 1, 0, 1).getTime() - 1;
  if (month < 0 || month > 11) return null;
  if (day === undefined) return new Date(year, month + 1, 1).getTime() - 1;
  const date = new Date(year, month, day);
  return date.getMonth() === month && day > 0 ? addDays(date.getTime(), 1) - 1 : null;
}

/** Where a date leads, as a sentence. */
export function upToText(end: number, now: number): string {
  const day = dayLabel(dayStart(end), now);
  const near = day === "Today" || day === "Yesterday";
  return `Goes to what was made up to ${near ? day.toLowerCase() : day}.`;
}
