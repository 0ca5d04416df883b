import { describe, expect, it } from "vitest";
import { aboutFile, aboutNode } from "./fixtures";
import { firstToSee, refreshed, rowsOf, unfolds } from "./rows";

const good = aboutFile("good");
const look = aboutFile("look", { standing: "needs_look", message: "It lacks a model." });
const bad = aboutFile("bad", { standing: "refused", message: "It is no workflow." });

describe("rows", () => {
  it("stand in three groups, those of a group as they were given", () => {
    const rows = rowsOf([bad, good, look, { ...good, name: "good too" }], new Set([0, 1]));
    expect(
      rows.map((row) =>
        row.kind === "head"
          ? `${row.group} ${row.items.length}`
          : `${row.item.name} ${row.at} ${row.pos}/${row.of}${row.open ? " open" : ""}`,
      ),
    ).toEqual([
      "queued 2",
      "good 1 1/2",
      "good too 3 2/2",
      "look 1",
      "look 2 1/1",
      "refused 1",
      "bad 0 1/1 open",
    ]);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  });

  it("have a group of files that go into a workflow of the same report", () => {
    const along = aboutFile("harbour.png", { kind: "input", standing: "taken_along" });
    const rows = rowsOf([along, good, bad], new Set());
    expect(rows.flatMap((row) => (row.kind === "head" ? [row.group] : []))).toEqual([
      "queued",
      "along",
      "refused",
    ]);
  });

  it("leave out groups without files, and are quick with many", () => {
    expect(rowsOf([], new Set())).toEqual([]);
    expect(
      rowsOf(
        Array.from({ length: 2000 }, () => bad),
        new Set(),
      ),
    ).toHaveLength(2001);
  });

  it("begin with what needs a look", () => {
    expect(firstToSee(rowsOf([good, bad, look], new Set()))).toBe(3);
    expect(firstToSee(rowsOf([good, bad], new Set()))).toBe(1);
    expect(firstToSee([])).toBe(-1);
  });

  it("unfold where there is more to see", () => {
    expect([good, look, bad].map(unfolds)).toEqual([false, true, true]);
    expect(unfolds({ ...good, findings: [aboutNode("a hint", { severity: "says" })] })).toBe(true);
  });
});

describe("findings after a value was changed", () => {
  const doubt = aboutNode("It was read so.", { kind: "conversion" });
  const item = { ...look, findings: [doubt, aboutNode("lacks a")] };
  it("are the doubts of the reading, and what the best server lacks now", () => {
    const server = { server_id: "a", ability: "can" as const, text: "", findings: [] };
    expect(refreshed(item, { blocked: null, servers: [server] })).toEqual([doubt]);
    const took = aboutNode("Took a.png.", { kind: "taken_along", severity: "says" });
    const not = aboutNode("b.png is not taken along.", { kind: "taken_along", severity: "warns" });
    const along = { ...item, findings: [took, not] };
    expect(refreshed(along, { blocked: null, servers: [server] })).toEqual([took]);
    const lacks = { ...server, ability: "cannot" as const, findings: [aboutNode("lacks b")] };
    expect(refreshed(item, { blocked: "No.", servers: [lacks] }).map(({ text }) => text)).toEqual([
      "It was read so.",
      "lacks b",
    ]);
  });
});
