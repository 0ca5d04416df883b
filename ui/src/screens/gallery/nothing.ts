/** What a search that finds nothing says, and which of its parts are better left out. */
import type { QueryPart } from "../../bindings/QueryPart";
import { commands } from "../../host";

/** A part that can be dropped. `left`: how many match without it; nothing if that is not known. */
export type Drop = { text: string; without: string; left: number | null };

/** The library keeps the last four answers: that to the question itself stays among them. */
const ASKED = 3;

/** The parts that narrow what is found, as they were typed. */
function narrowing(text: string, parts: readonly QueryPart[]): Drop[] {
  return parts
    .filter(({ problem, unfinished }) => problem === null && !unfinished)
    .map(({ from, to, without }) => ({ text: text.slice(from, to), without, left: null }));
}

/** "rating:5 and lora:linocut find nothing together." */
export function nothingText(text: string, parts: readonly QueryPart[]): string {
  const words = narrowing(text, parts).map((part) => part.text);
  if (words.length < 2) return `${text.trim()} finds nothing.`;
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)} find nothing together.`;
}

/** Parts without which something is found, those first without which most is. */
export async function dropsOf(text: string, parts: readonly QueryPart[]): Promise<Drop[]> {
  const found = narrowing(text, parts);
  // Without its only part a search is no search.
  if (found.length < 2) return [];
  try {
    const counted: Drop[] = [];
    for (const drop of found.slice(0, ASKED)) {
      const query = { text: drop.without, sort: "newest", seed: 0, stacks: false } as const;
      counted.push({ ...drop, left: (await commands.library_query({ query })).shown });
    }
    return counted.filter(({ left }) => left !== 0).sort((a, b) => (b.left ?? 0) - (a.left ?? 0));
  } catch {
    return found.slice(0, ASKED);
  }
}
