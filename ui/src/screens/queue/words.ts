/** What the queue says about jobs. */
import type { Counts } from "../../bindings/Counts";
import type { JobView } from "../../bindings/JobView";
import type { NodeView } from "../../bindings/NodeView";
import type { PictureFacts } from "../../bindings/PictureFacts";
import type { PlaceView } from "../../bindings/PlaceView";
import type { ProgressView } from "../../bindings/ProgressView";
import type { ServerView } from "../../bindings/ServerView";
import { troubleTitle } from "../../lib/errors";
import { clock, count, model, size, took } from "../../lib/format";
import { silence, tellsNothing } from "../../lib/strip";

/** "771204 · 896×1152 · sd_xl_base", as far as the graph says it. */
export function factsLine(facts: PictureFacts): string {
  const [first] = facts.models;
  return [facts.seed, size(facts.width, facts.height), first === undefined ? null : model(first)]
    .filter((part) => part !== null && part !== "")
    .join(" · ");
}

/** What the jobs of a batch have in common; seeds that differ are counted. */
export function batchFacts(jobs: readonly JobView[]): string {
  const common = (of: (facts: PictureFacts) => string | null | undefined): string | null => {
    const values = new Set(jobs.map(({ facts }) => of(facts)));
    return values.size === 1 ? ([...values][0] ?? null) : null;
  };
  const seeds = new Set(jobs.map(({ facts }) => facts.seed).filter((seed) => seed !== null));
  const first = common(({ models }) => models[0]);
  return [
    seeds.size > 1 ? `${seeds.size} seeds` : common(({ seed }) => seed),
    common(({ width, height }) => size(width, height)),
    first === null ? null : model(first),
  ]
    .filter((part) => part !== null && part !== "")
    .join(" · ");
}

/** The prompt, else the file it came from, else how many nodes it has. */
export function excerpt(job: JobView): string {
  const words = job.facts.prompt?.replaceAll(/\s+/g, " ").trim();
  if (words) return words;
  const file = job.source?.split(/[\\/]/).at(-1);
  return file ?? count(job.node_count, "node");
}

/** The node that runs, if one does. */
export const runningNode = (progress: ProgressView | undefined): NodeView | undefined =>
  progress?.nodes.find((node) => node.state === "running");

/** Whether the running node tells no steps. */
export function isUnknown(progress: ProgressView | undefined): boolean {
  const node = runningNode(progress);
  return node !== undefined && tellsNothing(node);
}

/** What the share is made of. */
export function shareNote(progress: ProgressView): string {
  const counted = [
    progress.steps_total > 0 ? `${progress.steps_done} of ${progress.steps_total} steps` : null,
    `${progress.nodes_done} of ${progress.nodes.length} nodes`,
  ]
    .filter((part) => part !== null)
    .join(", ");
  if (!progress.live) return `${counted}. The server sends no live events, so it is asked.`;
  return progress.rough
    ? `${counted}. First run: nodes and steps are counted, no estimate yet.`
    : `${counted}. The share is weighed by earlier runs of this workflow.`;
}

/** Silence of the server after which that is said, in milliseconds; as the engine has it. */
const QUIET_AFTER = 180_000;

const runs = (n: number): string => (n === 1 ? "one earlier run" : `your last ${n} runs`);

/** "about 0:48 left, from your last 6 runs". It rests on earlier runs and on nothing else. */
export function leftText(progress: ProgressView | undefined, now: number): string {
  const left = progress?.left ?? null;
  if (left === null) return "no estimate yet";
  const ms = left.ms - Math.max(0, now - left.at);
  if (left.late || ms < -0.5 * left.ms) return `longer than ${runs(left.runs)}`;
  return `about ${clock(Math.max(0, ms))} left, from ${runs(left.runs)}`;
}

/** That nothing is heard of a running job, once that has lasted. */
export function quietText(progress: ProgressView | undefined, now: number): string | null {
  const heard = progress?.heard_at ?? null;
  if (heard === null || now - heard < QUIET_AFTER) return null;
  return `The server lists this job as running, but has said nothing about it for ${clock(now - heard)}. It may be in a long step, or stuck.`;
}

