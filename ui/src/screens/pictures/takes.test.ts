import { expect, it } from "vitest";
import type { GraphNodeView } from "../../bindings/GraphNodeView";
import { takerName, takersOf } from "./takes";

const node = (
  id: string,
  cls: string,
  values: Record<string, unknown>,
  more: Partial<GraphNodeView> = {},
): GraphNodeView => ({
  id,
  title: cls,
  class: cls,
  known: true,
  output: false,
  x: 0,
  y: 0,
  w: 200,
  h: 100,
  values: Object.entries(values).map(([name, value]) => ({ name, json: JSON.stringify(value) })),
  links: [],
  ...more,
});
const of = (...nodes: GraphNodeView[]): string[] =>
  takersOf({ title: "", nodes, left_out: 0, drawn: false }).map(
    (taker) => `${takerName(taker)}: ${taker.medium}`,
  );

it("finds files by their endings, loaders first", () => {
  expect(
    of(
      node("1", "StyleByFile", { preset: "looks/oil.webp" }),
      node("2", "LoadImage", { image: "a b.PNG [output]", upload: "image" }),
      node("3", "VHS_LoadVideo", { video: "clip.mp4", frame_load_cap: 0 }),
      node("4", "LoadAudio", { audio: "rain.flac" }),
    ),
  ).toEqual([
    "image of LoadImage, node 2: picture",
    "video of VHS_LoadVideo, node 3: video",
    "audio of LoadAudio, node 4: sound",
    "preset of StyleByFile, node 1: picture",
  ]);
});

it("takes a loader that was never given a file", () => {
  expect(of(node("1", "LoadImageMask", { image: "", channel: "alpha" }))).toEqual([
    "image of LoadImageMask, node 1: picture",
  ]);
});

it("passes over models, prompts, what is written, and texts that merely name a file", () => {
  expect(
    of(
      node("1", "CheckpointLoaderSimple", { ckpt_name: "sd_xl.safetensors" }),
      node("2", "CLIPTextEncode", { text: "a lamp\nsaved as lamp.png" }),
      node("3", "SaveImage", { filename: "out.png" }, { output: true }),
      node("4", "KSampler", { seed: 1, image: 3 }),
      node("5", "SomeNode", { image: "" }),
    ),
  ).toEqual([]);
});
