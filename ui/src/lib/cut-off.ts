/** What is said where something was done in parts and broken off. Pure. */
import type { CutOff } from "../bindings/CutOff";

/** "8,800 are not queued, since you stopped it." Empty where nothing was broken off. */
export function cutOffText(cutOff: CutOff | null, done: string): string {
  if (cutOff === null) return "";
  const { left, why } = cutOff;
  const what = `${left.toLocaleString("en")} ${left === 1 ? "is" : "are"} not ${done}`;
  return why === null ? `${what}, since you stopped it.` : `${what}. ${why}`;
}
