/** How knobs stand on the screen: in sections, the rest by node. Pure. */
import type { KnobSection } from "../../bindings/KnobSection";
import type { KnobView } from "../../bindings/KnobView";
import { namesOf } from "./controls/list";
import { keyOf } from "./state";

/** One thing to set. */
export type Item =
  | {
      kind: "knob";
      key: string;
      knob: KnobView;
      wide: 1 | 2 | 4;
      /** A knob that stands in this one's place: how much of a picture is kept, beside the picture. */
      beside?: KnobView;
    }
  /** Width and height of one node. */
  | { kind: "size"; key: string; width: KnobView; height: KnobView; wide: 2 };

/** The knobs of an item: one, or those that are shown as one. */
export type OneOrMore = readonly [KnobView, ...KnobView[]];

export type Group = {
  section: KnobSection;
  title: string;
  about: string;
  /** Seeds and sizes, which need more room and stand in front. */
  head: Item[];
  items: Item[];
};

/** The knobs of one node, folded. */
export type Fold = { node: string; title: string; class: string; knobs: KnobView[] };

const TITLES: [KnobSection[], string][] = [
  [["words"], "Words"],
  [["sampling", "size"], "Sampling"],
  [["pictures_in"], "Pictures in"],
  [["models"], "Models"],
];

/** What stands open. Sections without a knob are left out. */
export function groupsOf(knobs: readonly KnobView[]): Group[] {
  const shown = knobs.filter(({ hidden }) => !hidden);
  const pair = denoised(shown);
  return TITLES.flatMap(([sections, title]): Group[] => {
    const own = shown.filter((knob) => sections.includes(knob.section) && knob !== pair?.denoise);
    const [first] = own;
    if (first === undefined) return [];
    const all = itemsOf(own).map((item) =>
      item.kind === "knob" && pair !== null && item.knob === pair.picture
        ? { ...item, beside: pair.denoise }
        : item,
    );
    const head = all.filter(isRoomy);
    const items = all.filter((item) => !isRoomy(item));
    const only = sections.length > 1 && own.every(({ section }) => section === "size");
    return [
      {
        section: sections[0] ?? first.section,
        title: only ? "Size" : title,
        about: aboutOf(own),
        head,
        items,
      },
    ];
  });
}

/** The picture that goes in and how much of it is kept, where there is one of each. */
function denoised(knobs: readonly KnobView[]): { picture: KnobView; denoise: KnobView } | null {
  const free = knobs.filter(({ linked }) => linked === null);
  const pictures = free.filter(
    ({ role, kind, section }) =>
      role === "picture" && kind.type === "file" && section === "pictures_in",
  );
  const all = free.filter(({ role, section }) => role === "denoise" && section === "sampling");
  const [picture, denoise] = [pictures[0], all[0]];
  if (pictures.length !== 1 || all.length !== 1) return null;
  return picture === undefined || denoise === undefined ? null : { picture, denoise };
}

/** What a size is called: by its node, which may be called a size itself. */
export const sizeLabel = (title: string): string =>
  /^size\b/i.test(title) ? title : `Size, ${title}`;

const isRoomy = (item: Item): boolean =>
  item.kind === "size" || (item.knob.role === "seed" && item.knob.linked === null);

function itemsOf(knobs: readonly KnobView[]): Item[] {
  const items: Item[] = [];
  const used = new Set<KnobView>();
  for (const knob of knobs) {
    if (used.has(knob)) continue;
    const other =
      knob.role === "width" || knob.role === "height"
        ? knobs.find(
            (one) =>
              one.node === knob.node &&
              one.role === (knob.role === "width" ? "height" : "width") &&
              !used.has(one),
          )
        : undefined;
    if (other !== undefined && knob.linked === null && other.linked === null) {
      used.add(knob).add(other);
      const [width, height] = knob.role === "width" ? [knob, other] : [other, knob];
      items.push({ kind: "size", key: keyOf(width), width, height, wide: 2 });
    } else items.push({ kind: "knob", key: keyOf(knob), knob, wide: wideOf(knob) });
  }
  return items;
}

