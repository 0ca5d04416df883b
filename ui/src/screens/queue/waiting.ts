/** Why jobs wait, in words. Pure. */
import type { JobView } from "../../bindings/JobView";
import type { ServerView } from "../../bindings/ServerView";
import { waitsHere } from "./rows";

/** What keeps everything waiting, said once; nothing, if a server takes jobs. */
export function allWait(paused: boolean, servers: readonly ServerView[]): string | null {
  if (paused) return "The queue is paused.";
  if (servers.length === 0) return "No server yet. These jobs are safe on disk.";
  if (servers.some((server) => server.link === "online" && !server.paused)) return null;
  const [first] = servers;
  if (first !== undefined && servers.length === 1)
    return `${first.name} ${why(first)}. Jobs start when it takes them again.`;
  const each = servers.map((server) => `${server.name} ${why(server)}`).join(", ");
  return `No server takes jobs: ${each}.`;
}

function why(server: ServerView): string {
  switch (server.link) {
    case "online":
      return "is paused";
    case "connecting":
      return "is being connected";
    case "reconnecting":
      return "is being reconnected";
    case "offline":
      return "is away";
    case "refused":
      return "refuses Safelight";
  }
}

/** Why this one waits, while others may run; the engine's sentence. */
export function ownWait(
  job: JobView,
  waits: ReadonlyMap<string, string>,
  all: string | null,
): string | null {
  if (all !== null || !waitsHere(job) || job.on_hold || job.needs === null) return null;
  return waits.get(job.needs) ?? null;
}

/** Why somebody should look at it before it runs: it is held for that. */
export function lookReason(job: JobView): string | null {
  return waitsHere(job) && job.on_hold ? (job.warnings[0] ?? null) : null;
}

const DAY = 86_400_000;
const twoDigits = (n: number): string => String(n).padStart(2, "0");
const hoursOf = (date: Date): string =>
  `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
const dayOf = (date: Date): number =>
  new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** "23:00", "tomorrow 07:30", "3 Dec 07:30": when a job may start, if that is still to come. */
export function startText(at: number | null, now: number): string | null {
  if (at === null || at <= now) return null;
  const date = new Date(at);
  // Rounded: a day on which the clocks change has another length.
  const days = Math.round((dayOf(date) - dayOf(new Date(now))) / DAY);
  if (days === 0) return hoursOf(date);
  if (days === 1) return `tomorrow ${hoursOf(date)}`;
  const day = date.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return `${day} ${hoursOf(date)}`;
}

/** The next time the clock shows what was typed: "23:00", "7:30", "7.30", "0730", "23". */
export function nextTime(typed: string, now: number): number | null {
  const found = /^\s*(\d{1,2})(?:[:.h ]?(\d{2}))?\s*$/.exec(typed);
  if (found === null) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2] ?? 0)];
  if (hours > 23 || minutes > 59) return null;
  const date = new Date(now);
  date.setHours(hours, minutes, 0, 0);
  if (date.getTime() <= now) {
    date.setDate(date.getDate() + 1);
    date.setHours(hours, minutes, 0, 0);
  }
  return date.getTime();
}
