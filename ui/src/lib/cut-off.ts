/** What is said where something was done with many and not with all. Pure. */
import type { CutOff } from "../bindings/CutOff";
import type { LeftOut } from "../bindings/LeftOut";
import { count } from "./format";

/** "8,800 are not queued, since you stopped it." Empty where nothing was broken off. */
export function cutOffText(cutOff: CutOff | null, done: string): string {
  if (cutOff === null) return "";
  const { left, why } = cutOff;
  const what = `${left.toLocaleString("en")} ${left === 1 ? "is" : "are"} not ${done}`;
  return why === null ? `${what}, since you stopped it.` : `${what}. ${why}`;
}

/** "2 outputs left out. scan: no workflow is known of it." Empty where none was. */
export function leftOutText({ outputs, why }: LeftOut): string {
  return outputs === 0 ? "" : `${count(outputs, "output")} left out. ${why ?? ""}`.trim();
}
