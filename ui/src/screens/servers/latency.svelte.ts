/** Round trips of each server since the window opened. */
import type { ServerId } from "../../bindings/ServerId";
import type { ServerView } from "../../bindings/ServerView";
import { push } from "./readings";

/** What is known of one server. */
type Known = { server: ServerView; readings: readonly (number | null)[] };

let known = $state.raw<Readonly<Record<ServerId, Known>>>({});

/** Takes one reading of every server that has said something new. */
export function record(servers: readonly ServerView[]): void {
  const before = known;
  const same =
    servers.length === Object.keys(before).length &&
    servers.every((server) => before[server.id]?.server === server);
  if (same) return;
  known = Object.fromEntries(
    servers.map((server) => {
      const last = before[server.id];
      const reading = server.link === "online" ? server.latency_ms : null;
      const readings = last?.readings ?? [];
      return [
        server.id,
        { server, readings: last?.server === server ? readings : push(readings, reading) },
      ];
    }),
  );
}

/** The readings of one server, oldest first. */
export function readingsOf(id: ServerId): readonly (number | null)[] {
  return known[id]?.readings ?? [];
}
