import { describe, expect, it } from "vitest";
import type { BinView } from "../../bindings/BinView";
import { daysOf, keptText, TERMS, termOf, termText } from "./bin";

const HOUR = 60 * 60 * 1000;
const now = new Date(2026, 10, 28, 12).getTime();
const bin = (part: Partial<BinView>): BinView => ({
  days: 30,
  outputs: 3,
  bytes: 12_000_000,
  due_at: null,
  ...part,
});

describe("termText", () => {
  it.each([
    [{ days: null }, "It stays there until you empty the bin."],
    [{}, "Each is deleted for good after 30 days."],
    [
      { days: 7, due_at: now + 50 * HOUR },
      "Each is deleted for good after 7 days; the oldest has 3 days left.",
    ],
    [
      { due_at: now + 23 * HOUR },
      "Each is deleted for good after 30 days; the oldest goes within a day.",
    ],
    [{ due_at: now - HOUR }, "Each is deleted for good after 30 days; the oldest is due now."],
  ])("says the term and what is left: %o", (part, text) => {
    expect(termText(bin(part), now)).toBe(text);
  });
});

it("says how long what goes to the bin stays there", () => {
  expect([30, 1, null].map(keptText)).toEqual([
    "Kept for 30 days.",
    "Kept for 1 day.",
    "Kept until you empty the bin.",
  ]);
});

describe("terms", () => {
  it("are days and back", () => {
    for (const { value } of TERMS) expect(termOf(daysOf(value))).toBe(value);
    expect(termOf(12)).toBe("never");
  });
});