/** "2 ahead, 1 of them not yours". */
export function placeText(place: PlaceView): string {
  if (place.ahead === 0) return "next there";
  const own = place.others === 0 ? "" : `, ${place.others} of them not yours`;
  return `${place.ahead} ahead${own}`;
}

/** "about 12:30 until the queue is empty", as far as earlier runs tell. */
export function untilEmpty(counts: Counts): string | null {
  if (counts.left_ms === null || counts.waiting + counts.running === 0) return null;
  const rest =
    counts.left_unknown === 0
      ? ""
      : `, and ${count(counts.left_unknown, "job")} without earlier runs`;
  return `about ${clock(counts.left_ms)} until the queue is empty${rest}`;
}

/** That a job cannot be edited, and what becomes of the text. */
export function whyNotEdited(job: JobView | undefined, wasWaiting: boolean): string {
  const meanwhile = wasWaiting ? " meanwhile" : "";
  const what = ((): string => {
    switch (job?.state.kind) {
      case "sending":
      case "queued":
        return wasWaiting ? "was sent to the server meanwhile" : "is at the server already";
      case "running":
      case "collecting":
        return wasWaiting ? "began to develop meanwhile" : "is developing";
      case "held":
        return "waits";
      case "ended":
        return `has ended${meanwhile}`;
      default:
        return wasWaiting ? "has left the queue meanwhile" : "is no longer in the queue";
    }
  })();
  return `This job ${what}, so it stays as it is. The text here can be queued as a new job.`;
}

/** That no events arrive from the server of a running job, as the engine says it. */
export function blindText(server: ServerView | undefined): string | null {
  if (server === undefined || server.link !== "online" || server.live) return null;
  return (
    server.message ??
    `Live progress is missing: ${server.name} sends no events. Jobs are followed by asking instead.`
  );
}

/** What a running job is doing. */
export function doing(job: JobView, progress: ProgressView | undefined): string {
  if (job.state.kind === "collecting")
    return job.trouble === null ? "fetching outputs" : troubleTitle(job.trouble.code).toLowerCase();
  if (job.cancel_requested) return "stopping";
  const node = runningNode(progress);
  if (node === undefined) return progress?.live === false ? "running, no live events" : "starting";
  return tellsNothing(node) ? silence(node) : `step ${node.value ?? 0} of ${node.max ?? 0}`;
}

/** "12 outputs · 5 min 48 s", "Failed at KSampler: out of memory", "Failed: KSampler failed on attic". */
export function endedText(job: JobView): string {
  const { state, trouble } = job;
  if (state.kind !== "ended") return "";
  const lasted =
    job.started_at !== null && job.ended_at !== null ? took(job.ended_at - job.started_at) : null;
  switch (state.of) {
    case "succeeded":
      return [job.asset_count === 0 ? "No outputs" : count(job.asset_count, "output"), lasted]
        .filter((part) => part !== null)
        .join(" · ");
    case "cancelled":
      return job.asset_count === 0
        ? "Cancelled"
        : `Cancelled, ${count(job.asset_count, "output")} kept`;
    case "lost":
      return trouble?.message ?? "The server lost it";
    case "failed": {
      if (trouble === null) return "Failed";
      // There is room for one line: a node that the reason names is not named before it.
      const { node_title: node, message } = trouble;
      return `Failed${node === null || message.includes(node) ? "" : ` at ${node}`}: ${message}`;
    }
  }
}

/** "17.2 of 24 GB" of the card of a server, if it says so. */
export function vram(server: ServerView | undefined): string | null {
  const device = server?.facts?.devices[0];
  // A server without a card reports the computer's memory.
  if (
    device?.kind === "cpu" ||
    device?.vram_total == null ||
    device.vram_free === null ||
    device.vram_total <= 0
  )
    return null;
  const gb = (n: number): string => (n / 1024 ** 3).toFixed(1);
  return `VRAM ${gb(device.vram_total - device.vram_free)} of ${gb(device.vram_total)} GB`;
}

/** Up to `most` of what was kept before the newest, evenly over the time. */
export function earlier<Kept>(kept: readonly Kept[], most: number): Kept[] {
  const before = kept.slice(0, -1);
  if (before.length <= most) return before;
  return Array.from({ length: most }, (_, at) =>
    Math.round((at * (before.length - 1)) / (most - 1)),
  ).flatMap((at) => before.slice(at, at + 1));
}
