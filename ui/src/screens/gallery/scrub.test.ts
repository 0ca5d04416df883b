import { describe, expect, it } from "vitest";
import { markAt, markOf, scrub } from "./scrub";

const noon = new Date(2026, 10, 25, 12).getTime();
const week = 7 * 86_400_000;
/** Pictures made so long before noon. */
const ago = (...ms: number[]): Uint32Array =>
  Uint32Array.from(ms, (before) => Math.floor((noon - before) / 1000));

describe("scrub", () => {
  it("has one mark per week, as wide as the week was busy", () => {
    const cells = ago(0, 1, 2, 3, 2 * week, 3 * week, 3 * week + 1);
    const { marks } = scrub(cells, 700);
    expect(marks.map((mark) => mark.density)).toEqual([1, 0, 0.25, 0.5]);
    expect(marks.map((mark) => mark.index)).toEqual([0, 4, 4, 5]);
  });

  it("works oldest first", () => {
    const cells = ago(3 * week, 2 * week, 1, 0);
    const { marks } = scrub(cells, 700);
    expect(marks.map((mark) => mark.index)).toEqual([0, 1, 2, 2]);
  });

  it("stays within its height for many years, with labels that do not touch", () => {
    const cells = ago(...Array.from({ length: 3000 }, (_, at) => at * 86_400_000));
    const { marks, labels } = scrub(cells, 700);
    expect(marks.at(-1)?.y).toBeLessThan(700);
    expect(labels.map((label) => label.text)).toContain("2020");
    labels.forEach((label, at) => {
      const above = labels[at - 1];
      if (above !== undefined) expect(label.y - above.y).toBeGreaterThanOrEqual(30);
    });
  });

  it("is empty without pictures", () => {
    expect(scrub(ago(), 700)).toEqual({ marks: [], labels: [] });
    expect(markAt([], 5)).toBeUndefined();
  });

  it("finds marks by place and by picture", () => {
    const cells = ago(0, 2 * week, 3 * week);
    const { marks } = scrub(cells, 700);
    expect(markAt(marks, 0)).toBe(marks[0]);
    expect(markAt(marks, 9999)).toBe(marks[3]);
    expect(markOf(marks, 1)).toBe(marks[2]);
    expect(markOf(marks, 0)).toBe(marks[0]);
  });
});
