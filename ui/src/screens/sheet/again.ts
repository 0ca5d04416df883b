/** Cells of a sheet that came to nothing: which they are, and how they are run again. */
import type { JobId } from "../../bindings/JobId";
import type { JobView } from "../../bindings/JobView";
import type { SheetCell } from "../../bindings/SheetCell";
import type { SheetView } from "../../bindings/SheetView";
import { commands } from "../../host";
import { count } from "../../lib/format";
import { app } from "../../state/app.svelte";
import { attempt } from "../../state/attempt";
import { offerUndo } from "../../state/undo";
import { takeBack } from "../queue/actions";
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
 * Runs cells again that failed or were cancelled, and queues those that no job is for, in one go. What
 * comes of them is in the same sheet. A cell that has a job by now is left to it.
 */
export async function runAgain(loaded: LoadedSheet, cells: readonly SheetCell[]): Promise<void> {
  const { view } = loaded;
  const left = cells.filter(
    (cell) => nothingOf(cell, cell.job === null ? undefined : loaded.job(cell.job)) !== null,
  );
  if (view === null || left.length === 0) return;
  const batch_id = crypto.randomUUID();
  await attempt(
    commands
      .sheet_again({ batch: view.batch_id, cells: left.map(({ at }) => at), batch_id })
      .then(({ jobs }) => {
        const title = `${count(jobs, "job")} queued`;
        app.announcement = title;
        offerUndo(
          title,
          `${view.title}. What comes of ${jobs === 1 ? "it" : "them"} is in its sheet.`,
          async () => {
            await app.loadAll();
            const fresh = app.open.filter((job) => job.batch_id === batch_id);
            await takeBack(fresh.map(({ id }) => id));
            await loaded.now();
          },
        );
      }),
  );
  await loaded.now();
}
