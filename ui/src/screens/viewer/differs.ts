/** What differs between how two outputs were made. Pure. */
import type { LoraUse } from "../../bindings/LoraUse";
import { model as shortName } from "../../lib/format";
import { loraText, plainValue, sameValue, sizeText, type Recipe } from "./recipe";

/** One knob that differs. `null`: this one has none. */
export type Differing = { name: string; a: string | null; b: string | null };

/** How a text stands in both. */
export type TextMatch = "same" | "differs" | "none";

export type Difference = {
  /** Facts that differ, in the order in which artists name them. */
  facts: readonly Differing[];
  /** Widgets that differ beyond that, by class and input as the search names them. */
  widgets: readonly Differing[];
  prompt: TextMatch;
  negative: TextMatch;
  /** Whether the nodes of both are known; without them only the facts were compared. */
  whole: boolean;
};

/** What differs between A and B. */
export function differences(a: Recipe, b: Recipe): Difference {
  const facts = differingFacts(a, b);
  const whole = a.widgets.length > 0 && b.widgets.length > 0;
  const texts = [a.facts.prompt, a.facts.negative, b.facts.prompt, b.facts.negative];
  return {
    facts,
    widgets: whole ? differingWidgets(a, b, facts, texts) : [],
    prompt: matchOf(a.facts.prompt, b.facts.prompt),
    negative: matchOf(a.facts.negative, b.facts.negative),
    whole,
  };
}

function matchOf(a: string | null, b: string | null): TextMatch {
  const [left, right] = [a ?? "", b ?? ""];
  if (left === "" && right === "") return "none";
  return left === right ? "same" : "differs";
}

function differingFacts(a: Recipe, b: Recipe): Differing[] {
  const rows: Differing[] = [];
  const add = (name: string, left: string | null, right: string | null): void => {
    if (!sameValue(left, right)) rows.push({ name, a: left, b: right });
  };
  const models = Math.max(a.facts.models.length, b.facts.models.length);
  for (let at = 0; at < models; at += 1) {
    const [left, right] = [a.facts.models[at], b.facts.models[at]];
    add("Checkpoint", name(left), name(right));
  }
  rows.push(...differingLoras(a.facts.loras, b.facts.loras));
  const of = (recipe: Recipe): [string, string | null][] => [
    ["Seed", recipe.facts.seed],
    ["Sampler", recipe.facts.sampler],
    ["Scheduler", recipe.facts.scheduler],
    ["Steps", recipe.facts.steps === null ? null : String(recipe.facts.steps)],
    ["CFG", recipe.facts.cfg],
    ["Denoise", recipe.facts.denoise],
    ["Size", sizeText(recipe)],
  ];
  const right = of(b);
  of(a).forEach(([label, value], at) => add(label, value, right[at]?.[1] ?? null));
  return rows;
}

const name = (file: string | undefined): string | null =>
  file === undefined ? null : shortName(file);

/** LoRAs are matched by name; each that only one side has is a row, and its strength another. */
function differingLoras(a: readonly LoraUse[], b: readonly LoraUse[]): Differing[] {
  const rest = [...b];
  const onlyA: LoraUse[] = [];
  const strengths: Differing[] = [];
  const several = a.length > 1 || b.length > 1;
  for (const use of a) {
    const at = rest.findIndex((other) => other.name === use.name);
    const other = at < 0 ? undefined : rest.splice(at, 1)[0];
    if (other === undefined) onlyA.push(use);
    else if (!sameValue(use.strength, other.strength)) {
      const label = several ? `${shortName(use.name)} strength` : "Strength";
      strengths.push({ name: label, a: use.strength, b: other.strength });
    }
  }
  const rows: Differing[] = [];
  for (let at = 0; at < Math.max(onlyA.length, rest.length); at += 1) {
    const [left, right] = [onlyA[at], rest[at]];
    rows.push({ name: "LoRA", a: name(left?.name), b: name(right?.name) });
    const [was, is] = [left?.strength ?? null, right?.strength ?? null];
    if (!sameValue(was, is)) rows.push({ name: "Strength", a: was, b: is });
  }
  return [...rows, ...strengths];
}

/**
 * Widgets of the same class and input are paired in the order of their nodes. What the facts show
 * already is left out: a widget whose two values are those of a fact, and the two texts.
 */
function differingWidgets(
  a: Recipe,
  b: Recipe,
  facts: readonly Differing[],
  texts: readonly (string | null)[],
): Differing[] {
  const [left, right] = [byName(a), byName(b)];
  const told = (was: string | null, is: string | null): boolean =>
    facts.some((row) => sameValue(row.a, short(was)) && sameValue(row.b, short(is))) ||
    (was !== null && is !== null && texts.includes(was) && texts.includes(is));
  const rows: Differing[] = [];
  for (const label of new Set([...left.keys(), ...right.keys()])) {
    const [was, is] = [left.get(label) ?? [], right.get(label) ?? []];
    for (const [from, to] of pairs(was, is)) {
      if (!sameValue(from, to) && !told(from, to)) rows.push({ name: label, a: from, b: to });
    }
  }
  return rows;
}

/** A fact names a file without its folder and ending. */
const short = (value: string | null): string | null => (value === null ? null : shortName(value));

function byName({ widgets }: Recipe): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const widget of widgets) {
    const label = `${widget.class}.${widget.input}`;
    const values = found.get(label);
    if (values === undefined) found.set(label, [plainValue(widget.value)]);
    else values.push(plainValue(widget.value));
  }
  return found;
}

/** Pairs values: in order where there are as many, else equal ones first, so that one more shows as one. */
function pairs(a: readonly string[], b: readonly string[]): [string | null, string | null][] {
  if (a.length === b.length) return a.map((value, at) => [value, b[at] ?? null]);
  const rest = [...b];
  const left = a.filter((value) => {
    const at = rest.findIndex((other) => sameValue(value, other));
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  const most = Math.max(left.length, rest.length);
  return Array.from({ length: most }, (_, at) => [left[at] ?? null, rest[at] ?? null]);
}

/** What stands at each picture: what tells it from the other, else its title. */
export function captions(
  a: Recipe,
  b: Recipe,
  titles: { a: string; b: string },
): { a: string; b: string } {
  const [loraA, loraB] = [a.facts.loras, b.facts.loras];
  const texts = (uses: readonly LoraUse[]): string => uses.map(loraText).join(", ");
  if (texts(loraA) !== texts(loraB)) {
    const of = (uses: readonly LoraUse[]): string => (uses.length === 0 ? "no LoRA" : texts(uses));
    return { a: of(loraA), b: of(loraB) };
  }
  const { facts, widgets } = differences(a, b);
  const first = facts[0] ?? widgets[0];
  if (first === undefined) return titles;
  const of = (value: string | null): string =>
    value === null
      ? `no ${first.name}`
      : first.name === "Checkpoint"
        ? value
        : `${first.name} ${value}`;
  return { a: of(first.a), b: of(first.b) };
}
