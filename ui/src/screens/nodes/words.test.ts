import { describe, expect, it } from "vitest";
import type { GraphNodeView } from "../../bindings/GraphNodeView";
import { fromText, matches, spokenNode, summary, titlesOf, wordsOf } from "./words";

const node = (id: string, more: Partial<GraphNodeView> = {}): GraphNodeView => ({
  id,
  title: "Load Checkpoint",
  class: "CheckpointLoaderSimple",
  known: true,
  output: false,
  x: 0,
  y: 0,
  w: 1,
  h: 1,
  values: [],
  links: [],
  ...more,
});
const sampler = node("3", {
  title: "KSampler",
  class: "KSampler",
  values: [
    { name: "seed", json: "18446744073709551615" },
    { name: "sampler_name", json: '"dpmpp_2m"' },
  ],
  links: [
    { input: "model", from: "4", slot: 0, output: "MODEL" },
    { input: "latent_image", from: "9", slot: 1, output: null },
  ],
});
const titles = titlesOf([sampler, node("4")]);

it("says where lines come from", () => {
  expect(sampler.links.map((link) => fromText(link, titles))).toEqual([
    "Load Checkpoint, MODEL",
    "node 9, output 1",
  ]);
});

it("reads a node out", () => {
  expect(spokenNode(sampler, titles)).toBe(
    "KSampler, node 3, model from Load Checkpoint, latent_image from 9",
  );
  expect(spokenNode(node("4", { known: false, output: true }), titles)).toBe(
    "Load Checkpoint, node 4, CheckpointLoaderSimple, no server knows this class, output",
  );
});

it("counts", () => {
  const graph = { title: "", nodes: [sampler, node("4", { known: false })], drawn: true };
  expect(summary({ ...graph, left_out: 0 })).toBe("2 nodes, 1 of a class that no server knows");
  expect(summary({ ...graph, nodes: [sampler], left_out: 3 })).toBe(
    "4 nodes, the first 1 are shown",
  );
});

describe("a search", () => {
  it.each([
    ["", true],
    ["ksampler", true],
    ["SEED 1844", true],
    ["dpmpp seed", true],
    ["latent_image", true],
    ["node 3", true],
    ["vae", false],
    ["seed vae", false],
  ])("for %j finds the sampler: %j", (typed, found) =>
    expect(matches(sampler, wordsOf(typed))).toBe(found),
  );
});
