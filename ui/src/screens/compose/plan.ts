/** What would be queued, in words and as a grid. Pure. */
import type { ComposeProblem } from "../../bindings/ComposeProblem";
import type { ComposeState } from "../../bindings/ComposeState";
import type { KnobValue } from "../../bindings/KnobValue";
import type { KnobView } from "../../bindings/KnobView";
import type { PlannedCell } from "../../bindings/PlannedCell";
import type { PlanView } from "../../bindings/PlanView";
import type { ServerView } from "../../bindings/ServerView";
import { count } from "../../lib/format";
import { keyOf } from "./state";

/** Problems where they are shown. */
export type Problems = {
  knobs: ReadonlyMap<string, readonly ComposeProblem[]>;
  axes: ReadonlyMap<number, readonly ComposeProblem[]>;
  whole: readonly ComposeProblem[];
  /** The first that must be mended before anything is queued. */
  blocks: ComposeProblem | null;
};

export function problemsOf(problems: readonly ComposeProblem[]): Problems {
  const knobs = new Map<string, ComposeProblem[]>();
  const axes = new Map<number, ComposeProblem[]>();
  const whole: ComposeProblem[] = [];
  for (const problem of problems) {
    if (problem.axis !== null) axes.set(problem.axis, [...(axes.get(problem.axis) ?? []), problem]);
    if (problem.knob !== null) {
      const key = keyOf(problem.knob);
      knobs.set(key, [...(knobs.get(key) ?? []), problem]);
    }
    if (problem.axis === null && problem.knob === null) whole.push(problem);
  }
  return { knobs, axes, whole, blocks: problems.find(({ blocks }) => blocks) ?? null };
}

/** Values that are told of and have no knob on which that could be said. */
export function orphansOf(
  state: ComposeState,
  knobs: readonly KnobView[],
  problems: Problems,
): { value: KnobValue; text: string }[] {
  if (problems.knobs.size === 0) return [];
  const there = new Set(knobs.map(keyOf));
  return state.values.flatMap((value) => {
    const key = keyOf(value);
    const [problem] = there.has(key) ? [] : (problems.knobs.get(key) ?? []);
    return problem === undefined ? [] : [{ value, text: problem.text }];
  });
}

/** What servers have against the values of knobs, and against nodes, by knob: for a mark there. */
export function findingsOf(
  plan: PlanView | null,
  servers: readonly ServerView[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { server_id, findings } of plan?.check?.servers ?? []) {
    const name = servers.find(({ id }) => id === server_id)?.name ?? "A server";
    for (const { node, input, severity, text } of findings) {
      if (node === null || input === null || severity === "says") continue;
      const key = keyOf({ node, input });
      found.set(key, [...(found.get(key) ?? []), `${name}: ${text}`]);
    }
  }
  return found;
}

/** One cell of the grid before it is paid for. */
export type GridCell = {
  /** Its number, row by row, from 1. */
  number: number;
  at: readonly number[];
  /** What the plan says of it; nothing for cells beyond the first 400. */
  planned: PlannedCell | null;
};
export type PlanGrid = {
  columns: readonly string[];
  rows: readonly { label: string; cells: readonly GridCell[] }[];
  /** Values of Z, if there is one. */
  layers: readonly string[];
};

/** A grid up to this size is in the page whole; of larger ones only what is in sight. */
export const MOST_DRAWN = 400;
/** More is refused by the engine. */
const MOST_CELLS = 100_000;

/** The layer `z` of a sweep as rows and columns. Nothing, where there is no sweep, or none that can be. */
export function gridOf(plan: PlanView, z: number): PlanGrid | null {
  const [x, y, layer] = plan.axes;
  if (x === undefined || x.values.length === 0) return null;
  const rows = y?.values ?? [""];
  if (rows.length * x.values.length > MOST_CELLS || rows.length === 0) return null;
  const at = new Map(plan.shown.map((cell) => [cell.at.join(), cell]));
  return {
    columns: x.values,
    layers: layer?.values ?? [],
    rows: rows.map((label, row) => ({
      label,
      cells: x.values.map((_, column) => {
        const place = [column, row, z].slice(0, plan.axes.length);
        return {
          number: (z * rows.length + row) * x.values.length + column + 1,
          at: place,
          planned: at.get(place.join()) ?? null,
        };
      }),
    })),
  };
}

/** "4 × 3 = 12". */
export function productText(plan: PlanView): string {
  const sizes = plan.axes.map(({ values }) => values.length.toLocaleString("en"));
  const cells = plan.cells.toLocaleString("en");
  if (sizes.length === 0) return count(plan.cells, "run");
  return sizes.length < 2 ? count(plan.cells, "cell") : `${sizes.join(" × ")} = ${cells}`;
}

/** "about 6 min": a time that nobody should read to the second. */
export function aboutTime(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `about ${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `about ${hours} h ${minutes % 60} min`;
  return `about ${Math.round(minutes / 60 / 24)} days`;
}

/** What stands before the buttons: how many, how long, and how we know. */
export function costParts(
  plan: PlanView,
  state: ComposeState,
  servers: readonly ServerView[],
): { jobs: string; time: string | null; rest: string } {
  const jobs = count(plan.jobs, "job");
  const server = servers.find(({ id }) => id === state.server);
  if (plan.jobs === 0)
    return {
      jobs,
      time: null,
      rest: plan.made > 0 ? ". All of it was made before." : ".",
    };
  if (plan.takes_ms === null) return { jobs, time: null, rest: ". No estimate yet." };
  const where = server === undefined ? "of work" : `of work on ${server.name}`;
  const runs =
    plan.from_runs === 1 ? "From your last run." : `From your last ${plan.from_runs} runs.`;
  return { jobs, time: aboutTime(plan.takes_ms), rest: ` ${where}. ${runs}` };
}

/** What the main button says. A count is only said while it is known to be right. */
export const queueText = (jobs: number | null): string =>
  jobs === null ? "Queue" : `Queue ${count(jobs, "job")}`;

/** Whether every cell of a sweep was made before, so that there is a sheet to see and nothing to run. */
export const isMade = (plan: PlanView, { many }: Pick<ComposeState, "many">): boolean =>
  many.kind === "sweep" && plan.axes.length > 0 && plan.cells > 0 && plan.jobs === 0;

/** The end of the line about a server in "Send to". */
export function serverNote(
  server: ServerView,
  plan: PlanView | null,
): { text: string; tone: "dim3" | "warn"; off: boolean } {
  if (server.link !== "online")
    return { text: server.link, tone: "dim3", off: server.link === "refused" };
  const check = plan?.check?.servers.find(({ server_id }) => server_id === server.id);
  const lacks = check?.findings.filter(({ severity }) => severity === "blocks").length ?? 0;
  if (check?.ability === "cannot")
    return {
      text: lacks > 0 ? `lacks ${count(lacks, "thing")}` : "cannot run it",
      tone: "warn",
      off: false,
    };
  if (server.paused) return { text: "paused", tone: "dim3", off: false };
  const ahead = server.ours + server.others;
  return { text: ahead === 0 ? "idle" : `${ahead} ahead`, tone: "dim3", off: false };
}

/** "1 of 5 can now". */
export function anyNote(servers: readonly ServerView[], plan: PlanView | null): string {
  if (servers.length === 0) return "no server yet";
  const can = servers.filter(
    ({ id, link }) =>
      link === "online" &&
      plan?.check?.servers.find(({ server_id }) => server_id === id)?.ability === "can",
  ).length;
  return plan?.check == null ? "" : `${can} of ${servers.length} can now`;
}
