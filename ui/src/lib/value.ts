/** Values of nodes as the engine gives them, JSON text, for people. Pure. */

/** A text without its quotes; anything else as it is written. A long one that was cut off is no JSON. */
export function plain(json: string): string {
  if (!json.startsWith('"')) return json;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "string" ? value : json;
  } catch {
    return json.slice(1);
  }
}

/** Whether a value is a text, and not a number, a list or a switch. */
export const isText = (json: string): boolean => json.startsWith('"');

/** Longer than this, or of several lines, a value is folded. */
const SHORT = 120;

export const isLong = (text: string): boolean => text.length > SHORT || text.includes("\n");
