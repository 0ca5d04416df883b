/** What a new job can begin with, as rows of one list. Pure. */
import type { DraftView } from "../../bindings/DraftView";
import type { OfferView } from "../../bindings/OfferView";
import type { ServerId } from "../../bindings/ServerId";
import type { ServerView } from "../../bindings/ServerView";
import type { StarterView } from "../../bindings/StarterView";
import type { StartView } from "../../bindings/StartView";
import type { WorkflowView } from "../../bindings/WorkflowView";
import { count } from "../../lib/format";
import type { Known } from "../workflows/offers";

export type Row = { key: string; section: string } & (
  | { kind: "practice" }
  | { kind: "draft"; draft: DraftView }
  | { kind: "workflow"; workflow: WorkflowView }
  | { kind: "starter"; starter: StarterView }
  | { kind: "offer"; server: ServerId; offer: OfferView }
  | { kind: "more"; to: "library" | "servers"; text: string }
);

/** More drafts and templates are found by words. */
const MOST_DRAFTS = 5;
const MOST_OFFERS = 30;

export type Parts = {
  start: StartView | null;
  workflows: readonly WorkflowView[];
  /** How many workflows match in all. */
  total: number;
  servers: readonly ServerView[];
  offers: ReadonlyMap<ServerId, Known>;
  words: string;
};

const matcher = (words: string): ((...texts: (string | null)[]) => boolean) => {
  const all = words.toLowerCase().split(/\s+/).filter(Boolean);
  return (...texts) => {
    const text = texts.join(" ").toLowerCase();
    return all.every((word) => text.includes(word));
  };
};

/**
 * All rows: the practice engine where there is no server, drafts, recent workflows, starters, and what
 * the servers offer. Templates are many: they are listed when something is looked for.
 */
export function rowsOf({ start, workflows, total, servers, offers, words }: Parts): Row[] {
  const has = matcher(words);
  const searching = words.trim() !== "";
  const rows: Row[] = [];
  if (servers.length === 0 && has("practice engine try without a server"))
    rows.push({ key: "practice", section: "No server yet", kind: "practice" });
  const drafts = (start?.drafts ?? []).filter(({ title, prompt }) => has(title, prompt));
  for (const draft of searching ? drafts : drafts.slice(0, MOST_DRAFTS))
    rows.push({ key: `draft ${draft.id}`, section: "Drafts", kind: "draft", draft });
  for (const workflow of workflows)
    rows.push({
      key: `workflow ${workflow.structure}`,
      section: searching ? "Library" : "Recent workflows",
      kind: "workflow",
      workflow,
    });
  if (total > workflows.length)
    rows.push({
      key: "more library",
      section: searching ? "Library" : "Recent workflows",
      kind: "more",
      to: "library",
      text: `All ${total.toLocaleString("en")} in the library`,
    });
  for (const starter of start?.starters ?? [])
    if (has(starter.title, starter.about, "starter"))
      rows.push({ key: `starter ${starter.id}`, section: "Starters", kind: "starter", starter });
  return [...rows, ...offerRows(servers, offers, searching, has)];
}

function offerRows(
  servers: readonly ServerView[],
  offers: ReadonlyMap<ServerId, Known>,
  searching: boolean,
  has: (...texts: (string | null)[]) => boolean,
): Row[] {
  const all = servers.flatMap((server) =>
    (offers.get(server.id)?.view?.offers ?? []).map((offer) => ({ server, offer })),
  );
  const section = "On your servers";
  if (all.length === 0) return [];
  const more: Row = {
    key: "more servers",
    section,
    kind: "more",
    to: "servers",
    text: count(all.length, "template or saved workflow", "templates and saved workflows"),
  };
  if (!searching) return [more];
  const found = all.filter(({ offer }) => has(offer.title, offer.description));
  const rows = found.slice(0, MOST_OFFERS).map(({ server, offer }): Row => ({
    key: `offer ${server.id} ${offer.template} ${offer.key}`,
    section,
    kind: "offer",
    server: server.id,
    offer,
  }));
  return found.length > MOST_OFFERS ? [...rows, more] : rows;
}

/** Where the list begins: the first row that leads on. */
export function firstRow(rows: readonly Row[]): number {
  const at = rows.findIndex((row) => row.kind !== "starter" || row.starter.lacks === null);
  return Math.max(0, at);
}

/** Rows by section, in order, with their places in the whole list. */
export function sectionsOf(rows: readonly Row[]): { title: string; rows: [Row, number][] }[] {
  const found: { title: string; rows: [Row, number][] }[] = [];
  rows.forEach((row, at) => {
    const last = found.at(-1);
    if (last?.title === row.section) last.rows.push([row, at]);
    else found.push({ title: row.section, rows: [[row, at]] });
  });
  return found;
}

/** Whether a starter has a number of LoRAs to choose. */
export const takesLoras = ({ id, title }: StarterView): boolean => /lora/i.test(`${id} ${title}`);

/**
 * Why a starter cannot be opened: what is missing, and at which server; nothing, if it can. It is made
 * of what the server has, so it cannot wait for one that has more.
 */
export function cannotOpen(
  row: Row,
  chosen: ServerId | null,
  servers: readonly Pick<ServerView, "id" | "name">[],
): string | null {
  if (row.kind !== "starter" || row.starter.lacks === null) return null;
  const name = servers.find(({ id }) => id === chosen)?.name ?? "The server";
  return `${name}: ${row.starter.lacks} It can be opened once a server has it.`;
}
