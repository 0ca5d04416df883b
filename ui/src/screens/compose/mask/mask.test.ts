import { expect, it } from "vitest";
import { Acts, firstSize, fitScale, inPicture, LARGEST, nextSize, SMALLEST } from "./mask";

it("has brush sizes from the smallest to the largest and back", () => {
  let size = SMALLEST;
  const seen = new Set<number>();
  for (let step = 0; step < 100 && size < LARGEST; step += 1) {
    size = nextSize(size, true);
    expect(seen.has(size)).toBe(false);
    seen.add(size);
  }
  expect(size).toBe(LARGEST);
  for (let step = 0; step < 100 && size > SMALLEST; step += 1) size = nextSize(size, false);
  expect([size, nextSize(size, false)]).toEqual([SMALLEST, SMALLEST]);
  expect(firstSize(1024, 700)).toBe(50);
});

it("takes back what was painted last, until something new is painted", () => {
  const acts = new Acts();
  acts.add({ kind: "invert" });
  acts.add({ kind: "clear" });
  expect([acts.undo(), acts.done.length, acts.canRedo]).toEqual([true, 1, true]);
  expect([acts.redo(), acts.done.length]).toEqual([true, 2]);
  acts.undo();
  acts.add({ kind: "invert" });
  expect([acts.canRedo, acts.redo()]).toEqual([false, false]);
  acts.undo();
  acts.undo();
  expect(acts.undo()).toBe(false);
});

it("goes on from what was painted before", () => {
  const acts = new Acts([{ kind: "invert" }]);
  acts.add({ kind: "clear" });
  expect([acts.undo(), acts.undo(), acts.undo()]).toEqual([true, true, false]);
});

it("keeps a bounded number", () => {
  const acts = new Acts();
  let full = false;
  for (let at = 0; at < 501; at += 1) full = acts.add({ kind: "invert" });
  expect(full).toBe(true);
  expect(acts.whole).toBe(true);
  acts.drop();
  expect(acts.whole).toBe(false);
  expect(acts.done.length).toBe(500);
});

it("finds the place in the picture", () => {
  const box = { left: 10, top: 20, width: 100, height: 50 };
  const picture = { width: 1000, height: 500 };
  expect(inPicture({ x: 60, y: 45 }, box, picture)).toEqual({ x: 500, y: 250 });
  expect(inPicture({ x: 0, y: 999 }, box, picture)).toEqual({ x: 0, y: 500 });
  expect(fitScale(picture, { width: 500, height: 500 })).toBe(0.5);
  expect(fitScale({ width: 10, height: 10 }, { width: 500, height: 500 })).toBe(4);
});
