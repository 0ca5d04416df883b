/** How an axis of a sheet gets more values: what is typed or chosen for it, as steps. Pure. */
import type { KnobKey } from "../../bindings/KnobKey";
import type { SheetView } from "../../bindings/SheetView";
import { print, read } from "../../lib/json";
import { listJson } from "../compose/controls/list";
import { numberJson, rangeValues } from "../compose/exact";

/** One thing of an axis that is given a value. */
export type Column = {
  /** The knobs that it turns, all to the same value. */
  knobs: readonly KnobKey[];
  kind: "number" | "whole" | "boolean" | "text" | "list";
  /** Its values so far by step, as JSON. */
  known: readonly string[];
};

/** How an axis gets more steps. */
export type Way =
  | { kind: "columns"; columns: Column[] }
  /** By further presets; those it has are known by name. */
  | { kind: "presets"; known: readonly string[] }
  /** By further words in place of the same ones. */
  | { kind: "replace"; find: string; known: readonly string[] }
  /** Not here: its steps are all that its text stands for. */
  | { kind: "wordings" };

/** How an axis gets more steps; nothing, if there are none to give. */
export function wayOf(sheet: SheetView, axis: number): Way | null {
  const { many } = sheet.state;
  const values = many.kind === "sweep" ? many.axes[axis]?.values : undefined;
  const labels = sheet.axes[axis]?.values ?? [];
  if (values?.kind === "presets") return { kind: "presets", known: [...values.names, ...labels] };
  if (values?.kind === "replace") {
    const { find } = values;
    return { kind: "replace", find, known: [find, ...values.with, ...labels] };
  }
  if (values?.kind === "wordings") return { kind: "wordings" };
  const columns = columnsOf(sheet, axis);
  return columns === null ? null : { kind: "columns", columns };
}

/** Words for a replaced text, one a line: those that are not there yet. */
export function wordsOf(typed: string, known: readonly string[]): string[] {
  const words = typed.split("\n").filter((line) => line.trim() !== "");
  return [...new Set(words)].filter((word) => !known.includes(word));
}

/**
 * What a further step of an axis of values gives values to; nothing, if there is none to give. Where yes
 * and no are both there, nothing is left.
 */
export function columnsOf(sheet: SheetView, axis: number): Column[] | null {
  const set = sheet.state.many.kind === "sweep" ? sheet.state.many.axes[axis] : undefined;
  if (set === undefined || (set.values.kind !== "list" && set.values.kind !== "range")) return null;
  // A range turns all knobs alike, a list each by itself.
  const groups = set.values.kind === "range" ? [set.knobs] : set.knobs.map((key) => [key]);
  const columns: Column[] = [];
  for (const knobs of groups) {
    const known = knownOf(sheet, axis, knobs[0]);
    const kind = kindOf(known);
    if (kind === null) return null;
    columns.push({ knobs, kind, known });
  }
  const [only] = columns;
  if (only === undefined) return null;
  const spent = columns.length === 1 && only.kind === "boolean" && missing(only) === undefined;
  return spent ? null : columns;
}

function knownOf(sheet: SheetView, axis: number, key: KnobKey | undefined): string[] {
  const found: string[] = [];
  for (const { at, values } of sheet.cells) {
    const value = values.find(({ node, input }) => node === key?.node && input === key.input);
    const place = at[axis];
    if (value !== undefined && place !== undefined) found[place] = value.json;
  }
  return [...found].filter((json) => json !== undefined);
}

function kindOf(known: readonly string[]): Column["kind"] | null {
  const [first] = known;
  if (first === undefined) return null;
  // One name alone may stand for a list of itself.
  if (known.some((json) => json.startsWith("["))) return "list";
  if (first === "true" || first === "false") return "boolean";
  if (first.startsWith('"')) return "text";
  if (!/^-?\d/.test(first)) return null;
  return known.every((json) => /^-?\d+$/.test(json)) ? "whole" : "number";
}

/** Of yes and no the one that is not there. */
export const missing = ({ known }: Column): string | undefined =>
  ["false", "true"].find((json) => !known.includes(json));

/** A list as it is compared with others, however it is written; nothing, if it is none. */
function listOf(json: string): string | null {
  const found = read(json);
  return found.ok && found.value.kind === "list"
    ? listJson(found.value.items.map((item) => print(item)))
    : null;
}

/** Lists, one a line. */
function listsOf(typed: string): string[] | null {
  const lists = typed
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(listOf);
  return lists.includes(null) ? null : (lists as string[]);
}

/** What is typed into one field, as values; nothing, if it means none. */
function valuesOf({ kind }: Column, typed: string): string[] | null {
  if (typed.trim() === "") return null;
  if (kind === "text") return [JSON.stringify(typed.trim())];
  if (kind === "boolean") return [typed];
  if (kind === "list") return listsOf(typed);
  const values = rangeValues(typed)?.map((text) => numberJson(text, kind === "whole"));
  return values === undefined || values.includes(null) ? null : (values as string[]);
}

/**
 * The steps that are meant by what is in the fields; nothing, if it fits not, or nothing of it is new.
 * A field of numbers or lists can mean several, where it is the only one. `chosen` is JSON already.
 */
export function stepsOf(
  columns: readonly Column[],
  typed: readonly string[],
  chosen: readonly (string | null)[] = [],
): string[][] | null {
  const given = columns.map((column, at) => {
    const json = chosen[at] ?? null;
    return json === null ? valuesOf(column, typed[at] ?? "") : [listOf(json) ?? json];
  });
  const [first] = given;
  const [column] = columns;
  if (given.includes(null) || first == null || column === undefined) return null;
  const rows =
    columns.length === 1
      ? first.map((json) => [json])
      : given.every((values) => values?.length === 1)
        ? [given.map((values) => values?.[0] ?? "")]
        : null;
  const had = new Set(
    column.known.map((_, step) =>
      JSON.stringify(columns.map(({ known }) => listOf(known[step] ?? "") ?? known[step])),
    ),
  );
  const fresh = (rows ?? []).filter((row) => {
    const key = JSON.stringify(row);
    if (had.has(key)) return false;
    had.add(key);
    return true;
  });
  if (fresh.length === 0) return null;
  return fresh.map((row) => columns.flatMap(({ knobs }, at) => knobs.map(() => row[at] ?? "")));
}
