/** A value that is a list of names. Pure. */
import { print, read } from "../../../lib/json";
import { plain } from "../../../lib/value";

/** What is chosen in a value that is a list; a single value counts as a list of itself. */
export function chosenIn(json: string): readonly string[] {
  const found = read(json);
  if (!found.ok || json.trim() === "null" || plain(json) === "") return [];
  return found.value.kind === "list" ? found.value.items.map((item) => print(item)) : [json];
}

/** A list as it is sent. */
export const listJson = (chosen: readonly string[]): string => `[${chosen.join(", ")}]`;

/** A value for people: a list of names as names, "fox, owl"; all else as it is. */
export function namesOf(json: string): string {
  if (!json.startsWith("[")) return plain(json);
  const names = chosenIn(json);
  const texts = names.length > 0 && names.every((name) => name.startsWith('"'));
  return texts ? names.map(plain).join(", ") : json;
}
