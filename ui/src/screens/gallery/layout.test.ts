import { describe, expect, it } from "vitest";
import { columnsOf } from "./fixtures";
import {
  boxes,
  clampRowHeight,
  HEADING,
  justify,
  listed,
  LOOSE,
  rowAt,
  rowOf,
  visibleRows,
} from "./layout";
import type { Columns } from "./columns";

const options = { width: 800, rowHeight: 158, gap: 4, dayHeight: 34 };
const noon = new Date(2026, 10, 24, 12).getTime();

/** Shapes without a pattern, but the same in every run. */
function shapes(count: number, perDay: number): Columns {
  const ratios = [1, 0.67, 1.5, 1.78, 0.75, 1.33, 0.56];
  return columnsOf(
    Array.from({ length: count }, (_, at) => ({
      shape: Math.round(256 * (ratios[(at * 5 + (at >> 3)) % ratios.length] ?? 1)),
      at: noon - Math.floor(at / perDay) * 86_400_000 - (at % perDay) * 100,
    })),
  );
}

const rowsOf = (count: number): number[] => Array.from({ length: count }, (_, row) => row);

describe("justify", () => {
  it("places every cell once, in order, without overlap", () => {
    const cells = shapes(500, 90);
    const layout = justify(cells, options);
    const placed = rowsOf(layout.rows)
      .filter((row) => layout.kind[row] !== HEADING)
      .flatMap((row) => boxes(cells, layout, row, options).map(({ at }) => at));
    expect(placed).toEqual(rowsOf(500));
    for (let row = 1; row < layout.rows; row += 1) {
      const bottom = (layout.top[row - 1] ?? 0) + (layout.height[row - 1] ?? 0);
      expect(layout.top[row]).toBeGreaterThanOrEqual(bottom);
    }
  });

  it("fills the column in all rows but the last of a day, near the height asked for", () => {
    const cells = shapes(500, 90);
    const layout = justify(cells, options);
    for (const row of rowsOf(layout.rows)) {
      if (layout.kind[row] === HEADING) continue;
      const end = boxes(cells, layout, row, options).at(-1);
      const right = (end?.left ?? 0) + (end?.width ?? 0);
      const last = row + 1 === layout.rows || layout.kind[row + 1] === HEADING;
      expect(right).toBeLessThanOrEqual(options.width);
      if (layout.kind[row] === LOOSE) {
        expect(last).toBe(true);
        expect(layout.height[row]).toBeLessThanOrEqual(options.rowHeight);
      } else {
        expect(right).toBe(options.width);
        expect(layout.height[row]).toBeGreaterThan(options.rowHeight * 0.6);
        expect(layout.height[row]).toBeLessThanOrEqual(Math.ceil(options.rowHeight * 1.22));
      }
    }
  });

  it("keeps true shapes to within the rounding of a row", () => {
    const cells = shapes(200, 200);
    const layout = justify(cells, options);
    for (const row of rowsOf(layout.rows).slice(1)) {
      for (const { at, width } of boxes(cells, layout, row, options)) {
        const exact = ((cells.shapes[at] ?? 0) / 256) * (layout.height[row] ?? 0);
        expect(Math.abs(width - exact)).toBeLessThan(7);
      }
    }
  });

  it("begins a new row and a heading for each day, and none in another order", () => {
    const layout = justify(shapes(6, 2), options);
    const kinds = [...layout.kind].map((kind) => kind === HEADING);
    expect(kinds).toEqual([true, false, true, false, true, false]);
    expect([layout.from[2], layout.to[2]]).toEqual([2, 4]);
    const plain = justify(shapes(6, 2), { ...options, dayHeight: null });
    expect([...plain.kind]).not.toContain(HEADING);
  });

  it("gives things without a shape, very wide and very tall ones a usable box", () => {
    const cells = columnsOf([0, 23_040, 1].map((shape) => ({ shape, at: noon })));
    const layout = justify(cells, options);
    for (const row of rowsOf(layout.rows).slice(1)) {
      for (const { width } of boxes(cells, layout, row, options)) {
        expect(width).toBeGreaterThan(20);
        expect(width).toBeLessThanOrEqual(options.width);
      }
    }
  });

  it("holds for nothing and for a column without width", () => {
    expect(justify(columnsOf([]), options)).toMatchObject({ rows: 0, total: 0 });
    expect(justify(columnsOf([]), { ...options, dayHeight: null })).toMatchObject({ rows: 0 });
    const narrow = justify(shapes(3, 3), { ...options, width: 0 });
    expect(narrow.rows).toBeGreaterThan(0);
    expect(Number.isFinite(narrow.total)).toBe(true);
  });

  it("lays out a million at once", () => {
    const million = shapes(1_000_000, 280);
    // The best of some: other programs run beside a test.
    let took = Number.POSITIVE_INFINITY;
    let layout = justify(million, options);
    for (let run = 0; run < 5; run += 1) {
      const started = performance.now();
      layout = justify(million, options);
      took = Math.min(took, performance.now() - started);
    }
    console.info(`a million pictures in ${layout.rows} rows: ${took.toFixed(1)} ms`);
    expect(layout.to.at(-1)).toBe(1_000_000);
    // It takes far less; a look at all others for each would take minutes.
    expect(took).toBeLessThan(500);
  });
});

describe("visibleRows", () => {
  it("finds exactly the rows that touch the window", () => {
    const layout = justify(shapes(20_000, 100), options);
    for (const y of [0, 137, 5000, 123_456, layout.total - 700, layout.total + 999]) {
      const seen = visibleRows(layout, y, 700, 0);
      for (const row of rowsOf(layout.rows)) {
        const top = layout.top[row] ?? 0;
        const touches = top + (layout.height[row] ?? 0) > y && top < y + 700;
        if (touches) expect(row >= seen.from && row < seen.to, `row ${row} at ${y}`).toBe(true);
      }
      expect(seen.to - seen.from).toBeLessThan(14);
    }
  });

  it("is empty without rows", () => {
    expect(visibleRows(justify(columnsOf([]), options), 0, 700, 300)).toEqual({ from: 0, to: 0 });
  });
});

describe("rowAt and rowOf", () => {
  const cells = shapes(400, 50);
  const layout = justify(cells, options);

  it("find the row that begins at or above, and the row of a cell", () => {
    for (const row of rowsOf(layout.rows)) {
      const top = layout.top[row] ?? 0;
      expect(rowAt(layout, top)).toBe(row);
      expect(rowAt(layout, top + 1)).toBe(row);
      if (layout.kind[row] === HEADING) continue;
      for (const { at } of boxes(cells, layout, row, options)) expect(rowOf(layout, at)).toBe(row);
    }
    expect(rowAt(layout, -50)).toBe(0);
  });
});

describe("listed", () => {
  it("has one cell a row from edge to edge", () => {
    const cells = columnsOf([{ at: 1, shape: 0 }, { at: 2 }]);
    const layout = listed(cells, 48);
    expect(layout.total).toBe(96);
    expect(boxes(cells, layout, 1, { width: 500, gap: 0 })).toEqual([
      { at: 1, left: 0, width: 500 },
    ]);
    expect(rowOf(layout, 1)).toBe(1);
  });
});

describe("clampRowHeight", () => {
  it("stays within 72 and 360", () => {
    expect([1, 72, 158.4, 999].map(clampRowHeight)).toEqual([72, 72, 158, 360]);
  });
});
