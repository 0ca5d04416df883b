/** Cells of a sheet that came to nothing: which they are, and how they are run again. */
import type { ComposeState } from "../../bindings/ComposeState";
import type { JobId } from "../../bindings/JobId";
import type { JobView } from "../../bindings/JobView";
import type { SheetCell } from "../../bindings/SheetCell";
import type { SheetView } from "../../bindings/SheetView";
import { commands } from "../../host";
import { count } from "../../lib/format";
import { app } from "../../state/app.svelte";
import { attempt } from "../../state/attempt";
import type { LoadedSheet } from "./loading.svelte";
import { stateOf } from "./sheet";

/** Why a cell has no picture and gets none by itself. */
export type Nothing = "failed" | "cancelled" | "none";

/** Why a cell came to nothing; nothing, if it has a picture or one is to come. */
export function nothingOf(cell: SheetCell, job: JobView | undefined): Nothing | null {
  const state = stateOf(cell, job);
  // A job that is tried again already is not the last word about its cell.
  if (job !== undefined && job.retried_by !== null) return null;
  return state === "failed" || state === "cancelled" || state === "none" ? state : null;
}

/** The cells that came to nothing, in the order in which they are told. */
export function nothingIn(
  sheet: SheetView,
  jobOf: (id: JobId) => JobView | undefined,
): Record<Nothing, SheetCell[]> {
  const found: Record<Nothing, SheetCell[]> = { failed: [], cancelled: [], none: [] };
  for (const cell of sheet.cells) {
    const why = nothingOf(cell, cell.job === null ? undefined : jobOf(cell.job));
    if (why !== null) found[why].push(cell);
  }
  return found;
}

/** "Run 3 failed again". Cells that were never queued, or taken out of the queue, are not run again. */
export function againText(found: Record<Nothing, readonly SheetCell[]>): string {
  const said = (cells: readonly SheetCell[], what: string): string[] =>
    cells.length === 0 ? [] : [`${cells.length.toLocaleString("en")} ${what}`];
  const ran = [...said(found.failed, "failed"), ...said(found.cancelled, "cancelled")];
  const never = said(found.none, "not queued");
  if (never.length === 0) return `Run ${ran.join(" and ")} again`;
  return ran.length === 0 ? `Queue ${never[0]}` : `Run ${ran.join(", ")} and ${never[0]}`;
}

/**
 * What is set up to queue cells that no job is for: one axis that turns all that the sheet's axes turn,
 * with a step for each cell. So seeds and words are drawn as they were for the sheet, and what is made
 * is found as its cells'. Cells that turn other knobs than the first cannot be steps of one axis.
 */
export function statesFor(sheet: SheetView, cells: readonly SheetCell[]): ComposeState[] {
  const alike = new Map<string, SheetCell[]>();
  for (const cell of cells) {
    const key = JSON.stringify(cell.values.map(({ node, input }) => [node, input]));
    alike.set(key, [...(alike.get(key) ?? []), cell]);
  }
  return [...alike.values()].map((group) => {
    const knobs = (group[0]?.values ?? []).map(({ node, input }) => ({ node, input }));
    const steps = group.map(({ values }) => values.map(({ json }) => json));
    return {
      ...sheet.state,
      many: { kind: "sweep", axes: [{ knobs, values: { kind: "list", steps } }] },
    };
  });
}

async function queueCells(sheet: SheetView, cells: readonly SheetCell[]): Promise<void> {
  const source = { from: "workflow", workflow: sheet.workflow } as const;
  const { draft } = await commands.compose_open({ source });
  try {
    for (const state of statesFor(sheet, cells))
      await commands.compose_queue({ draft, batch_id: crypto.randomUUID(), state, test: false });
  } finally {
    // Nobody set it up: it has no place among the drafts.
    await commands.draft_discard({ id: draft });
  }
}

/** Runs cells again that failed or were cancelled, and queues those that no job is for. */
export async function runAgain(loaded: LoadedSheet, cells: readonly SheetCell[]): Promise<void> {
  const { view } = loaded;
  if (view === null || cells.length === 0) return;
  const ids = cells.flatMap(({ job }) => job ?? []);
  const never = cells.filter(({ job }) => job === null);
  const did = await attempt(
    (async () => {
      if (ids.length > 0) await commands.job_retry({ ids });
      if (never.length > 0) await queueCells(view, never);
    })(),
  );
  if (did) app.announcement = `${count(cells.length, "cell")} queued`;
  await loaded.now();
}
