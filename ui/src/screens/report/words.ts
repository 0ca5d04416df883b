/** What is said about files that were handed in. Pure. */
import type { FindingView } from "../../bindings/FindingView";
import type { IntakeItem } from "../../bindings/IntakeItem";
import type { IntakeReport } from "../../bindings/IntakeReport";
import type { JobState } from "../../bindings/JobState";
import type { JobView } from "../../bindings/JobView";
import type { PictureFacts } from "../../bindings/PictureFacts";
import type { SameView } from "../../bindings/SameView";
import { cutOffText } from "../../lib/cut-off";
import { count, size } from "../../lib/format";
import type { IconName } from "../../lib/icons";
import { mediumOf } from "../../lib/media";
import type { Tone } from "../../state/toasts.svelte";
import type { GroupName } from "./rows";

/** At most this many refused files are named in a message. */
const NAMED = 3;

/** The gravest of some findings: what blocks before what warns. */
export const gravest = (findings: readonly FindingView[]): FindingView | undefined =>
  findings.find(({ severity }) => severity === "blocks") ??
  findings.find(({ severity }) => severity === "warns");

/** Why a file is not simply queued. */
export function reasonOf(item: IntakeItem): string {
  if (item.standing !== "needs_look") return item.message;
  return gravest(item.findings)?.text ?? item.message;
}

/** What was taken along for a workflow, in a sentence each: "Took harbour.png from beside it." */
export const takenText = (item: IntakeItem): string =>
  item.findings
    .filter(({ kind, severity }) => kind === "taken_along" && severity === "says")
    .map(({ text }) => text)
    .join(" ");

/** A workflow that is queued, in a line: what it is, whether it ran before, what was taken along. */
export function readyText(item: IntakeItem, now: number): string {
  const told = [item.same === null ? "" : sameText(item.same, now), takenText(item)];
  const sentences = told.filter((part) => part !== "").join(" ");
  return [whatText(item), sentences].filter((part) => part !== "").join(". ");
}

export function groupTitle(group: GroupName, kept: boolean): string {
  switch (group) {
    case "queued":
      return kept ? "Kept in the library" : "Queued";
    case "look":
      return "Needs a look";
    case "along":
      return "Goes into a workflow";
    case "refused":
      return "Not a workflow";
  }
}

/** "PNG, 14 nodes, Portrait": what a file is. */
export function whatText(item: IntakeItem): string {
  const container = item.container === "unknown" ? null : item.container;
  const title = item.title === null || item.title === stem(item.name) ? null : item.title;
  return [
    item.kind === "saved_job" ? "saved job" : container,
    item.nodes === null ? null : count(item.nodes, "node"),
    title,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

const stem = (name: string): string => name.replace(/\.[^.]+$/, "");

/** Whether a refused file is nothing that artists make or use: the others may go into a workflow. */
export const isAlien = (item: IntakeItem): boolean =>
  item.kind !== "input" && item.kind !== "settings";

export function fileIcon(item: IntakeItem): IconName {
  if (item.standing === "refused" && isAlien(item)) return "circle-alert";
  switch (mediumOf(item.container)) {
    case "picture":
      return "image";
    case "video":
      return "film";
    case "sound":
      return "audio-lines";
    case null:
      return "file-json";
  }
}

/** A state of a job, in a word or two. */
export function stateText(state: JobState, onHold: boolean): string {
  switch (state.kind) {
    case "held":
      return onHold ? "on hold" : "waiting";
    case "sending":
      return "being sent";
    case "queued":
      return "at a server";
    case "running":
      return "developing";
    case "collecting":
      return "fetching outputs";
    case "ended":
      return { succeeded: "done", failed: "failed", cancelled: "cancelled", lost: "lost" }[
        state.of
      ];
  }
}

/** How a job stands now; nothing, if the page does not know it. */
export const jobText = (job: JobView | undefined): string | null =>
  job === undefined ? null : stateText(job.state, job.on_hold);

/** "Same values as a job of 12 Nov, done": it is said, never refused. */
export function sameText(same: SameView, now: number): string {
  const state = stateText(same.state, false);
  const when = dayText(same.at, now);
  return same.count === 1
    ? `Same values as a job of ${when}, ${state}.`
    : `Same values as ${same.count.toLocaleString("en")} jobs, the newest of ${when}, ${state}.`;
}

/** "today 14:02", "12 Nov", "12 Nov 2025". */
export function dayText(at: number, now: number): string {
  const [date, today] = [new Date(at), new Date(now)];
  const time = date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (date.toDateString() === today.toDateString()) return `today ${time}`;
  return date.toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    ...(date.getFullYear() === today.getFullYear() ? {} : { year: "numeric" }),
  });
}

