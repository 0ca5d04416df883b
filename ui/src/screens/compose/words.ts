/** Texts of prompts. Pure. */

/** A text, as JSON, with a wildcard at its end, set off from what is before it. */
export function withWildcard(json: string, name: string): string {
  let text = "";
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "string") text = value;
  } catch {
    // What is no text is replaced by one.
  }
  const before = text.trimEnd();
  const gap = before === "" ? "" : /[,;:|{]$/.test(before) ? " " : ", ";
  return JSON.stringify(`${before}${gap}__${name}__`);
}

/**
 * What has a meaning in a text, as the engine reads it: a backslash with what it takes the meaning of, a
 * wildcard with a name of letters and digits of any script, a brace with how many are picked.
 */
const MEANT =
  /\\[{}|_$#/\\]|(?<![A-Za-z0-9])__(?![ _\\]|\/[/\\]*__)(?:(?!__)[\p{Alphabetic}\p{N}_\-./\\*+ &'])+(?<![ \\])__|\{(?:[\s-]*\d[\d\s-]*\$\$)?|[|}]/gu;

/**
 * Whether a text has `{a|b}` or a `__wildcard__` in it, so that it may stand for several. A choice that is
 * not closed counts: it is refused unless it is sent as it is written.
 */
export function isDynamic(text: string): boolean {
  let open = 0;
  for (const [meant] of text.matchAll(MEANT)) {
    if (meant.startsWith("_") || meant.endsWith("$$")) return true;
    if (meant === "|" && open > 0) return true;
    if (meant === "{") open += 1;
    if (meant === "}") open = Math.max(0, open - 1);
  }
  return false;
}
