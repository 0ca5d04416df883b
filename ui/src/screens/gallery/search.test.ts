import { describe, expect, it } from "vitest";
import { parseSearch, resolveName, shortName } from "./search";

describe("parseSearch", () => {
  it("takes tokens out and leaves the words", () => {
    expect(parseSearch('red model:sd_xl_base lora:"film grain 400" peonies')).toEqual({
      words: "red peonies",
      model: "sd_xl_base",
      lora: "film grain 400",
    });
  });

  it("leaves a token alone that is still being typed, and the space after a word", () => {
    expect(parseSearch("red model:sd_x", true)).toEqual({
      words: "red model:sd_x",
      model: null,
      lora: null,
    });
    expect(parseSearch("red model:sd_xl ", true)).toEqual({
      words: "red ",
      model: "sd_xl",
      lora: null,
    });
    expect(parseSearch("two words ", true).words).toBe("two words ");
  });

  it("does not take addresses, unknown tokens or empty ones", () => {
    expect(parseSearch("seed:12 supermodel:x").words).toBe("seed:12 supermodel:x");
    expect(parseSearch('model:""')).toEqual({ words: "", model: null, lora: null });
    expect(parseSearch("MODEL:Flux").model).toBe("Flux");
  });
});

describe("resolveName", () => {
  const names = ["sdxl/sd_xl_base_1.0.safetensors", "flux1-dev-fp8.safetensors", "flux1-dev.sft"];

  it("prefers the same name, then without folder and ending, then a part", () => {
    expect(resolveName("FLUX1-dev.sft", names)).toBe("flux1-dev.sft");
    expect(resolveName("flux1-dev", names)).toBe("flux1-dev.sft");
    expect(resolveName("base", names)).toBe("sdxl/sd_xl_base_1.0.safetensors");
    expect(resolveName("wan", names)).toBe("wan");
  });
});

describe("shortName", () => {
  it("drops folders of both kinds and known endings only", () => {
    expect(shortName("sdxl\\sd_xl_base_1.0.safetensors")).toBe("sd_xl_base_1.0");
    expect(shortName("a/b/film.v2")).toBe("film.v2");
  });
});
