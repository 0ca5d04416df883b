import { describe, expect, it } from "vitest";
import type { JobView } from "../../bindings/JobView";
import { batchTitle, goesOn, isAmong, leftOf, rowsOf, titlesOf } from "./rows";

const waiting = (id: string, batch: string, more: Partial<JobView> = {}): JobView =>
  ({
    id,
    batch_id: batch,
    batch_name: null,
    batch_index: 1,
    batch_count: 1,
    title: id,
    state: { kind: "held" },
    ...more,
  }) as JobView;
const none = new Map<string, boolean>();
const told = (jobs: JobView[], folds: ReadonlyMap<string, boolean> = none): string[] =>
  rowsOf(jobs, folds).map((row) =>
    row.kind === "batch"
      ? `${row.open ? "v" : ">"} ${row.jobs.length}`
      : `${row.head === null ? "" : "- "}${row.job.id}`,
  );

describe("rowsOf", () => {
  it("makes one row of several of a batch in a row, and leaves others alone", () => {
    const jobs = [waiting("a", "1"), waiting("b", "2"), waiting("c", "2"), waiting("d", "3")];
    expect(told(jobs)).toEqual(["a", "v 2", "- b", "- c", "d"]);
    expect(told(jobs, new Map([["2", false]]))).toEqual(["a", "> 2", "d"]);
    expect(told([])).toEqual([]);
  });

  it("keeps a named batch closed until it is opened", () => {
    const named = [waiting("a", "1", { batch_name: "x" }), waiting("b", "1", { batch_name: "x" })];
    expect(told(named)).toEqual(["> 2"]);
    expect(told(named, new Map([["1", true]]))).toEqual(["v 2", "- a", "- b"]);
  });

  it("leaves out what a server has, and gives each part of a torn batch a row and a key", () => {
    const jobs = [
      waiting("a", "1", { state: { kind: "queued" } }),
      waiting("b", "1"),
      waiting("c", "1"),
      waiting("d", "2"),
      waiting("e", "1"),
      waiting("f", "1"),
    ];
    expect(told(jobs)).toEqual(["a", "v 2", "- b", "- c", "d", "v 2", "- e", "- f"]);
    const keys = rowsOf(jobs, none).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    // The first job of a batch may be sent while its row has the focus.
    expect(rowsOf([...jobs.slice(2, 3), waiting("g", "1")], none)[0]?.key).toBe(keys[1]);
  });

  it("counts places for screen readers level by level", () => {
    const jobs = [waiting("a", "1"), waiting("b", "2"), waiting("c", "2"), waiting("d", "3")];
    const places = rowsOf(jobs, none).map(({ at, pos, of }) => [at, pos, of]);
    expect(places).toEqual([
      [0, 1, 3],
      [1, 2, 3],
      [1, 1, 2],
      [2, 2, 2],
      [3, 3, 3],
    ]);
  });

  it("takes ten thousand jobs in one walk", () => {
    const make = (count: number): JobView[] =>
      Array.from({ length: count }, (_, at) => waiting(`j${at}`, `b${Math.floor(at / 100)}`));
    const jobs = make(10_000);
    const started = performance.now();
    const rows = rowsOf(jobs, none);
    const took = performance.now() - started;
    expect(rows).toHaveLength(10_100);
    // It takes 7 ms. Generous, for a busy machine; a walk for each row would take seconds.
    expect(took).toBeLessThan(1_000);
  });
});

describe("a batch's row", () => {
  it("says what it holds", () => {
    const two = [
      waiting("a", "1", { title: "Fjord", batch_count: 5 }),
      waiting("b", "1", { title: "Lamp", batch_count: 5 }),
    ];
    expect(batchTitle(two)).toBe("Fjord and 1 more");
    expect(batchTitle([two[0] as JobView, waiting("c", "1", { title: "Fjord" })])).toBe("Fjord");
    expect(batchTitle([waiting("c", "1", { batch_name: "Harbour" })])).toBe("Harbour");
    expect(leftOf(two)).toBe("2 of 5 left");
    expect(leftOf(two.map((job) => ({ ...job, batch_count: 2 })))).toBe("2 jobs");
    expect(titlesOf([...two, ...two])).toBe("Fjord, Lamp");
  });

  it("is among some when all of it is", () => {
    const [row] = rowsOf([waiting("a", "1"), waiting("b", "1")], none);
    if (row === undefined) throw new Error("no row");
    expect(isAmong(row, new Set(["a"]))).toBe(false);
    expect(isAmong(row, new Set(["a", "b", "c"]))).toBe(true);
  });
});

describe("goesOn", () => {
  const part = (batch_name: string | null) =>
    ["a", "b"].map((id) => waiting(id, "1", { batch_name, batch_count: 3 }));
  const rows = (jobs: JobView[]) => rowsOf(jobs, none);
  it("tells whether the last batch has jobs that are not known, open or closed", () => {
    expect(goesOn(rows(part(null)))).toBe(true);
    expect(goesOn(rows(part("x")))).toBe(true);
    expect(goesOn(rows(part("x").slice(1)))).toBe(true);
    expect(goesOn(rows([...part("x"), waiting("d", "2")]))).toBe(false);
    expect(goesOn([])).toBe(false);
  });
});
