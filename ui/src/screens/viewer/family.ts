/** How one picture came from another, in a few words. Pure. */
import type { LoraUse } from "../../bindings/LoraUse";
import { model as shortName } from "../../lib/format";
import { sameValue, type Recipe } from "./recipe";

/** The parts of a recipe that tell a step. */
export type Step = Pick<Recipe, "facts" | "width" | "height">;

/** What was done between two pictures: "LoRA impasto_v2 added". Empty if the facts do not say. */
export function stepText(from: Step, to: Step): string {
  const parts = [
    ...sizeStep(from, to),
    ...loraSteps(from.facts.loras, to.facts.loras),
    ...modelStep(from, to),
    ...promptStep(from, to),
  ];
  const { denoise } = to.facts;
  if (denoise !== null && Number(denoise) < 1) parts.push(`denoise ${denoise}`);
  if (parts.length === 0 && to.facts.seed !== null && !sameValue(from.facts.seed, to.facts.seed))
    parts.push(`seed ${to.facts.seed}`);
  const text = parts.join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sizeStep(from: Step, to: Step): string[] {
  if (from.width === null || from.height === null || to.width === null || to.height === null)
    return [];
  const [x, y] = [to.width / from.width, to.height / from.height];
  if (Math.abs(x - 1) < 0.005 && Math.abs(y - 1) < 0.005) return [];
  // Other proportions are a crop or an outpainting: the size says it best.
  if (Math.abs(x / y - 1) > 0.02) return [`${to.width}×${to.height}`];
  return [x > 1 ? `${factor(x)}× larger` : `${factor(1 / x)}× smaller`];
}

const factor = (ratio: number): string => String(Number(ratio.toFixed(ratio < 10 ? 2 : 0)));

function loraSteps(from: readonly LoraUse[], to: readonly LoraUse[]): string[] {
  const steps: string[] = [];
  for (const use of to) {
    const before = from.find(({ name }) => name === use.name);
    if (before === undefined) steps.push(`LoRA ${shortName(use.name)} added`);
    else if (use.strength !== null && !sameValue(before.strength, use.strength))
      steps.push(`${shortName(use.name)} at ${use.strength}`);
  }
  for (const { name } of from)
    if (!to.some((use) => use.name === name)) steps.push(`LoRA ${shortName(name)} taken out`);
  return steps;
}

function modelStep(from: Step, to: Step): string[] {
  const [was, is] = [from.facts.models[0], to.facts.models[0]];
  return is === undefined || is === was ? [] : [`with ${shortName(is)}`];
}

function promptStep(from: Step, to: Step): string[] {
  const { prompt } = to.facts;
  return prompt === null || prompt === from.facts.prompt ? [] : ["other prompt"];
}
