import { describe, expect, it } from "vitest";
import {
  atTime,
  type Columns,
  decode,
  NONE,
  ofCells,
  positionOf,
  sameColumns,
  shapeOf,
  survivor,
  withOpened,
} from "./columns";
import { cellOf, columnsOf, wire } from "./fixtures";

const keysOf = (columns: Columns): number[] => [...columns.keys];

describe("decode", () => {
  it("reads what the host gives", () => {
    const columns = columnsOf([
      { at: 5000, shape: 384, stack: 3 },
      { at: 4000, shape: 0 },
      { at: 4_000_000_000_000 },
    ]);
    expect(decode(wire(columns))).toEqual(columns);
    expect(decode(wire(columnsOf([])))).toMatchObject({ count: 0 });
  });

  it("refuses bytes that are cut off or too many", () => {
    const bytes = wire(columnsOf([{ at: 1 }, { at: 2 }]));
    expect(() => decode(bytes.slice(0, 20))).toThrow("20 bytes for 2 pictures");
    expect(() => decode(new ArrayBuffer(2))).toThrow("2 bytes");
    expect(() => decode(new ArrayBuffer(8))).toThrow("8 bytes for 0 pictures");
  });
});

describe("ofCells", () => {
  it("has the same as the columns of these cells", () => {
    const columns = ofCells([
      cellOf(7, { at: 5_999, w: 300, h: 200, stack: 4 }),
      cellOf(3, { at: -5, w: 0, h: 0 }),
    ]);
    expect(keysOf(columns)).toEqual([7, 3]);
    expect([...columns.seconds]).toEqual([5, 0]);
    expect([...columns.shapes]).toEqual([384, 0]);
    expect([...columns.stacks]).toEqual([4, 1]);
  });

  it("keeps shapes within 16 bits", () => {
    expect(shapeOf(1_000_000, 1)).toBe(65535);
    expect(shapeOf(1, 1_000_000)).toBe(1);
  });
});

it("knows answers that lie as the one before", () => {
  const columns = columnsOf([{ at: 9000, stack: 3 }, { at: 8000 }]);
  expect(sameColumns(columns, decode(wire(columns)))).toBe(true);
  expect(sameColumns(columns, columnsOf([{ at: 9000, stack: 4 }, { at: 8000 }]))).toBe(false);
  expect(sameColumns(columns, columnsOf([{ at: 9000, stack: 3 }]))).toBe(false);
});

describe("withOpened", () => {
  const columns = columnsOf([{ at: 9000, stack: 3 }, { at: 8000 }, { at: 7000, stack: 2 }]);

  it("puts what is in a stack in place of it, on its day", () => {
    const opened = withOpened(
      columns,
      new Map([
        [3, ofCells([cellOf(3), cellOf(30)])],
        [1, ofCells([cellOf(1), cellOf(10), cellOf(11)])],
      ]),
    );
    expect(keysOf(opened)).toEqual([1, 10, 11, 2, 3, 30]);
    expect([...opened.seconds]).toEqual([9, 9, 9, 8, 7, 7]);
    expect([...opened.stacks]).toEqual([0, 0, 0, 1, 0, 0]);
  });

  it("leaves out stacks that are not there or empty", () => {
    expect(withOpened(columns, new Map([[99, ofCells([cellOf(99)])]]))).toBe(columns);
    expect(withOpened(columns, new Map([[1, NONE]]))).toBe(columns);
  });
});

describe("survivor", () => {
  const before = columnsOf(Array.from({ length: 10 }, () => ({ at: 1000 })));
  const now = (keys: number[]): Columns => ({ ...before, keys: Uint32Array.from(keys) });

  it("is the picture itself, or the nearest that is left", () => {
    expect(survivor(before, now([1, 5, 9]), 5)).toBe(5);
    expect(survivor(before, now([1, 9]), 5)).toBe(9);
    expect(survivor(before, now([1, 3]), 5)).toBe(3);
    expect(survivor(before, now([77]), 5)).toBe(-1);
    expect(survivor(before, now([1]), 99)).toBe(-1);
  });
});

describe("atTime", () => {
  const falling = columnsOf([{ at: 9000 }, { at: 7000 }, { at: 5000 }]);
  const rising = columnsOf([{ at: 5000 }, { at: 7000 }, { at: 9000 }]);

  it("finds the first at or after a time in either order", () => {
    expect([9500, 9000, 8000, 5000, 100].map((ms) => atTime(falling, ms, false))).toEqual([
      0, 0, 1, 2, 2,
    ]);
    expect([100, 5000, 6000, 9000, 9999].map((ms) => atTime(rising, ms, true))).toEqual([
      0, 0, 1, 2, 2,
    ]);
    expect(atTime(columnsOf([]), 5, false)).toBe(0);
  });
});

it("finds a picture among a million quickly", () => {
  const keys = Uint32Array.from({ length: 1_000_000 }, (_, at) => 2_000_000 - at);
  const columns = { ...columnsOf([]), count: keys.length, keys };
  // The best of some: other programs run beside a test.
  let took = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5; run += 1) {
    const started = performance.now();
    expect(positionOf(columns, 1_000_001)).toBe(999_999);
    took = Math.min(took, performance.now() - started);
  }
  expect(took).toBeLessThan(500);
  expect(positionOf(columns, null)).toBe(-1);
});
