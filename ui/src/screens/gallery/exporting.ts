/** How outputs are written out, as far as the sheet says it. Pure. */
import type { AssetDetail } from "../../bindings/AssetDetail";
import type { ExportInto } from "../../bindings/ExportInto";
import type { ExportPlan } from "../../bindings/ExportPlan";
import type { PictureForm } from "../../bindings/PictureForm";
import { model } from "../../lib/format";
import { endingOf } from "../../lib/media";

/** What the sheet begins with. */
export const BEGINNING: ExportPlan = {
  to: "",
  into: "folder",
  form: "original",
  quality: 90,
  longest_edge: null,
  metadata: true,
  xmp: false,
  names: "{name}",
};

/** What may stand in the pattern for names. */
export const FIELDS = ["name", "title", "date", "time", "seed", "model", "rating", "n"] as const;
type Field = (typeof FIELDS)[number];

/** What is wrong with a pattern for names, as a sentence. */
export function patternProblem(pattern: string): string | null {
  if (pattern.trim() === "") return "Without a pattern the files have no names.";
  const wrong = [...pattern.matchAll(/\{([^}]*)\}/g)].find(
    ([, field]) => !(FIELDS as readonly string[]).includes(field ?? ""),
  );
  if (wrong !== undefined)
    return `${wrong[0]} is not known. There are ${FIELDS.map((field) => `{${field}}`).join(", ")}.`;
  return null;
}

const two = (n: number): string => String(n).padStart(2, "0");

/** The name that an output would have, to show while the pattern is typed. The engine has the last word. */
export function nameOf(
  pattern: string,
  { asset, cell }: AssetDetail,
  n: number,
  form: PictureForm,
): string {
  const date = new Date(asset.created_at);
  const file = asset.path.split(/[\\/]/).at(-1) ?? "";
  const fields: Record<Field, string> = {
    name: file.replace(/\.[^.]*$/, ""),
    title: asset.title,
    date: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
    time: `${two(date.getHours())}-${two(date.getMinutes())}-${two(date.getSeconds())}`,
    seed: asset.facts.seed ?? "",
    model: model(asset.facts.models[0] ?? ""),
    rating: String(cell.rating),
    n: String(n).padStart(4, "0"),
  };
  const name = pattern.replace(/\{([^}]*)\}/g, (whole, field: string) =>
    Object.hasOwn(fields, field) ? fields[field as Field] : whole,
  );
  const converted = form !== "original" && asset.kind === "picture";
  const ending = converted ? { png: "png", jpeg: "jpg", webp: "webp" }[form] : endingOf(file);
  return `${name}${ending === "" ? "" : `.${ending}`}`;
}

/** What is asked for as a place: a folder, or a file with its ending. */
export function placeOf(
  into: ExportInto,
  form: PictureForm,
): { kind: string; ending: string } | null {
  if (into === "folder") return null;
  if (into === "zip") return { kind: "Zip file", ending: "zip" };
  const ending = form === "jpeg" ? "jpg" : form === "webp" ? "webp" : "png";
  return { kind: "Picture", ending };
}

/** The longest edge of pictures on a contact sheet, unless it is chosen, and those that can be. */
export const SHEET_EDGE = { usual: 320, least: 64, most: 1024 } as const;

/** How many contact sheets so many pictures make, and how many are on one. As the engine counts. */
export function sheetsOf(pictures: number, edge: number | null): { sheets: number; each: number } {
  const each = (edge ?? SHEET_EDGE.usual) > 480 ? 100 : 500;
  return { sheets: Math.ceil(pictures / each), each };
}

/** The forms that a contact sheet is written in, by the endings of files. */
const FORMS: ReadonlyMap<string, PictureForm> = new Map([
  ["png", "png"],
  ["jpg", "jpeg"],
  ["jpeg", "jpeg"],
  ["webp", "webp"],
]);

/** The plan for a place: a contact sheet is written as the ending says that was typed for it. */
export function planFor(plan: ExportPlan, to: string): ExportPlan {
  const form = plan.into === "contact_sheet" ? FORMS.get(endingOf(to)) : undefined;
  return { ...plan, to, form: form ?? plan.form };
}

/** Whether quality means something for a form: WebP is written without loss. */
export const hasQuality = (form: PictureForm): boolean => form === "jpeg";
