/** Which tags chosen outputs have, and what a press on one does. Pure. */
import type { AssetDetail } from "../../bindings/AssetDetail";
import type { NameCount } from "../../bindings/NameCount";

/** More outputs are not looked at one by one: then it is not known who has what. */
export const LOOKED_AT = 60;

/** How many of the chosen have something; nothing: not known. */
export type Have = { all: number; of: ReadonlyMap<string, number> } | null;

/** Counts tags (`tag name`) and collections (`collection 7`) of outputs. */
export function haveOf(details: readonly AssetDetail[]): Have {
  const of = new Map<string, number>();
  const count = (key: string): void => void of.set(key, (of.get(key) ?? 0) + 1);
  for (const { tags, collections } of details) {
    for (const tag of tags) count(`tag ${tag}`);
    for (const { id } of collections) count(`collection ${id}`);
  }
  return { all: details.length, of };
}

/** Whether all, some or none have something. */
export function share(have: Have, key: string): "all" | "some" | "none" | "unknown" {
  if (have === null) return "unknown";
  const count = have.of.get(key) ?? 0;
  return count === 0 ? "none" : count === have.all ? "all" : "some";
}

/** Tags that have the typed words, those that begin with them first. `fresh`: it would be a new one. */
export function offered(
  tags: readonly NameCount[],
  typed: string,
): { tags: readonly NameCount[]; fresh: string | null } {
  const wanted = typed.trim().replace(/\s+/g, " ");
  const low = wanted.toLowerCase();
  const found = tags.filter(({ name }) => name.toLowerCase().includes(low));
  const begins = ({ name }: NameCount): number => Number(!name.toLowerCase().startsWith(low));
  const known = tags.some(({ name }) => name.toLowerCase() === low);
  return {
    tags: found.toSorted((a, b) => begins(a) - begins(b)),
    fresh: wanted === "" || known ? null : wanted,
  };
}
