/** The viewer's address names what is looked at, and before a plus what that is compared with. Pure. */
import type { AssetId } from "../../bindings/AssetId";

/** B is looked at and walked on from; A, if there is one, stays. */
export type Pair = { a: AssetId | null; b: AssetId };

/** What an address names. */
export function pairOf(address: string): Pair {
  const plus = address.indexOf("+");
  if (plus <= 0) return { a: null, b: address.slice(plus + 1) };
  return { a: address.slice(0, plus), b: address.slice(plus + 1) };
}

/** The address of what is looked at. */
export const addressOf = ({ a, b }: Pair): string => (a === null ? b : `${a}+${b}`);

/** A and B the other way round. */
export const swapped = ({ a, b }: Pair): Pair => (a === null ? { a, b } : { a: b, b: a });
