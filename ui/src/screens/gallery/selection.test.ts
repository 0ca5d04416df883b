import { describe, expect, it } from "vitest";
import { choose } from "./selection";

const order = ["a", "b", "c", "d", "e"];
const plain = { add: false, range: false };

describe("choose", () => {
  it("chooses one", () => {
    expect([...choose(order, new Set(["a", "b"]), "a", "d", plain)]).toEqual(["d"]);
  });

  it("adds and takes away with Ctrl", () => {
    const added = choose(order, new Set(["a"]), "a", "c", { add: true, range: false });
    expect([...added]).toEqual(["a", "c"]);
    expect([...choose(order, added, "c", "a", { add: true, range: false })]).toEqual(["c"]);
  });

  it("takes a range with Shift, both ways, and adds it with Ctrl", () => {
    const range = { add: false, range: true };
    expect([...choose(order, new Set(["e"]), "b", "d", range)]).toEqual(["b", "c", "d"]);
    expect([...choose(order, new Set(), "d", "b", range)]).toEqual(["b", "c", "d"]);
    expect([...choose(order, new Set(["e"]), "a", "b", { add: true, range: true })]).toEqual([
      "e",
      "a",
      "b",
    ]);
  });

  it("chooses one if the range has no beginning any more", () => {
    expect([...choose(order, new Set(), "gone", "c", { add: false, range: true })]).toEqual(["c"]);
  });
});
