import { describe, expect, it } from "vitest";
import { FRAME_HEIGHT, frameWidth, GAP, layFilm, pushFilm, type Anchor } from "./film";

const MILLION = 1_000_000;
/** Shapes by turns, some without. */
const ratio = (at: number): number => [1.5, 0.66, 1, 0, 2.4][at % 5] ?? 1;
const width = 1100;

describe("the strip", () => {
  it("is full, without gaps, and lays out only what is in sight", () => {
    const frames = layFilm(ratio, MILLION, { at: 500_000, x: width / 2 }, width);
    expect(frames.length).toBeLessThan(30);
    expect(frames[0]?.x).toBeLessThanOrEqual(0);
    const last = frames.at(-1);
    expect((last?.x ?? 0) + (last?.w ?? 0)).toBeGreaterThanOrEqual(width - GAP);
    frames.slice(1).forEach((frame, at) => {
      const before = frames[at];
      expect(frame.x).toBeCloseTo((before?.x ?? 0) + (before?.w ?? 0) + GAP);
      expect(frame.at).toBe((before?.at ?? 0) + 1);
    });
  });

  it("ends where the pictures end", () => {
    expect(layFilm(ratio, 3, { at: 1, x: 50 }, width).map(({ at }) => at)).toEqual([0, 1, 2]);
    expect(layFilm(ratio, 0, { at: 0, x: 0 }, width)).toEqual([]);
    expect(layFilm(ratio, 2, { at: 99, x: 50 }, width).map(({ at }) => at)).toEqual([0, 1]);
  });

  it("shows what has no shape as a square, and nothing wider than twice its height", () => {
    expect(frameWidth(0)).toBe(FRAME_HEIGHT);
    expect(frameWidth(9)).toBe(2 * FRAME_HEIGHT);
  });
});

describe("pushing", () => {
  it("moves every frame that stays by as much", () => {
    const from: Anchor = { at: 1000, x: width / 2 };
    const before = layFilm(ratio, MILLION, from, width);
    const after = layFilm(ratio, MILLION, pushFilm(ratio, MILLION, from, width, -300), width);
    for (const frame of after) {
      const same = before.find(({ at }) => at === frame.at);
      if (same !== undefined) expect(frame.x).toBeCloseTo(same.x - 300);
    }
    expect(after.some(({ at }) => !before.some((frame) => frame.at === at))).toBe(true);
  });

  it("stops at both ends", () => {
    const first = pushFilm(ratio, MILLION, { at: 2, x: width / 2 }, width, 99_999);
    expect(first).toEqual({ at: 0, x: width / 2 });
    const last = pushFilm(ratio, MILLION, { at: MILLION - 2, x: width / 2 }, width, -99_999);
    expect(last).toEqual({ at: MILLION - 1, x: width / 2 });
  });
});
