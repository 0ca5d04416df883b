import { expect, it } from "vitest";
import { cellLabel, countOfKinds, kindOf } from "./cell-words";
import { cellOf } from "./fixtures";

it("says all of a cell that can be seen", () => {
  const cell = cellOf(1, { at: new Date(2026, 10, 24, 14, 2).getTime(), title: "Bouquet" });
  expect(cellLabel(cell, 1, false)).toMatch(/^Picture Bouquet, 24 Nov 2026, 14:02$/);
  const marked = {
    ...cell,
    kind: "video" as const,
    duration_ms: 5000,
    rating: 4,
    favourite: true,
    flag: -1,
    practice: true,
    away: true,
  };
  expect(cellLabel(marked, 12, true)).toMatch(
    /, stack of 12, closed, 0:05, 4 stars, favourite, rejected, practice, away, selected$/,
  );
  expect(cellLabel({ ...cell, binned: true, flag: 1 }, 0, false)).toMatch(
    /, in an open stack, picked, in the bin$/,
  );
});

it("has a name for kinds it does not know", () => {
  expect(kindOf("hologram").one).toBe("File");
});

it("counts what is of one kind by its name, and what is mixed as outputs", () => {
  for (const [n, kinds, words] of [
    [1, ["picture"], "1 picture"],
    [2, ["video", "video"], "2 videos"],
    [3, ["audio", "audio"], "3 sounds"],
    [2, ["model", "model"], "2 3D models"],
    [2, ["picture", "video"], "2 outputs"],
    [1, [], "1 output"],
  ] as const)
    expect(countOfKinds(n, kinds)).toBe(words);
});
