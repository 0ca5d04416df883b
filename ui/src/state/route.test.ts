import { expect, it } from "vitest";
import { hashOf, parse, type Place } from "./route.svelte";

it.each<[string, Place]>([
  ["", { name: "queue" }],
  ["#/workflows", { name: "workflows" }],
  ["#/nodes/abc", { name: "nodes", id: "abc" }],
  ["#/job/1", { name: "job", id: "1" }],
  ["#/job", { name: "queue" }],
  ["#/new", { name: "new" }],
  ["#/compose/d1", { name: "compose", id: "d1" }],
  ["#/sheet/b1", { name: "sheet", id: "b1" }],
  ["#/compose", { name: "queue" }],
  ["#/nowhere/1", { name: "queue" }],
])("%j is a place", (hash, place) => expect(parse(hash)).toEqual(place));

it("has an address for every place", () => {
  for (const place of [{ name: "gallery" }, { name: "viewer", id: "7" }] as Place[])
    expect(parse(hashOf(place))).toEqual(place);
});
