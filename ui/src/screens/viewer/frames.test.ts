import { describe, expect, it } from "vitest";
import { exactClock, frameAt, Frames, stepTarget } from "./frames";

/** Plays so many frames, their times rounded as files do; `left` are left out. */
function played(fps: number, count: number, left: readonly number[] = []): Frames {
  const frames = new Frames();
  for (let at = 0; at < count; at += 1) {
    if (!left.includes(at)) frames.see(Math.round((at / fps) * 1000) / 1000);
  }
  return frames;
}

const RATES = [8, 12, 16, 24_000 / 1001, 24, 25, 30, 50, 60];

describe("the length of a frame", () => {
  it.each(RATES)("is learnt from a few frames at %d a second", (fps) => {
    expect(played(fps, 25).length).toBeCloseTo(1 / fps, 5);
  });

  it("is learnt where some were left out", () => {
    expect(played(16, 30, [3, 4, 9, 17, 18, 19]).length).toBeCloseTo(1 / 16, 4);
  });

  it("may be one that no encoder writes", () => {
    expect(played(7, 20).length).toBeCloseTo(1 / 7, 3);
  });

  it("is not known before, nor from a jump", () => {
    expect(new Frames().length).toBeNull();
    const frames = new Frames();
    for (const time of [0, 5, 1, 7, 2]) {
      frames.jump();
      frames.see(time);
    }
    expect(frames.length).toBeNull();
    expect(frames.enough).toBe(false);
    expect(played(24, 20).enough).toBe(true);
  });
});

describe("a step", () => {
  it.each(RATES)("is one frame at %d a second, forward and back, to both ends", (fps) => {
    const length = 1 / fps;
    const duration = 3;
    const most = Math.ceil(duration * fps - 0.01) - 1;
    let time = 0;
    for (let at = 1; at <= most; at += 1) {
      time = stepTarget(time, 1, length, duration);
      expect(frameAt(time, length)).toBe(at);
      expect(time).toBeLessThan(duration + length);
    }
    expect(frameAt(stepTarget(time, 1, length, duration), length)).toBe(most);
    for (let at = most - 1; at >= 0; at -= 1) {
      time = stepTarget(time, -1, length, duration);
      expect(frameAt(time, length)).toBe(at);
    }
    expect(frameAt(stepTarget(time, -1, length, duration), length)).toBe(0);
  });

  it("goes on where nothing is known", () => {
    expect(stepTarget(1, 1, null, 10)).toBeGreaterThan(1.03);
    expect(stepTarget(0, -1, null, 0)).toBeGreaterThanOrEqual(0);
  });
});

it("writes places to a thousandth", () => {
  expect(exactClock(0)).toBe("0:00.000");
  expect(exactClock(4.25)).toBe("0:04.250");
  expect(exactClock(59.9997)).toBe("1:00.000");
  expect(exactClock(125.5)).toBe("2:05.500");
});
