/** A value of one of several types: which it has now, and what it becomes as another. Pure. */
import type { ValueType } from "../../../bindings/ValueType";
import { read } from "../../../lib/json";
import { plain } from "../../../lib/value";
import { decimal, numberJson, tidy } from "../exact";

export const TYPE_TEXT: Record<ValueType, string> = {
  int: "Whole number",
  float: "Number",
  boolean: "Yes or no",
  text: "Text",
  json: "JSON",
};

/** Whether a value has a type. Whole numbers are numbers, and anything is JSON. */
export function isOf(json: string, type: ValueType): boolean {
  if (type === "json") return true;
  if (type === "text") return json.startsWith('"');
  if (type === "boolean") return json === "true" || json === "false";
  return numberJson(json, type === "int") !== null;
}

/**
 * The type of a value, of those it may have: the narrowest that says all of it. Nothing where it has
 * none of them, as an input has that is not set yet. `typed` is what is typed and is no value: then it is
 * a type that has such texts.
 */
export function typeOf(
  json: string,
  types: readonly ValueType[],
  typed: string | null = null,
): ValueType {
  const order: ValueType[] = ["boolean", "text", "int", "float", "json"];
  const written = decimal(json)?.scale === 0 ? order : order.filter((type) => type !== "int");
  const own = written.find((type) => types.includes(type) && isOf(json, type));
  const halves = own === "int" || own === "float" || own === "json";
  if (typed !== null && !halves) {
    const other = (["json", "float", "int"] as const).find((type) => types.includes(type));
    if (other !== undefined) return other;
  }
  return own ?? types[0] ?? "json";
}

/** A value as another type, with as much of it as that can say. */
export function asType(json: string, type: ValueType): string {
  const text = plain(json);
  if (type === "text") return json === "null" ? '""' : JSON.stringify(text);
  if (type === "json") {
    const found = read(text);
    // A list that was made a text is the list again; a text of its own stays one.
    return json.startsWith('"') && found.ok && found.value.kind !== "value" ? text : json;
  }
  const number = decimal(text.trim());
  const yes = text.trim().toLowerCase() === "true";
  if (type === "boolean")
    return yes || (number !== null && number.digits !== 0n) ? "true" : "false";
  const value = number ?? { digits: yes ? 1n : 0n, scale: 0 };
  return type === "float"
    ? tidy(value, true)
    : (value.digits / 10n ** BigInt(value.scale)).toString();
}

/** What a typed text means where it may be of several types: the first that it can be. */
export function meantAs(text: string, types: readonly ValueType[]): string | null {
  const trimmed = text.trim();
  if (types.includes("boolean") && ["true", "false"].includes(trimmed)) return trimmed;
  const whole = types.includes("int") ? numberJson(trimmed, true) : null;
  if (whole !== null && decimal(trimmed)?.scale === 0) return whole;
  const number = types.includes("float") ? numberJson(trimmed, false) : null;
  if (number !== null) return number;
  if (types.includes("json") && read(trimmed).ok) return trimmed;
  return types.includes("text") ? JSON.stringify(text) : null;
}
