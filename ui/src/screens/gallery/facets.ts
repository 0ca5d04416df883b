/** The side bar's groups: their names, their order, and what a click puts into the text. Pure. */
import type { FacetView } from "../../bindings/FacetView";
import { count, model } from "../../lib/format";
import type { IconName } from "../../lib/icons";
import { kindOf } from "./cell-words";
import { PREVIEWS } from "./previews";
import { hasToken, toggled } from "./search-text";

/** Groups with boxes to tick, in their order. Others come after them as the library calls them. */
const TITLES: readonly [key: string, title: string][] = [
  ["model", "Checkpoint"],
  ["lora", "LoRA"],
  ["shape", "Shape"],
  ["tag", "Tags"],
  ["workflow", "Workflow"],
  ["server", "Server"],
  ["rating", "Rating"],
  ["month", "Month"],
];
/** Groups that the Library section shows. */
const IN_LIBRARY = new Set(["kind", "flag", "place"]);

/** A line of the Library section. */
export type LibraryItem = {
  label: string;
  icon: IconName;
  count: number | null;
  on: boolean;
  /** The text after a click. */
  text: string;
};

/** The groups to tick, in order, each with something in it besides "None". */
export function groups(facets: readonly FacetView[]): { facet: FacetView; title: string }[] {
  const named = TITLES.flatMap(([key, title]) => {
    const facet = facets.find((one) => one.key === key);
    return facet === undefined ? [] : [{ facet, title }];
  });
  const rest = facets
    .filter(({ key }) => !IN_LIBRARY.has(key) && !TITLES.some(([known]) => known === key))
    .map((facet) => ({
      facet,
      title: facet.key.charAt(0).toUpperCase() + facet.key.slice(1),
    }));
  return [...named, ...rest]
    .map(({ facet, title }) => ({
      title,
      facet: { ...facet, values: facet.values.filter(({ count, chosen }) => count > 0 || chosen) },
    }))
    .filter(({ facet: { values } }) =>
      values.some(({ label, chosen }) => label !== "None" || chosen),
    );
}

/** What a value is called: files without folder and ending, stars and months in words. */
export function labelOf(key: string, label: string): string {
  if (key === "model" || key === "lora") return model(label);
  if (key === "rating" && /^\d$/.test(label))
    return label === "0" ? "No stars" : count(Number(label), "star");
  if (key === "month" && /^\d{4}-\d{2}$/.test(label))
    return new Date(`${label}-01T12:00`).toLocaleDateString("en-GB", {
      month: "long",
      year: "numeric",
    });
  return label;
}

type Fixed = {
  label: string;
  icon: IconName;
  token: string;
  /** Below the kinds. */
  after?: boolean;
  /** Only where there are any. */
  maybe?: boolean;
};
const FIXED: readonly Fixed[] = [
  { label: "Favourites", icon: "heart", token: "fav:yes" },
  { label: "Picks", icon: "flag", token: "flag:pick" },
  { label: "Previews", icon: "eye", token: PREVIEWS, after: true, maybe: true },
  { label: "Bin", icon: "trash-2", token: "is:binned", after: true },
];
/** Kinds that have a line even when there are none. */
const ALWAYS = ["video", "audio"];

/**
 * The Library section. `total`: outputs in the library. `previews`: what preview nodes made on the way, if
 * that is known.
 */
export function libraryItems(
  text: string,
  facets: readonly FacetView[],
  total: number | null,
  previews: number | null = null,
): LibraryItem[] {
  const places = facets.find(({ key }) => key === "place")?.values ?? [];
  const fixed = FIXED.flatMap(({ label, icon, token, after = false, maybe = false }) => {
    const value = places.find((one) => one.label === label);
    // The library leaves out what there is none of.
    const count = value?.count ?? (maybe ? previews : places.length > 0 ? 0 : null);
    const on = value?.chosen ?? hasToken(text, token);
    if (maybe && !on && (count ?? 0) === 0) return [];
    return [{ label, icon, after, count, on, text: value?.text ?? toggled(text, token) }];
  });
  const told = facets.find(({ key }) => key === "kind")?.values;
  const kinds = ["video", "audio", "model", "text", "other"].flatMap((kind) => {
    const token = `kind:${kind}`;
    const value = told?.find((one) => isKind(one.label, kind));
    const on = value?.chosen ?? hasToken(text, token);
    if (!on && (value?.count ?? 0) === 0 && !ALWAYS.includes(kind)) return [];
    const { many, icon } = kindOf(kind);
    // As of the places: where the library tells of kinds, it leaves out what there is none of.
    const count = value?.count ?? (told === undefined ? null : 0);
    return [{ label: many, icon, count, on, text: value?.text ?? toggled(text, token) }];
  });
  const items = [
    ...fixed.filter(({ after }) => !after),
    ...kinds,
    ...fixed.filter(({ after }) => after),
  ].map(({ label, icon, count, on, text }) => ({ label, icon, count, on, text }));
  const everything = {
    label: "Everything",
    icon: "images" as const,
    count: total,
    on: items.every(({ on }) => !on),
    text: "",
  };
  return [everything, ...items];
}

/** The library names kinds as words: "video", "Videos", "3D". */
function isKind(label: string, kind: string): boolean {
  const low = label.toLowerCase();
  const { one, many } = kindOf(kind);
  return [kind, `${kind}s`, one.toLowerCase(), many.toLowerCase()].includes(low);
}
