/** Round trips of each server since the window opened. */
import type { ServerId } from "../../bindings/ServerId";
import type { ServerView } from "../../bindings/ServerView";
import { push } from "./readings";

let known = $state.raw<ReadonlyMap<ServerId, readonly (number | null)[]>>(new Map());
const last = new Map<ServerId, ServerView>();

/** Takes one reading of every server that has said something new. */
export function record(servers: readonly ServerView[]): void {
  const news = servers.filter((server) => last.get(server.id) !== server);
  if (news.length === 0 && last.size === servers.length) return;
  const next = new Map<ServerId, readonly (number | null)[]>();
  for (const server of servers) {
    const before = known.get(server.id) ?? [];
    const reading = server.link === "online" ? server.latency_ms : null;
    next.set(server.id, news.includes(server) ? push(before, reading) : before);
  }
  last.clear();
  for (const server of servers) last.set(server.id, server);
  known = next;
}

/** The readings of one server, oldest first. */
export function readingsOf(id: ServerId): readonly (number | null)[] {
  return known.get(id) ?? [];
}
