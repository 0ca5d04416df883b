import { describe, expect, it } from "vitest";
import { frameOf, isReadFirst, mediumOf, shownWhole } from "./medium";

describe("what shows an output", () => {
  it.each([
    ["picture", "a.png", "picture"],
    ["video", "a.mp4", "video"],
    ["audio", "a.flac", "audio"],
    ["text", "a.unknown", "text"],
    ["model", "mesh/Hunyuan_00001_.GLB", "model"],
    ["model", "", "model"],
    ["model", "mesh/print.stl", "model"],
    ["model", "mesh/scan.usdz", "other"],
    ["other", "mesh.glb", "model"],
    ["other", "notes.md", "text"],
    ["other", "latents/x.latent", "other"],
    ["something new", "", "other"],
  ])("%s %s: %s", (kind, path, medium) => {
    expect(mediumOf(kind, path)).toBe(medium);
  });
});

it("knows which 3D files are read into lists first", () => {
  const endings = ["glb", "gltf", "obj", "ply", "stl", "fbx", ""];
  expect(endings.filter(isReadFirst)).toEqual(["obj", "ply", "stl", "fbx"]);
});

it("does not decode what would fill the memory", () => {
  expect(shownWhole(8192, 8192)).toBe(true);
  expect(shownWhole(30_000, 30_000)).toBe(false);
});

it("compares in the frame of the picture with more pixels", () => {
  const [small, large] = [
    { w: 512, h: 512 },
    { w: 1024, h: 768 },
  ];
  expect(frameOf(small, large)).toBe(large);
  expect(frameOf(large, small)).toBe(large);
  expect(frameOf(small, null)).toBe(small);
});
