/** The rows of what servers offer: servers, groups, workflows. Pure. */
import type { OfferView } from "../../bindings/OfferView";
import type { OffersView } from "../../bindings/OffersView";
import type { ServerId } from "../../bindings/ServerId";
import type { ServerView } from "../../bindings/ServerView";
import { groupOfOffer } from "./words";

/** What is known of the offers of one server. */
export type Known = { view: OffersView | null; failure: string | null };

export type ServerRow = {
  kind: "server";
  key: string;
  server: ServerView;
  known: Known;
  found: number;
};
export type GroupRow = {
  kind: "group";
  key: string;
  title: string;
  template: boolean;
  count: number;
  open: boolean;
};
export type OfferRow = { kind: "offer"; key: string; server: ServerId; offer: OfferView };
export type Row = ServerRow | GroupRow | OfferRow;

const matches = (offer: OfferView, words: readonly string[]): boolean => {
  const text = `${offer.title} ${offer.description} ${groupOfOffer(offer)}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

/**
 * All rows. Groups of templates are folded until they are opened or something is looked for: a server
 * may bring hundreds. `folds` holds what the artist opened or closed, by key.
 */
export function rowsOf(
  servers: readonly ServerView[],
  known: ReadonlyMap<ServerId, Known>,
  filter: string,
  folds: ReadonlyMap<string, boolean>,
): Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return servers.flatMap((server): Row[] => {
    const one = known.get(server.id) ?? { view: null, failure: null };
    const offers = (one.view?.offers ?? []).filter((offer) => matches(offer, words));
    const head: ServerRow = {
      kind: "server",
      key: `server ${server.id}`,
      server,
      known: one,
      found: offers.length,
    };
    return [head, ...groupsOf(server.id, offers, words.length > 0, folds)];
  });
}

function groupsOf(
  server: ServerId,
  offers: readonly OfferView[],
  searching: boolean,
  folds: ReadonlyMap<string, boolean>,
): Row[] {
  const groups = new Map<string, OfferView[]>();
  for (const offer of offers) {
    const key = `group ${server} ${offer.template ? "t" : "s"} ${groupOfOffer(offer)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [offer]);
    else group.push(offer);
  }
  return [...groups].flatMap(([key, those]): Row[] => {
    const [first] = those;
    if (first === undefined) return [];
    const open = folds.get(key) ?? (searching || !first.template);
    const head: GroupRow = {
      kind: "group",
      key,
      title: groupOfOffer(first),
      template: first.template,
      count: those.length,
      open,
    };
    if (!open) return [head];
    return [
      head,
      ...those.map((offer, at): OfferRow => ({
        kind: "offer",
        key: `${key} ${at} ${offer.key}`,
        server,
        offer,
      })),
    ];
  });
}

/** What is said at a server in place of its workflows, if there is something to say. */
export function serverNote({ server, known, found }: ServerRow, filtered: boolean): string | null {
  if (known.failure !== null) return known.failure;
  if (server.link !== "online" && known.view === null)
    return "Not connected. What it offers is listed when it is.";
  if (known.view === null) return `Reading the workflows of ${server.name}.`;
  if (known.view.trouble !== null) return known.view.trouble;
  if (found === 0) return filtered ? "Nothing here has these words." : "It offers no workflows.";
  return null;
}
