import { describe, expect, it } from "vitest";
import { columnsOf } from "./fixtures";
import { boxes, HEADING, justify } from "./layout";
import { moveOf, target } from "./navigate";

const noon = new Date(2026, 10, 24, 12).getTime();
const options = { width: 800, rowHeight: 200, gap: 4, dayHeight: 34 };
/** Two days: 10 squares, then 4; four squares of about 197 px in a full row. */
const cells = columnsOf(
  Array.from({ length: 14 }, (_, at) => ({ at: noon - (at < 10 ? 0 : 86_400_000) })),
);
const layout = justify(cells, options);
const boxesOf = (row: number) => boxes(cells, layout, row, options);
const go = (from: number, move: Parameters<typeof target>[3]): number =>
  target(layout, boxesOf, from, move, 420);

describe("target", () => {
  it("lies on rows of four", () => {
    expect([...layout.to].filter((_, row) => layout.kind[row] !== HEADING)).toEqual([4, 8, 10, 14]);
  });

  it("goes left and right across rows, and stops at the ends", () => {
    expect(go(4, "left")).toBe(3);
    expect(go(3, "right")).toBe(4);
    expect(go(0, "left")).toBe(0);
    expect(go(13, "right")).toBe(13);
  });

  it("goes up and down to the nearest, across a day's heading", () => {
    expect(go(1, "down")).toBe(5);
    expect(go(6, "up")).toBe(2);
    expect(go(7, "down")).toBe(9);
    expect(go(9, "down")).toBe(11);
    expect(go(10, "up")).toBe(8);
    expect(go(2, "up")).toBe(2);
    expect(go(13, "down")).toBe(13);
  });

  it("goes to the ends and by pages", () => {
    expect(go(7, "home")).toBe(0);
    expect(go(7, "end")).toBe(13);
    expect(go(0, "page-down")).toBe(8);
    expect(go(13, "page-up")).toBeLessThan(9);
    expect(go(0, "page-up")).toBe(0);
    expect(go(13, "page-down")).toBe(13);
  });

  it("has nowhere to go without pictures", () => {
    expect(target(justify(columnsOf([]), options), boxesOf, 0, "down", 400)).toBe(-1);
  });
});

describe("moveOf", () => {
  it("knows the keys that move and no others", () => {
    expect(moveOf("PageDown")).toBe("page-down");
    expect(moveOf("a")).toBeUndefined();
    expect(moveOf("constructor")).toBeUndefined();
  });
});
