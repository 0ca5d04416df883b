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
    const falling = [noon, midnight, midnight - 1000, midnight - 2000].map((at) => at / 1000);
    for (const seconds of [falling, falling.toReversed()]) {
      expect(dayRuns(Uint32Array.from(seconds)).map((run) => [run.from, run.to])).toEqual([
        [0, 2],
        [2, 4],
      ]);
    }
    expect(dayRuns(new Uint32Array(0))).toEqual([]);
  });
});
