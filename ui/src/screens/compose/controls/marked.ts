/** Where words stand in a name, to mark them. Pure. */

export type Part = { text: string; hit: boolean };

/** A name in parts: those that match one of the words, and the rest. */
export function marked(name: string, typed: string): Part[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const low = name.toLowerCase();
  const hit = new Array<boolean>(name.length).fill(false);
  for (const word of words) {
    const at = low.indexOf(word);
    // Lower case may be longer than what it is of; then nothing is marked rather than the wrong letters.
    if (at >= 0 && low.length === name.length) hit.fill(true, at, at + word.length);
  }
  const parts: Part[] = [];
  [...hit.keys()].forEach((at) => {
    const last = parts.at(-1);
    const letter = name[at] ?? "";
    if (last !== undefined && last.hit === hit[at]) last.text += letter;
    else parts.push({ text: letter, hit: hit[at] ?? false });
  });
  return parts;
}
