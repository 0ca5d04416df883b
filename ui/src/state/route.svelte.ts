/** Where the artist is, in the address's hash, so that back and forward work. */

const PLAIN = ["queue", "gallery", "servers", "settings", "welcome"] as const;

export type Place = { name: (typeof PLAIN)[number] } | { name: "job" | "viewer"; id: string };

/** The place an address means. What makes no sense is the queue. */
function parse(hash: string): Place {
  const [name, id] = hash.replace(/^#?\/?/, "").split("/");
  if ((name === "job" || name === "viewer") && id) return { name, id };
  return { name: PLAIN.find((plain) => plain === name) ?? "queue" };
}

class Route {
  current = $state.raw(parse(location.hash));

  constructor() {
    addEventListener("hashchange", () => (this.current = parse(location.hash)));
  }

  go(place: Place): void {
    location.hash = "id" in place ? `#/${place.name}/${place.id}` : `#/${place.name}`;
  }
}

export const route = new Route();
