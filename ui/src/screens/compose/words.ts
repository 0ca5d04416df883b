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

/** Whether a text has `{a|b}` or a `__wildcard__` in it, so that it may stand for several. */
export const isDynamic = (text: string): boolean => /\{[^{}]*[|$][^{}]*\}|__[\w/*-]+__/.test(text);
