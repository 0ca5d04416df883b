import { expect, it } from "vitest";
import { choicesOf, moved } from "./arrange";
import { aboutKnob } from "./fixtures";

const rows = choicesOf([
  aboutKnob("4", "ckpt_name", { label: "Film stock", own_label: "Film stock" }),
  aboutKnob("3", "steps", { label: "Steps", hidden: true }),
  aboutKnob("3", "cfg", { label: "Guidance" }),
]);
const names = (all: typeof rows): string[] => all.map(({ input }) => input);

it("keeps the artist's names and makes none of those that were found", () => {
  expect(rows.map(({ label, name, hidden }) => [label, name, hidden])).toEqual([
    ["Film stock", "ckpt name", false],
    [null, "Steps", true],
    [null, "Guidance", false],
  ]);
  expect(rows[1]?.where).toBe("Node 3, node 3");
});

it("moves rows and keeps them within the list", () => {
  const key = rows[0]?.key ?? "";
  expect(names(moved(rows, key, 1))).toEqual(["steps", "ckpt_name", "cfg"]);
  expect(names(moved(rows, key, 99))).toEqual(["steps", "cfg", "ckpt_name"]);
  expect(names(moved(rows, key, -4))).toEqual(["ckpt_name", "steps", "cfg"]);
  expect(names(moved(rows, "none", 1))).toEqual(names(rows));
});
