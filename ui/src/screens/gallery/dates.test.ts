import { expect, it } from "vitest";
import { leadsText, periodOf } from "./dates";

const now = new Date(2026, 10, 24, 14).getTime();
const of = (text: string): string | null => {
  const period = periodOf(text, now);
  return period === null ? null : new Date(period.end + 1).toLocaleString("sv");
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

it.each([
  ["2026-10-03", "2026-10-03"],
  ["October", "2026-10-01"],
  ["2025", "2025-01-01"],
  ["today", "2026-11-24"],
  ["yesterday", "2026-11-23"],
])("knows where %s begins", (text, day) => {
  const start = periodOf(text, now)?.start ?? 0;
  expect(new Date(start).toLocaleString("sv")).toBe(`${day} 00:00:00`);
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
  const said = (text: string, oldestFirst = false): string =>
    leadsText(periodOf(text, now) ?? { start: 0, end: 0 }, now, oldestFirst);
  expect(said("today")).toBe("Goes to what was made up to today.");
  expect(said("yesterday")).toBe("Goes to what was made up to yesterday.");
  expect(said("17 November")).toMatch(/^Goes to what was made up to Tuesday,? 17 November\.$/);
  expect(said("2025")).toBe("Goes to what was made up to 31 December 2025.");
  expect(said("2025", true)).toBe("Goes to what was made from 1 January 2025 on.");
  expect(said("yesterday", true)).toBe("Goes to what was made from yesterday on.");
});
