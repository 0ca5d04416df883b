/** Dates as people type them, to jump to. */
import { addDays, dayLabel, dayStart } from "./days";

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** From its first to its last millisecond. */
export type Period = { start: number; end: number };

/** The day, month or year that a text means. */
export function periodOf(text: string, now: number): Period | null {
  const typed = text.trim().toLowerCase();
  if (typed === "") return null;
  if (typed === "today") return upTo(dayStart(now), addDays(dayStart(now), 1));
  if (typed === "yesterday") return upTo(addDays(dayStart(now), -1), dayStart(now));
  const parts = typed.split(/[\s.,/-]+/).filter(Boolean);
  const year = parts.find((part) => /^\d{4}$/.test(part));
  const name = parts.find((part) => /^[a-z]{3,}$/.test(part));
  const named = name === undefined ? -1 : MONTHS.indexOf(name.slice(0, 3));
  const numbers = parts.filter((part) => /^\d{1,2}$/.test(part)).map(Number);
  if (parts.length !== numbers.length + (year === undefined ? 0 : 1) + (name === undefined ? 0 : 1))
    return null;
  if (name !== undefined && named < 0) return null;
  const y = year === undefined ? new Date(now).getFullYear() : Number(year);
  if (named >= 0) return numbers.length > 1 ? null : within(y, named, numbers[0]);
  if (numbers.length === 0) return year === undefined ? null : within(y);
  if (numbers.length > 2 || year === undefined) return null;
  // "2026-10-03" and "03.10.2026": the year says which way round it is.
  const [first, second] = parts[0] === year ? numbers : numbers.toReversed();
  return within(y, (first ?? 0) - 1, second);
}

const upTo = (start: number, next: number): Period => ({ start, end: next - 1 });

/** A year, a month or a day; nothing if there is no such day. */
function within(year: number, month?: number, day?: number): Period | null {
  const at = (y: number, m: number): number => new Date(y, m, 1).getTime();
  if (month === undefined) return upTo(at(year, 0), at(year + 1, 0));
  if (month < 0 || month > 11) return null;
  if (day === undefined) return upTo(at(year, month), at(year, month + 1));
  const date = new Date(year, month, day);
  if (date.getMonth() !== month || day <= 0) return null;
  return upTo(date.getTime(), addDays(date.getTime(), 1));
}

/** Where a date leads, as a sentence: to the first of its outputs in the order, newest or oldest first. */
export function leadsText({ start, end }: Period, now: number, oldestFirst: boolean): string {
  const label = dayLabel(dayStart(oldestFirst ? start : end), now);
  const day = label === "Today" || label === "Yesterday" ? label.toLowerCase() : label;
  return `Goes to what was made ${oldestFirst ? `from ${day} on` : `up to ${day}`}.`;
}
