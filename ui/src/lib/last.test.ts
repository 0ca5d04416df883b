import { expect, it, vi } from "vitest";
import { lastOf } from "./last";

it("makes the same once, and something else anew", () => {
  const make = vi.fn((list: readonly number[], by: number | null) =>
    list.map((n) => n * (by ?? 1)),
  );
  const made = lastOf(make);
  const list = [1, 2];
  const first = made(list, 2);
  expect(first).toEqual([2, 4]);
  expect(made(list, 2)).toBe(first);
  expect(make).toHaveBeenCalledTimes(1);
  // By what it is, not by what is in it.
  expect(made([1, 2], 2)).toEqual(first);
  expect(made(list, null)).toEqual([1, 2]);
  expect(made(list, 2)).toEqual(first);
  expect(make).toHaveBeenCalledTimes(4);
});
