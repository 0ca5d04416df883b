/** A job's state and times in words. */
import type { IconName } from "../../lib/icons";
import type { JobView } from "../../bindings/JobView";
import type { NodeView } from "../../bindings/NodeView";
import { took } from "../../lib/format";

/** The look of a state tag. */
export type Tone = "plain" | "live" | "ok" | "warn" | "bad";

/** A state tag. */
export type StateTag = { text: string; tone: Tone; icon: IconName | null };

/** The state of a job, with the node it failed at where that is known. */
export function stateTag(job: JobView, nodes: readonly NodeView[]): StateTag {
  const { state } = job;
  if (state.kind !== "ended" && job.cancel_requested) {
    return { text: "Cancelling", tone: "plain", icon: null };
  }
  switch (state.kind) {
    case "held":
      return { text: job.on_hold ? "On hold" : "Waiting", tone: "plain", icon: null };
    case "sending":
      return { text: "Sending", tone: "plain", icon: null };
    case "queued":
      return { text: "Waiting at the server", tone: "plain", icon: null };
    case "running":
      return { text: "Developing", tone: "live", icon: null };
    case "collecting":
      return { text: "Fetching outputs", tone: "plain", icon: null };
    case "ended":
      return endTag(job, nodes, state.of);
  }
}

function endTag(
  job: JobView,
  nodes: readonly NodeView[],
  outcome: "succeeded" | "failed" | "cancelled" | "lost",
): StateTag {
  switch (outcome) {
    case "succeeded":
      return { text: "Done", tone: "ok", icon: "check" };
    case "cancelled":
      return { text: "Cancelled", tone: "plain", icon: "x" };
    case "lost":
      return { text: "Lost", tone: "warn", icon: "unplug" };
    case "failed": {
      const failed = nodes.findIndex(
        (node) => node.state === "failed" || node.id === job.trouble?.node_id,
      );
      const text = failed < 0 ? "Failed" : `Failed at node ${failed + 1} of ${nodes.length}`;
      return { text, tone: "bad", icon: "circle-alert" };
    }
  }
}

/** A wait, coarser than a run: "38 s", "10 min", "2 h 5 min". */
export function wait(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  return took(Math.round(seconds / 60) * 60_000);
}

/** "ran 1 min 31 s on attic-3060, waited 10 min", as far as it is known. */
export function timesText(job: JobView, server: string | null, now: number): string {
  const parts: string[] = [];
  const where = server === null ? "" : ` on ${server}`;
  if (job.started_at !== null) {
    if (job.ended_at !== null) parts.push(`ran ${took(job.ended_at - job.started_at)}${where}`);
    else parts.push(`running ${took(Math.max(0, now - job.started_at))}${where}`);
    const waited = job.started_at - job.created_at;
    if (waited >= 1000) parts.push(`waited ${wait(waited)}`);
  } else if (job.ended_at === null) {
    parts.push(`waiting ${wait(Math.max(0, now - job.created_at))}${where}`);
  } else {
    parts.push(server === null ? "never started" : `never started${where}`);
  }
  if (job.attempt > 1) parts.push(`try ${job.attempt}`);
  return parts.join(", ");
}

/** "14:09:58" today, else with the date. */
export function clock(at: number, now: number): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.toLocaleDateString("en-GB", { day: "numeric", month: "short" })} ${time.slice(0, 5)}`;
}
