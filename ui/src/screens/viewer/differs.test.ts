import { describe, expect, it } from "vitest";
import { captions, differences, type Differing } from "./differs";
import { recipe } from "./fixtures";

const rows = (list: readonly Differing[]): string[] =>
  list.map(({ name, a, b }) => `${name}: ${a ?? "-"} | ${b ?? "-"}`);

describe("facts that differ", () => {
  it("are those of the design: a LoRA, its strength, CFG", () => {
    const a = recipe({ models: ["sd_xl_base_1.0.safetensors"], cfg: "5.5", seed: "118002947" });
    const b = recipe({
      models: ["sd_xl_base_1.0.safetensors"],
      loras: [{ name: "style/impasto_v2.safetensors", strength: "0.80" }],
      cfg: "6.0",
      seed: "118002947",
    });
    expect(rows(differences(a, b).facts)).toEqual([
      "LoRA: - | impasto_v2",
      "Strength: - | 0.80",
      "CFG: 5.5 | 6.0",
    ]);
  });

  it("are none where values are written in another way", () => {
    const a = recipe({ cfg: "6", denoise: "0.80", loras: [{ name: "x", strength: "1" }] });
    const b = recipe({ cfg: "6.0", denoise: "0.8", loras: [{ name: "x", strength: "1.0" }] });
    expect(differences(a, b).facts).toEqual([]);
  });

  it("tell seeds beyond what numbers hold apart", () => {
    const found = differences(
      recipe({ seed: "18446744073709551614" }),
      recipe({ seed: "18446744073709551615" }),
    );
    expect(rows(found.facts)).toEqual(["Seed: 18446744073709551614 | 18446744073709551615"]);
  });

  it("match LoRAs by name, whatever their order", () => {
    const found = differences(
      recipe({
        loras: [
          { name: "film.safetensors", strength: "0.5" },
          { name: "grain.safetensors", strength: "1" },
        ],
      }),
      recipe({
        loras: [
          { name: "grain.safetensors", strength: "1" },
          { name: "film.safetensors", strength: "0.7" },
          { name: "ink.safetensors", strength: null },
        ],
      }),
    );
    expect(rows(found.facts)).toEqual(["LoRA: - | ink", "film strength: 0.5 | 0.7"]);
  });

  it("name every checkpoint and the size", () => {
    const found = differences(
      recipe({ models: ["base.safetensors", "refiner.safetensors"] }, [], [512, 512]),
      recipe({ models: ["base.safetensors"] }, [], [768, 512]),
    );
    expect(rows(found.facts)).toEqual(["Checkpoint: refiner | -", "Size: 512×512 | 768×512"]);
  });
});

describe("texts", () => {
  it.each([
    ["a lake", "a lake", "same"],
    ["a lake", "a sea", "differs"],
    [null, "", "none"],
    [null, "a sea", "differs"],
  ])("%s and %s: %s", (a, b, match) => {
    expect(differences(recipe({ prompt: a }), recipe({ prompt: b })).prompt).toBe(match);
  });
});

describe("widgets that differ", () => {
  it("are those that no fact shows already", () => {
    const a = recipe({ seed: "1", models: ["base.safetensors"], prompt: "a lake" }, [
      ["KSampler.seed", "1"],
      ["CheckpointLoaderSimple.ckpt_name", '"xl/base.safetensors"'],
      ["CLIPTextEncode.text", '"a lake"'],
      ["Sharpen.radius", "2"],
    ]);
    const b = recipe({ seed: "2", models: ["other.safetensors"], prompt: "a sea" }, [
      ["KSampler.seed", "2"],
      ["CheckpointLoaderSimple.ckpt_name", '"xl/other.safetensors"'],
      ["CLIPTextEncode.text", '"a sea"'],
      ["Sharpen.radius", "3"],
    ]);
    const found = differences(a, b);
    expect(rows(found.facts)).toEqual(["Checkpoint: base | other", "Seed: 1 | 2"]);
    expect(rows(found.widgets)).toEqual(["Sharpen.radius: 2 | 3"]);
    expect(found.whole).toBe(true);
  });

  it("are paired in the order of their nodes", () => {
    const found = differences(
      recipe({}, [
        ["KSampler.steps", "20"],
        ["KSampler.steps", "12"],
      ]),
      recipe({}, [
        ["KSampler.steps", "20"],
        ["KSampler.steps", "14"],
      ]),
    );
    expect(rows(found.widgets)).toEqual(["KSampler.steps: 12 | 14"]);
  });

  it("say what only one has, once", () => {
    const found = differences(
      recipe({}, [["LoraLoader.strength_clip", "1"]]),
      recipe({}, [
        ["LoraLoader.strength_clip", "0.5"],
        ["LoraLoader.strength_clip", "1.0"],
        ["Blur.sigma", "3"],
      ]),
    );
    expect(rows(found.widgets)).toEqual(["LoraLoader.strength_clip: - | 0.5", "Blur.sigma: - | 3"]);
  });

  it("are not compared where one file brought no workflow", () => {
    const found = differences(recipe({}, [["KSampler.steps", "20"]]), recipe());
    expect(found.widgets).toEqual([]);
    expect(found.whole).toBe(false);
  });
});

describe("captions", () => {
  const titles = { a: "Lake", b: "Lake" };
  it("say what tells the two apart", () => {
    const lora = [{ name: "impasto_v2.safetensors", strength: "0.80" }];
    expect(captions(recipe(), recipe({ loras: lora }), titles)).toEqual({
      a: "no LoRA",
      b: "impasto_v2 at 0.80",
    });
    expect(captions(recipe({ cfg: "5.5" }), recipe({ cfg: "6.0" }), titles)).toEqual({
      a: "CFG 5.5",
      b: "CFG 6.0",
    });
    expect(captions(recipe(), recipe(), titles)).toEqual(titles);
  });
});
