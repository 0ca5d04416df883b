import { describe, expect, it } from "vitest";
import { clampRowHeight, dayAt, justify, rowAt, visibleRows, type Shape } from "./layout";

const options = { width: 800, rowHeight: 158, gap: 4, dayHeight: 34 };
const noon = new Date(2026, 10, 24, 12).getTime();

/** Shapes without a pattern, but the same in every run. */
function shapes(count: number, perDay: number): Shape[] {
  const ratios = [1, 0.67, 1.5, 1.78, 0.75, 1.33, 0.56];
  return Array.from({ length: count }, (_, at) => ({
    w: Math.round(1000 * (ratios[(at * 5 + (at >> 3)) % ratios.length] ?? 1)),
    h: 1000,
    at: noon - Math.floor(at / perDay) * 86_400_000 - (at % perDay) * 1000,
  }));
}

describe("justify", () => {
  it("places every cell once, in order, without overlap", () => {
    const cells = shapes(500, 90);
    const layout = justify(cells, options);
    const placed = layout.rows
      .filter((row) => row.kind === "pictures")
      .flatMap((row) => Array.from({ length: row.to - row.from }, (_, at) => row.from + at));
    expect(placed).toEqual(cells.map((_, at) => at));
    for (let at = 1; at < layout.rows.length; at += 1) {
      const above = layout.rows[at - 1];
      const row = layout.rows[at];
      if (above === undefined || row === undefined) throw new Error("row expected");
      expect(row.top).toBeGreaterThanOrEqual(above.top + above.height);
    }
  });

  it("fills the column in all rows but the last of a day, near the height asked for", () => {
    const layout = justify(shapes(500, 90), options);
    layout.rows.forEach((row, at) => {
      if (row.kind === "day") return;
      const last = layout.rows[at + 1]?.kind !== "pictures";
      const right = (layout.left[row.to - 1] ?? 0) + (layout.width[row.to - 1] ?? 0);
      expect(right).toBeLessThanOrEqual(options.width);
      if (last) {
        expect(row.height).toBeLessThanOrEqual(options.rowHeight);
      } else {
        expect(right).toBe(options.width);
        expect(row.height).toBeGreaterThan(options.rowHeight * 0.6);
        expect(row.height).toBeLessThanOrEqual(Math.ceil(options.rowHeight * 1.22));
      }
    });
  });

  it("keeps true shapes to within the rounding of a row", () => {
    const cells = shapes(200, 200);
    const layout = justify(cells, options);
    cells.forEach((cell, at) => {
      const row = layout.rows[layout.rowOf[at] ?? 0];
      if (row === undefined) throw new Error("row expected");
      const true_ = (cell.w / cell.h) * row.height;
      expect(Math.abs((layout.width[at] ?? 0) - true_)).toBeLessThan(7);
    });
  });

  it("begins a new row and a heading for each day", () => {
    const layout = justify(shapes(6, 2), options);
    expect(layout.rows.map((row) => row.kind)).toEqual([
      "day",
      "pictures",
      "day",
      "pictures",
      "day",
      "pictures",
    ]);
    expect(layout.rows[2]).toMatchObject({ from: 2, to: 4 });
  });

  it("gives things without a shape, very wide and very tall ones a usable box", () => {
    const at = noon;
    const layout = justify(
      [
        { w: 0, h: 0, at },
        { w: 9000, h: 100, at },
        { w: 10, h: 8000, at },
      ],
      options,
    );
    for (const width of layout.width) {
      expect(width).toBeGreaterThan(20);
      expect(width).toBeLessThanOrEqual(options.width);
    }
  });

  it("holds for nothing and for a column without width", () => {
    expect(justify([], options)).toMatchObject({ rows: [], height: 0 });
    const narrow = justify(shapes(3, 3), { ...options, width: 0 });
    expect(narrow.rows.length).toBeGreaterThan(0);
    expect(Number.isFinite(narrow.height)).toBe(true);
  });
});

describe("visibleRows", () => {
  it("finds exactly the rows that touch the window", () => {
    const layout = justify(shapes(20_000, 100), options);
    for (const y of [0, 137, 5000, 123_456, layout.height - 700, layout.height + 999]) {
      const seen = visibleRows(layout.rows, y, 700, 0);
      layout.rows.forEach((row, at) => {
        const touches = row.top + row.height > y && row.top < y + 700;
        if (touches) expect(at >= seen.from && at < seen.to, `row ${at} at ${y}`).toBe(true);
      });
      expect(seen.to - seen.from).toBeLessThan(14);
    }
  });

  it("is empty without rows", () => {
    expect(visibleRows([], 0, 700, 300)).toEqual({ from: 0, to: 0 });
  });
});

describe("rowAt and dayAt", () => {
  const layout = justify(shapes(400, 50), options);

  it("finds the row that begins at or above", () => {
    layout.rows.forEach((row, at) => {
      expect(rowAt(layout.rows, row.top)).toBe(at);
      expect(rowAt(layout.rows, row.top + 1)).toBe(at);
    });
    expect(rowAt(layout.rows, -50)).toBe(0);
  });

  it("finds the heading above", () => {
    const days = layout.rows.filter((row) => row.kind === "day");
    const third = days[2];
    if (third === undefined) throw new Error("three days expected");
    expect(dayAt(layout.rows, third.top + 60)).toBe(third);
  });
});

describe("clampRowHeight", () => {
  it("stays within 72 and 360", () => {
    expect([1, 72, 158.4, 999].map(clampRowHeight)).toEqual([72, 72, 158, 360]);
  });
});
