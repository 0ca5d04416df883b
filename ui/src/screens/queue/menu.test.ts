import { describe, expect, it } from "vitest";
import type { JobView } from "../../bindings/JobView";
import { actionsFor } from "./menu";

const job = (id: string, more: Partial<JobView> = {}): JobView =>
  ({
    id,
    batch_id: `b-${id}`,
    batch_name: null,
    batch_count: 1,
    on_hold: false,
    start_at: null,
    sheet: false,
    state: { kind: "held" },
    ...more,
  }) as JobView;
const items = (jobs: JobView[]) => actionsFor(jobs, 1_000).filter((item) => item !== "line");
const on = (jobs: JobView[]): string[] =>
  items(jobs)
    .filter(({ off }) => off !== true)
    .map(({ text }) => text);

describe("the actions for jobs", () => {
  it("are all there for one that waits, but for those that need more", () => {
    expect(
      items([job("a")])
        .filter(({ off }) => off)
        .map(({ text }) => text),
    ).toEqual(["Group…", "Ungroup"]);
  });

  it("are those for many, for many", () => {
    const texts = on([job("a"), job("b")]);
    expect(texts).toContain("Group 2 jobs…");
    for (const alone of ["Open job", "View nodes", "Edit…", "Edit and run", "Name the batch…"])
      expect(texts).not.toContain(alone);
    const together = { batch_id: "x", batch_count: 2 };
    expect(on([job("a", together), job("b", together)])).toContain("Name the batch…");
    expect(on([job("a", together)])).toContain("Ungroup");
    expect(on([job("a", together), job("b", together)])).toContain("Open sheet");
    expect(on([job("a")])).not.toContain("Open sheet");
  });

  it("leave alone what a server has", () => {
    expect(on([job("a", { state: { kind: "queued" } })])).toEqual([
      "Open job",
      "View nodes",
      "Edit…",
      "Edit and run",
      "Duplicate",
      "Name the batch…",
      "Cancel",
    ]);
  });

  it("say what they do to these", () => {
    expect(on([job("a", { on_hold: true })])).toContain("Release");
    expect(on([job("a", { start_at: 2_000 })])).toContain("Do not wait for the time");
    expect(on([job("a", { start_at: 500 })])).not.toContain("Do not wait for the time");
  });

  it("have one key each", () => {
    const keys = items([job("a")]).flatMap((item) => item.keys ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
