/** Where the artist is, in the address's hash, so that back and forward work. */

export type Route =
  | { at: "queue" | "gallery" | "servers" | "settings" | "welcome" }
  | { at: "job" | "viewer"; id: string };

const PLAIN = ["queue", "gallery", "servers", "settings", "welcome"] as const;

export function parse(hash: string): Route {
  const [at, id] = hash.replace(/^#?\/?/, "").split("/");
  if ((at === "job" || at === "viewer") && id) return { at, id };
  return { at: PLAIN.find((plain) => plain === at) ?? "queue" };
}

class Router {
  route = $state.raw(parse(location.hash));

  constructor() {
    addEventListener("hashchange", () => (this.route = parse(location.hash)));
  }

  go(place: string): void {
    location.hash = `#/${place}`;
  }
}

export const router = new Router();
