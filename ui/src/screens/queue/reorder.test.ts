import { describe, expect, it } from "vitest";
import type { JobView } from "../../bindings/JobView";
import { beforeAt, gapsFor, nearest, stepBy } from "./reorder";
import { rowsOf } from "./rows";

const job = (id: string, batch = id, kind: "held" | "queued" = "held"): JobView =>
  ({ id, batch_id: batch, batch_name: null, state: { kind } }) as JobView;
const open = new Map<string, boolean>();
const ids = ["a", "b", "c", "d"];

describe("beforeAt", () => {
  it.each([
    ["one up", ["c"], 0, "a"],
    ["one down", ["a"], 3, "d"],
    ["to the end", ["a"], 4, null],
    ["where it stands", ["b"], 1, undefined],
    ["right behind itself", ["b"], 2, undefined],
    ["several together", ["a", "d"], 2, "c"],
    ["the last to the end", ["d"], 4, undefined],
  ])("%s", (_, moving, at, before) => expect(beforeAt(ids, new Set(moving), at)).toBe(before));
});

describe("gaps", () => {
  // a, then an open batch of b, c, d, then e.
  const jobs = [job("a"), job("b", "1"), job("c", "1"), job("d", "1"), job("e")];
  const rows = rowsOf(jobs, open);
  const of = (...moving: string[]): number[] => gapsFor(rows, new Set(moving)).map(({ at }) => at);

  it("are between batches for what is not of the batch, and for all of it", () => {
    expect(of("a")).toEqual([0, 1, 4, 5]);
    expect(of("b", "c", "d")).toEqual([0, 1, 4, 5]);
    expect(of("a", "c")).toEqual([0, 1, 4, 5]);
  });

  it("are also within the batch for a part of it", () => {
    expect(of("c")).toEqual([0, 1, 1, 2, 3, 4, 5]);
  });

  it("are not before what a server has", () => {
    const sent = rowsOf([job("x", "x", "queued"), ...jobs.slice(0, 1)], open);
    expect(gapsFor(sent, new Set(["a"])).map(({ at }) => at)).toEqual([1, 2]);
  });

  it("the nearest to a point is taken", () => {
    const gaps = gapsFor(rows, new Set(["a"]));
    expect(nearest(gaps, -50, 48)).toEqual({ row: 0, at: 0 });
    // In the middle of the open batch of four rows: it is not torn apart.
    expect(nearest(gaps, 48 * 2, 48)).toEqual({ row: 1, at: 1 });
    expect(nearest(gaps, 48 * 4, 48)).toEqual({ row: 5, at: 4 });
    expect(nearest(gaps, 9999, 48)).toEqual({ row: 6, at: 5 });
  });

  it("a step goes over a whole batch, or within it", () => {
    const all = jobs.map(({ id }) => id);
    const step = (by: 1 | -1, ...moving: string[]): string | null | undefined => {
      const set = new Set(moving);
      return beforeAt(all, set, stepBy(gapsFor(rows, set), all, set, by));
    };
    expect(step(1, "a")).toBe("e");
    expect(step(-1, "e")).toBe("b");
    expect(step(1, "b", "c", "d")).toBeNull();
    expect(step(-1, "b", "c", "d")).toBe("a");
    expect(step(1, "b")).toBe("d");
    expect(step(-1, "c")).toBe("b");
    expect(step(-1, "b")).toBe("a");
    expect(step(1, "d")).toBeNull();
    expect(step(-1, "a")).toBeUndefined();
    expect(step(1, "e")).toBeUndefined();
  });

  it("are found in one walk for ten thousand jobs", () => {
    const many = rowsOf(
      Array.from({ length: 10_000 }, (_, at) => job(`j${at}`, `b${at >> 6}`)),
      open,
    );
    const started = performance.now();
    nearest(gapsFor(many, new Set(["j5000"])), 100_000, 48);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
