import { describe, expect, it } from "vitest";
import type { CollectionView } from "../../bindings/CollectionView";
import { cellOf } from "./fixtures";
import { apart, isPreview, previewText } from "./previews";

const nowhere = { tags: [], collections: [] };
const collection = (saved_search: boolean): CollectionView => ({
  id: 1,
  name: "Best",
  text: "rating:5",
  saved_search,
  count: 1,
});

describe("what becomes of a preview", () => {
  const goes =
    "Made on the way by a preview node. " +
    "It goes to the bin after 30 days unless you rate, tag or collect it.";
  const stays = "Made on the way by a preview node. It stays, because you marked or collected it.";

  it("is the bin, unless it was marked or put somewhere", () => {
    expect(previewText(cellOf(1), nowhere)).toBe(goes);
    expect(previewText(cellOf(1, { flag: -1 }), nowhere)).toBe(goes);
    expect(previewText(cellOf(1), { tags: [], collections: [collection(true)] })).toBe(goes);
    for (const marked of [{ rating: 1 }, { favourite: true }, { flag: 1 }])
      expect(previewText(cellOf(1, marked), nowhere)).toBe(stays);
    expect(previewText(cellOf(1), { tags: ["for print"], collections: [] })).toBe(stays);
    expect(previewText(cellOf(1), { tags: [], collections: [collection(false)] })).toBe(stays);
  });

  it("is not foretold of what is in the bin already", () => {
    expect(previewText(cellOf(1, { binned: true }), nowhere)).toBe(
      "Made on the way by a preview node.",
    );
  });
});

it("knows a cell that tells", () => {
  expect(isPreview(cellOf(1))).toBe(false);
  expect(isPreview(Object.assign(cellOf(1), { preview: true }))).toBe(true);
});

it("tells outputs and previews apart, in their order", () => {
  const assets = [true, false, true, false].map((preview, at) => ({ at, preview }));
  const { outputs, previews } = apart(assets);
  expect([outputs, previews].map((all) => all.map(({ at }) => at))).toEqual([
    [1, 3],
    [0, 2],
  ]);
});
