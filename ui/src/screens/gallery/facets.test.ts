import { expect, it } from "vitest";
import type { FacetView } from "../../bindings/FacetView";
import { groups, labelOf, libraryItems } from "./facets";

const facet = (
  key: string,
  ...values: [label: string, count: number, chosen?: boolean][]
): FacetView => ({
  key,
  more: 0,
  values: values.map(([label, count, chosen = false]) => ({
    label,
    count,
    chosen,
    text: `${key}:${label}`,
  })),
});

it("orders groups as the design does, unknown ones behind, empty ones not at all", () => {
  const facets = [
    facet("sampler", ["euler", 2]),
    facet("tag", ["for print", 3]),
    facet("lora"),
    facet("server", ["None", 12]),
    facet("kind", ["video", 1]),
    facet("model", ["sd_xl", 9]),
  ];
  expect(groups(facets).map(({ title }) => title)).toEqual(["Checkpoint", "Tags", "Sampler"]);
});

it("lists the library with what narrows to it", () => {
  const items = libraryItems("red is:binned", [facet("kind", ["video", 731], ["text", 2])], 18_306);
  expect(items.map(({ label, count, on }) => [label, count, on])).toEqual([
    ["Everything", 18_306, false],
    ["Favourites", null, false],
    ["Picks", null, false],
    ["Videos", 731, false],
    ["Audio", 0, false],
    ["Text", 2, false],
    ["Bin", null, true],
  ]);
  expect(items.map(({ text }) => text)).toEqual([
    "",
    "red is:binned fav:yes",
    "red is:binned flag:pick",
    "kind:video",
    "red is:binned kind:audio",
    "kind:text",
    "red",
  ]);
});

it("takes counts of marks from where the library tells them", () => {
  const facets = [facet("place", ["Favourites", 412, true], ["Bin", 23])];
  const items = libraryItems("", facets, 1).map(({ label, count, on }) => [label, count, on]);
  expect(items).toContainEqual(["Favourites", 412, true]);
  expect(items).toContainEqual(["Picks", 0, false]);
  expect(items).toContainEqual(["Bin", 23, false]);
  expect(libraryItems("", [], null)[0]).toMatchObject({ label: "Everything", on: true });
});

it("counts none of a kind once the library tells of kinds, also where nothing matches", () => {
  const counts = (facets: FacetView[]): unknown[] =>
    libraryItems("red", facets, 1).flatMap(({ label, count }) =>
      ["Videos", "Audio"].includes(label) ? [count] : [],
    );
  expect(counts([])).toEqual([null, null]);
  expect(counts([facet("kind")])).toEqual([0, 0]);
});

it("lists previews above the bin, where there are any or they are looked at", () => {
  const lines = (text: string, previews: number | null): unknown[] =>
    libraryItems(text, [facet("place", ["Bin", 23])], 1, previews)
      .slice(-2)
      .map(({ label, count, on, text: next }) => [label, count, on, next]);
  const bin = ["Bin", 23, false, "place:Bin"];
  expect(lines("red", 40)).toEqual([["Previews", 40, false, "red is:preview"], bin]);
  expect(lines("red is:preview", 0)).toEqual([["Previews", 0, true, "red"], bin]);
  for (const none of [0, null]) expect(lines("red", none)[0]).toContain("Audio");
});

it("calls values as people do", () => {
  const labels = [
    ["model", "a/sd_xl.safetensors"],
    ["rating", "0"],
    ["rating", "4"],
    ["month", "2026-10"],
    ["tag", "for print"],
  ].map(([key = "", label = ""]) => labelOf(key, label));
  expect(labels).toEqual(["sd_xl", "No stars", "4 stars", "October 2026", "for print"]);
});
