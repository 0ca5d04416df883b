import { describe, expect, it } from "vitest";
import {
  captionStyle,
  containedIn,
  fitScale,
  fitted,
  isFitted,
  MARGIN,
  settle,
  wheelScale,
  zoomAt,
} from "./view";

const stage = { w: 1152, h: 754 };
const picture = { w: 1328, h: 880 };

describe("fit", () => {
  it("shows the whole picture with a margin", () => {
    const scale = fitScale(picture, stage);
    expect(picture.w * scale).toBeLessThanOrEqual(stage.w - 2 * MARGIN + 0.001);
    expect(picture.h * scale).toBeLessThanOrEqual(stage.h - 2 * MARGIN + 0.001);
    expect(isFitted(fitted(picture, stage), picture, stage)).toBe(true);
  });

  it("enlarges small pictures at most four times and survives pictures without a size", () => {
    expect(fitScale({ w: 16, h: 16 }, stage)).toBe(4);
    expect(fitScale({ w: 0, h: 0 }, stage)).toBe(1);
  });
});

describe("zoomAt", () => {
  it("keeps the spot under the pointer where it is", () => {
    const before = { scale: 2, x: 40, y: -30 };
    const at = { x: 120, y: 75 };
    const after = zoomAt(before, 3, at, picture, stage);
    const spot = (view: typeof before): { x: number; y: number } => ({
      x: (at.x - view.x) / view.scale,
      y: (at.y - view.y) / view.scale,
    });
    expect(spot(after).x).toBeCloseTo(spot(before).x);
    expect(spot(after).y).toBeCloseTo(spot(before).y);
  });

  it("does not go beyond its limits", () => {
    expect(zoomAt(fitted(picture, stage), 999, { x: 0, y: 0 }, picture, stage).scale).toBe(32);
    expect(zoomAt(fitted(picture, stage), 0.0001, { x: 0, y: 0 }, picture, stage).scale).toBe(0.1);
  });
});

describe("settle", () => {
  it("centres what fits and keeps edges of larger pictures at the margin", () => {
    expect(settle({ scale: 0.2, x: 300, y: 300 }, picture, stage)).toMatchObject({ x: 0, y: 0 });
    const far = settle({ scale: 2, x: 99_999, y: -99_999 }, picture, stage);
    expect(far.x).toBe((picture.w * 2 - stage.w) / 2 + MARGIN);
    expect(far.y).toBe(-((picture.h * 2 - stage.h) / 2 + MARGIN));
  });
});

describe("wheelScale", () => {
  it("goes there and back, and treats lines like pixels", () => {
    expect(wheelScale(wheelScale(1, 100, 0), -100, 0)).toBeCloseTo(1);
    expect(wheelScale(1, -100, 0)).toBeGreaterThan(1);
    expect(wheelScale(1, 3, 1)).toBeCloseTo(wheelScale(1, 48, 0));
  });
});

it.each([
  [
    { w: 100, h: 50 },
    { x: 0, y: 50, w: 200, h: 100 },
  ],
  [
    { w: 400, h: 800 },
    { x: 50, y: 0, w: 100, h: 200 },
  ],
  [
    { w: 200, h: 200 },
    { x: 0, y: 0, w: 200, h: 200 },
  ],
])("what has %o lies whole and in the middle of a frame", (of, box) => {
  expect(containedIn(of, { w: 200, h: 200 })).toEqual(box);
});

describe("captions", () => {
  const stage = { w: 1000, h: 600 };
  const at = (picture: { w: number; h: number }, part = {}): number[] =>
    [...captionStyle({ scale: 1, x: 0, y: 0, ...part }, picture, stage).matchAll(/(\d+)px/g)].map(
      ([, pixels]) => Number(pixels),
    );
  it.each([
    { what: "a tall picture", picture: { w: 400, h: 576 }, part: {}, spot: [312, 312, 24] },
    { what: "a wide one", picture: { w: 976, h: 400 }, part: {}, spot: [24, 24, 112] },
    {
      what: "one as wide as the stage",
      picture: { w: 1000, h: 600 },
      part: {},
      spot: [12, 12, 12],
    },
    { what: "a part of it", picture: { w: 2000, h: 1200 }, part: {}, spot: [12, 12, 12] },
    {
      what: "its corner",
      picture: { w: 2000, h: 1200 },
      part: { x: 512, y: 312 },
      spot: [24, 12, 24],
    },
    { what: "a small one", picture: { w: 100, h: 100 }, part: { scale: 4 }, spot: [312, 312, 112] },
    { what: "nothing yet", picture: { w: 0, h: 0 }, part: {}, spot: [12, 12, 12] },
  ])("stand within $what, and within the stage", ({ picture, part, spot }) => {
    expect(at(picture, part)).toEqual(spot);
  });
});
