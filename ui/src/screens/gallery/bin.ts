/** The bin, in words. Pure. */
import type { BinView } from "../../bindings/BinView";
import { count } from "../../lib/format";

const DAY = 24 * 60 * 60 * 1000;

/** The terms to choose from, as values of a choice. */
export type Term = "7" | "30" | "90" | "never";

export const TERMS: readonly { value: Term; label: string }[] = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "never", label: "Never" },
];

/** The term as a value of the choice. */
export const termOf = (days: number | null): Term =>
  TERMS.find(({ value }) => value === String(days))?.value ?? "never";

/** The value of the choice as days. */
export const daysOf = (term: Term): number | null => (term === "never" ? null : Number(term));

/** How long what goes to the bin stays there. */
export const keptText = (days: number | null): string =>
  days === null ? "Kept until you empty the bin." : `Kept for ${count(days, "day")}.`;

/** How long things stay in the bin, and how long the oldest has left. */
export function termText({ days, due_at }: BinView, now: number): string {
  if (days === null) return "It stays there until you empty the bin.";
  const term = `Each is deleted for good after ${count(days, "day")}`;
  if (due_at === null) return `${term}.`;
  const left = Math.ceil((due_at - now) / DAY);
  return `${term}; the oldest ${left <= 0 ? "is due now" : left === 1 ? "goes within a day" : `has ${left} days left`}.`;
}
