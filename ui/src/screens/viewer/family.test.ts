import { describe, expect, it } from "vitest";
import { stepText } from "./family";
import { recipe } from "./fixtures";

describe("a step from one picture to the next", () => {
  const base = { prompt: "a lake", seed: "1", models: ["base.safetensors"] };
  it.each([
    [recipe(base, [], [512, 512]), recipe(base, [], [768, 768]), "1.5× larger"],
    [recipe(base, [], [768, 768]), recipe(base, [], [512, 512]), "1.5× smaller"],
    [recipe(base, [], [512, 512]), recipe(base, [], [768, 512]), "768×512"],
    [
      recipe(base),
      recipe({ ...base, loras: [{ name: "impasto_v2.safetensors", strength: "0.8" }] }),
      "LoRA impasto_v2 added",
    ],
    [
      recipe({ ...base, loras: [{ name: "film.pt", strength: "0.5" }] }),
      recipe({ ...base, loras: [{ name: "film.pt", strength: "0.9" }] }),
      "Film at 0.9",
    ],
    [
      recipe({ ...base, loras: [{ name: "film.pt", strength: "0.5" }] }),
      recipe({ ...base, models: ["xl.safetensors"], denoise: "0.45" }),
      "LoRA film taken out, with xl, denoise 0.45",
    ],
    [recipe(base), recipe({ ...base, prompt: "a sea", seed: "2" }), "Other prompt"],
    [recipe(base), recipe({ ...base, seed: "2" }), "Seed 2"],
    [recipe(base), recipe(base), ""],
    // What a file does not say is not told as a change.
    [recipe(base), recipe(), ""],
    [recipe(base, [], null), recipe(base), ""],
  ])("%#: %o", (from, to, text) => {
    expect(stepText(from, to)).toBe(text);
  });
});
