import { expect, it } from "vitest";
import { endOf, upToText } from "./dates";

const now = new Date(2026, 10, 24, 14).getTime();
const of = (text: string): string | null => {
  const end = endOf(text, now);
  return end === null ? null : new Date(end + 1).toLocaleString("sv");
};

it("reads days, months and years, and means their end", () => {
  expect(of("2026-10-03")).toBe("2026-10-04 00:00:00");
  expect(of("3.10.2026")).toBe("2026-10-04 00:00:00");
  expect(of("3 October 2025")).toBe("2025-10-04 00:00:00");
  expect(of("oct 3")).toBe("2026-10-04 00:00:00");
  expect(of("2026-10")).toBe("2026-11-01 00:00:00");
  expect(of("October")).toBe("2026-11-01 00:00:00");
  expect(of("dec 2024")).toBe("2025-01-01 00:00:00");
  expect(of("2025")).toBe("2026-01-01 00:00:00");
  expect(of("today")).toBe("2026-11-25 00:00:00");
  expect(of(" Yesterday ")).toBe("2026-11-24 00:00:00");
});

it("reads nothing into what is no date", () => {
  for (const text of [
    "",
    "soon",
    "2026-13",
    "2026-02-30",
    "31",
    "1 2 3",
    "1.2.3.2026",
    "octopus x",
  ])
    expect(of(text)).toBeNull();
});

it("says where a date leads", () => {
  const said = (text: string): string => upToText(endOf(text, now) ?? 0, now);
  expect(said("today")).toBe("Goes to what was made up to today.");
  expect(said("yesterday")).toBe("Goes to what was made up to yesterday.");
  expect(said("17 November")).toMatch(/^Goes to what was made up to Tuesday,? 17 November\.$/);
  expect(said("2025")).toBe("Goes to what was made up to 31 December 2025.");
});
