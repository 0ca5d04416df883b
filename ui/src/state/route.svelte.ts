/** Where the artist is, in the address's hash, so that back and forward work. */

const PLAIN = ["queue", "gallery", "workflows", "servers", "settings", "welcome", "new"] as const;
const OF_ONE = ["job", "viewer", "nodes", "compose", "sheet"] as const;

export type Place =
  { name: (typeof PLAIN)[number] } | { name: (typeof OF_ONE)[number]; id: string };

/** The place an address means. What makes no sense is the queue. */
export function parse(hash: string): Place {
  const [name, id] = hash.replace(/^#?\/?/, "").split("/");
  const one = OF_ONE.find((known) => known === name);
  if (one !== undefined && id) return { name: one, id };
  return { name: PLAIN.find((plain) => plain === name) ?? "queue" };
}

/** The address of a place. */
export const hashOf = (place: Place): string =>
  "id" in place ? `#/${place.name}/${place.id}` : `#/${place.name}`;

class Route {
  hash = $state(location.hash);
  readonly current = $derived(parse(this.hash));

  constructor() {
    addEventListener("hashchange", () => (this.hash = location.hash));
  }

  go(place: Place): void {
    location.hash = hashOf(place);
  }
}

export const route = new Route();