/** The facts of settings without a workflow, by name. */
export function factRows(facts: PictureFacts): [name: string, value: string][] {
  const rows: [string, string | null][] = [
    ["Prompt", facts.prompt],
    ["Negative", facts.negative],
    ["Model", facts.models.join(", ")],
    ["LoRA", facts.loras.map(({ name }) => name).join(", ")],
    ["Seed", facts.seed],
    ["Sampler", [facts.sampler, facts.scheduler].filter((part) => part !== null).join(", ")],
    ["Steps", facts.steps === null ? null : String(facts.steps)],
    ["CFG", facts.cfg],
    ["Denoise", facts.denoise],
    ["Size", size(facts.width, facts.height)],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== null && row[1] !== "");
}

/** How many files there are of each standing. */
export function tally({ items }: IntakeReport): { ready: number; looks: number; refused: number } {
  const of = (standing: IntakeItem["standing"]): number =>
    items.filter((item) => item.standing === standing).length;
  return { ready: of("ready"), looks: of("needs_look"), refused: of("refused") };
}

/** What is said about files that cannot be read. Nothing, if all can. */
export function refusalText(items: readonly IntakeItem[]): string {
  const refused = items.filter((item) => item.standing === "refused");
  const [first] = refused;
  if (first === undefined) return "";
  if (refused.length === 1) return `${first.name}: ${first.message}`;
  const named = refused.slice(0, NAMED).map((item) => `${item.name}: ${item.message}`);
  const more = refused.length - named.length;
  return [...named, ...(more > 0 ? [`and ${count(more, "more file")}`] : [])].join("\n");
}

/** Whether there is more to say than a message holds. */
export function isWorthShowing({ items, left_out }: IntakeReport): boolean {
  const [only] = items;
  if (left_out > 0 || items.length !== 1 || only === undefined) return items.length + left_out > 0;
  if (only.standing === "needs_look") return true;
  // A refused text that was pasted has been told whole by its message.
  return only.standing === "refused" && (only.path !== null || only.facts !== null);
}

/** The message in the corner: what was taken, and in a line or two what was not. */
export function toastOf(
  report: IntakeReport,
  kept: boolean,
  now: number,
): { tone: Tone; title: string; text: string; stays: boolean } {
  const { items, left_out } = report;
  const { ready, looks, refused } = tally(report);
  const [first] = items;
  const alone = items.length === 1 && first !== undefined;
  const lines = alone
    ? [
        refused > 0 ? refusalText(items) : (first.title ?? ""),
        looks > 0 ? reasonOf(first) : "",
        first.same === null ? "" : sameText(first.same, now),
        takenText(first),
      ]
    : [
        looks > 0
          ? `${looks.toLocaleString("en")} on hold: ${looks === 1 ? "it needs" : "they need"} a look.`
          : "",
        // The title says how many.
        refused > 1 && ready + looks > 0 ? "" : refusalText(items),
      ];
  lines.push(cutOffText(report.cut_off, "queued"));
  if (left_out > 0)
    lines.push(`${count(left_out, "more file")} were not looked at: too many at once.`);
  const short = refused + looks + left_out > 0 || report.cut_off !== null;
  return {
    tone: refused > 0 && ready + looks === 0 ? "bad" : short ? "warn" : "plain",
    title: titleOf(report, kept),
    text: lines.filter((line) => line !== "").join("\n"),
    stays: refused > 0,
  };
}

function titleOf(report: IntakeReport, kept: boolean): string {
  const { ready, looks, refused } = tally(report);
  const taken = ready + looks;
  if (taken === 0) {
    if (report.cut_off !== null) return "Nothing was queued";
    if (refused === 0) return "There was no file in it";
    return refused === 1 ? "This cannot be queued" : files(refused);
  }
  if (refused > 0) {
    const done = kept ? `${count(taken, "workflow")} kept` : `${count(taken, "job")} queued`;
    return `${done}, ${count(refused, "file")} not`;
  }
  if (kept)
    return taken === 1 ? "Kept in the library" : `${count(taken, "workflow")} kept in the library`;
  if (taken > 1) return `${taken.toLocaleString("en")} jobs added to the queue`;
  return looks > 0 ? "Added to the queue, on hold" : "Added to the queue";
}

const files = (n: number): string => `${count(n, "file")} cannot be queued`;
