/** What an output is made of, as the viewer compares and describes it. Pure. */
import type { AssetDetail } from "../../bindings/AssetDetail";
import type { LoraUse } from "../../bindings/LoraUse";
import type { PictureFacts } from "../../bindings/PictureFacts";
import type { WidgetView } from "../../bindings/WidgetView";
import { model as shortName } from "../../lib/format";

/** A recipe: the facts, and every value of every node as far as they are known. */
export type Recipe = {
  facts: PictureFacts;
  /** Size of the file in pixels, if it has one. */
  width: number | null;
  height: number | null;
  /** Every widget; empty for a file that brought no workflow. */
  widgets: readonly Pick<WidgetView, "class" | "input" | "value">[];
};

/** The recipe of an output. */
export const recipeOf = (detail: AssetDetail): Recipe => ({
  facts: detail.asset.facts,
  width: detail.asset.width,
  height: detail.asset.height,
  widgets: detail.widgets,
});

/** A widget's value as people read it: a text without its quotes, anything else as it is written. */
export function plainValue(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    const text: unknown = JSON.parse(value);
    return typeof text === "string" ? text : value;
  } catch {
    return value;
  }
}

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** Whether two values are the same: 0.8 and 0.80 are; seeds beyond 2^53 are compared digit by digit. */
export function sameValue(a: string | null, b: string | null): boolean {
  if (a === b) return true;
  if (a === null || b === null || !NUMBER.test(a) || !NUMBER.test(b)) return false;
  const exact = (text: string): boolean => text.replace(/\D/g, "").length <= 15;
  return exact(a) && exact(b) && Number(a) === Number(b);
}

/** "1328×880", or nothing for what has no shape. */
export const sizeText = (recipe: Pick<Recipe, "width" | "height">): string | null =>
  recipe.width === null || recipe.height === null ? null : `${recipe.width}×${recipe.height}`;

/** A LoRA and its strength: "impasto_v2 at 0.80". */
export const loraText = ({ name, strength }: LoraUse): string =>
  strength === null ? shortName(name) : `${shortName(name)} at ${strength}`;
