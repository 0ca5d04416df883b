import { describe, expect, it } from "vitest";
import { addDays, dayLabel, dayRuns, dayStart } from "./days";

const noon = new Date(2026, 10, 24, 12).getTime();

describe("days", () => {
  it("names today, yesterday, days of this year and of others", () => {
    expect(dayLabel(dayStart(noon), noon)).toBe("Today");
    expect(dayLabel(addDays(dayStart(noon), -1), noon)).toBe("Yesterday");
    expect(dayLabel(new Date(2026, 10, 17).getTime(), noon)).toMatch(/^Tuesday,? 17 November$/);
    expect(dayLabel(new Date(2025, 10, 17).getTime(), noon)).toBe("17 November 2025");
  });

  it("splits at midnight, newest first and oldest first", () => {
    const midnight = dayStart(noon);
    const falling = [{ at: noon }, { at: midnight }, { at: midnight - 1 }, { at: midnight - 2 }];
    const runs = dayRuns(falling).map((run) => [run.from, run.to]);
    expect(runs).toEqual([
      [0, 2],
      [2, 4],
    ]);
    expect(dayRuns(falling.toReversed()).map((run) => [run.from, run.to])).toEqual([
      [0, 2],
      [2, 4],
    ]);
  });
});