/** How many of the four columns a knob takes. */
function wideOf({ kind, role, linked }: KnobView): 1 | 2 | 4 {
  if (linked !== null) return 1;
  if (kind.type === "file") return 4;
  if (kind.type === "text") return kind.multiline ? (role === "prompt" ? 4 : 2) : 2;
  if (kind.type === "choices" || kind.type === "several") return 2;
  if (kind.type === "json" || role === "seed" || role === "model" || role === "lora") return 2;
  return 1;
}

/** "CLIP Text Encode, nodes 6 and 7": the nodes that a section's knobs are of. */
export function aboutOf(knobs: readonly KnobView[]): string {
  const titles = [...new Set(knobs.map(({ title }) => title))];
  const nodes = [...new Set(knobs.map(({ node }) => node))];
  const [last = "", ...before] = nodes.toReversed();
  const list =
    before.length === 0 ? `node ${last}` : `nodes ${before.reverse().join(", ")} and ${last}`;
  const named =
    titles.length > 3 ? `${titles.slice(0, 3).join(", ")} and others` : titles.join(", ");
  return nodes.length > 4 ? `${named}, ${nodes.length} nodes` : `${named}, ${list}`;
}

/** What is folded: saving and everything else, one fold a node, in the order of the knobs. */
export function foldsOf(knobs: readonly KnobView[]): Fold[] {
  const shown = knobs.filter(
    ({ hidden, section }) => !hidden && (section === "rest" || section === "saving"),
  );
  return byNode(shown);
}

export function byNode(knobs: readonly KnobView[]): Fold[] {
  const folds = new Map<string, Fold>();
  for (const knob of knobs) {
    const fold = folds.get(knob.node);
    if (fold === undefined)
      folds.set(knob.node, {
        node: knob.node,
        title: knob.title,
        class: knob.class,
        knobs: [knob],
      });
    else fold.knobs.push(knob);
  }
  return [...folds.values()];
}

/** What the artist put away. */
export const putAway = (knobs: readonly KnobView[]): KnobView[] =>
  knobs.filter(({ hidden }) => hidden);

/** Longer values are cut where they only show what is there. */
const LONGEST = 48;

/** A value for a line of text. */
export function shortValue(json: string): string {
  const text = namesOf(json).replace(/\s+/g, " ").trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** "amount 0.20, mode soft": the values of a folded node. */
export const summary = (fold: Fold, value: (knob: KnobView) => string): string =>
  fold.knobs
    .map((knob) => {
      const shown = knob.linked === null ? shortValue(value(knob)) : `from ${knob.linked}`;
      return knob.kind.type === "choice" || knob.kind.type === "file" || knob.kind.type === "text"
        ? shown
        : `${knob.label.toLowerCase()} ${shown}`;
    })
    .filter((text) => text !== "")
    .join(", ");

/** The plain form: prompt, negative prompt, size. */
export function plainKnobs(knobs: readonly KnobView[]): {
  prompt: KnobView | undefined;
  negative: KnobView | undefined;
  size: { width: KnobView; height: KnobView } | undefined;
  pictures: KnobView[];
} {
  const free = knobs.filter(({ linked }) => linked === null);
  const of = (role: KnobView["role"]): KnobView | undefined =>
    free.find((knob) => knob.role === role);
  const width = of("width");
  const height = free.find((knob) => knob.role === "height" && knob.node === width?.node);
  return {
    prompt: of("prompt") ?? free.find((knob) => knob.kind.type === "text" && knob.kind.multiline),
    negative: of("negative"),
    size: width === undefined || height === undefined ? undefined : { width, height },
    pictures: free.filter(({ kind }) => kind.type === "file"),
  };
}
