import { describe, expect, it } from "vitest";
import { KEPT, path, push } from "./readings";

describe("readings", () => {
  it("keeps the newest", () => {
    let readings: (number | null)[] = [];
    for (let at = 0; at < KEPT + 5; at += 1) readings = push(readings, at);
    expect(readings).toHaveLength(KEPT);
    expect(readings[0]).toBe(5);
    expect(readings.at(-1)).toBe(KEPT + 4);
  });

  it("ends at the right edge, and lifts the pen where no answer came", () => {
    expect(path([4, 8, null, 8], 430, 30)).toBe("M400.0 16.0L410.0 5.0M430.0 5.0");
  });

  it("draws nothing without readings", () => {
    expect(path([], 132, 30)).toBe("");
    expect(path([null], 132, 30)).toBe("");
  });
});
