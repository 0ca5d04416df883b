/** Recipes for tests. */
import type { PictureFacts } from "../../bindings/PictureFacts";
import type { Recipe } from "./recipe";

const NO_FACTS: PictureFacts = {
  prompt: null,
  negative: null,
  models: [],
  other_models: [],
  loras: [],
  seed: null,
  sampler: null,
  scheduler: null,
  steps: null,
  cfg: null,
  denoise: null,
  width: null,
  height: null,
};

/** A recipe with these facts, widgets as `Class.input` and value, and size. */
export const recipe = (
  facts: Partial<PictureFacts> = {},
  widgets: readonly (readonly [name: string, value: string])[] = [],
  size: readonly [number, number] | null = [1328, 880],
): Recipe => ({
  facts: { ...NO_FACTS, ...facts },
  width: size?.[0] ?? null,
  height: size?.[1] ?? null,
  widgets: widgets.map(([name, value]) => {
    const [kind, input] = name.split(".");
    return { class: kind ?? "", input: input ?? "", value };
  }),
});
