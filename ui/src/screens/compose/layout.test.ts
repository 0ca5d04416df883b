import { expect, it } from "vitest";
import type { KnobView } from "../../bindings/KnobView";
import { aboutKnob } from "./fixtures";
import {
  aboutOf,
  foldsOf,
  groupsOf,
  plainKnobs,
  putAway,
  shortValue,
  sizeLabel,
  summary,
} from "./layout";

const text = { type: "text", multiline: true } as const;
const knobs = [
  aboutKnob("6", "text", { section: "words", role: "prompt", kind: text, title: "Prompt" }),
  aboutKnob("7", "text", { section: "words", role: "negative", kind: text, title: "Prompt" }),
  aboutKnob("5", "height", { section: "size", role: "height" }),
  aboutKnob("5", "width", { section: "size", role: "width" }),
  aboutKnob("5", "batch_size", { section: "size", role: "batch_size" }),
  aboutKnob("8", "gone", { section: "models", hidden: true }),
  aboutKnob("9", "filename_prefix", {
    section: "saving",
    kind: { type: "text", multiline: false },
    json: '"portrait"',
    title: "Save Image",
  }),
  aboutKnob("18", "amount", { json: "0.20", label: "Amount" }),
  aboutKnob("18", "mode", { kind: { type: "choice", values: [], total: 3 }, json: '"soft"' }),
  aboutKnob("18", "size", { linked: "Width, node 5" }),
];

it("stands in sections, with width and height as one", () => {
  const groups = groupsOf(knobs);
  expect(
    groups.map(({ title, about, head, items }) => [title, about, head.length, items.length]),
  ).toEqual([
    ["Words", "Prompt, nodes 6 and 7", 0, 2],
    ["Size", "Node 5, node 5", 1, 1],
  ]);
  const [size] = groups[1]?.head ?? [];
  const [rest] = groups[1]?.items ?? [];
  expect(size?.kind === "size" ? [size.width.input, size.height.input] : null).toEqual([
    "width",
    "height",
  ]);
  expect(rest?.kind).toBe("knob");
});

it("folds the rest by node, with the values visible", () => {
  const folds = foldsOf(knobs);
  expect(folds.map((fold) => [fold.title, summary(fold, ({ json }) => json)])).toEqual([
    ["Save Image", "portrait"],
    ["Node 18", "amount 0.20, soft, size from Width, node 5"],
  ]);
  expect(putAway(knobs).map(({ input }) => input)).toEqual(["gone"]);
});

it("names many nodes shortly", () => {
  const many = ["1", "2", "3", "4", "5"].map((node) => aboutKnob(node, "x"));
  expect(aboutOf(many)).toBe("Node 1, Node 2, Node 3 and others, 5 nodes");
});

it("cuts long values", () => {
  expect(shortValue('"a\\n b"')).toBe("a b");
  expect(shortValue(JSON.stringify("x".repeat(80)))).toHaveLength(48);
});

it("finds what the plain form shows", () => {
  const found = plainKnobs(knobs);
  expect([found.prompt?.node, found.negative?.node]).toEqual(["6", "7"]);
  expect(found.size?.height.input).toBe("height");
  expect(plainKnobs([]).prompt).toBeUndefined();
});

it("has denoise beside the picture that goes in, where there is one of each", () => {
  const denoise = aboutKnob("3", "denoise", { section: "sampling", role: "denoise" });
  const steps = aboutKnob("3", "steps", { section: "sampling", role: "steps" });
  const picture = aboutKnob("21", "image", {
    section: "pictures_in",
    role: "picture",
    kind: { type: "file", what: "picture" },
  });
  const inputs = (all: readonly KnobView[]): string[][] =>
    groupsOf(all).map(({ items }) =>
      items.flatMap((item) =>
        item.kind === "size" ? [] : [item.knob.input, ...(item.beside ? [item.beside.input] : [])],
      ),
    );
  expect(inputs([steps, denoise, picture])).toEqual([["steps"], ["image", "denoise"]]);
  expect(inputs([steps, denoise])).toEqual([["steps", "denoise"]]);
  const other = { ...picture, node: "22" };
  expect(inputs([denoise, picture, other])).toEqual([["denoise"], ["image", "image"]]);
});

it.each([
  ["Empty Latent Image", "Size, Empty Latent Image"],
  ["Size and number", "Size and number"],
  ["size", "size"],
  ["Sizes", "Size, Sizes"],
])("calls the size of %s %s", (title, label) => {
  expect(sizeLabel(title)).toBe(label);
});
