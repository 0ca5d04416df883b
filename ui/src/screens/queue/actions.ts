/** What can be done with jobs of the queue. */
import type { BatchId } from "../../bindings/BatchId";
import type { JobId } from "../../bindings/JobId";
import type { JobView } from "../../bindings/JobView";
import { chooseSave, commands } from "../../host";
import { count } from "../../lib/format";
import { app } from "../../state/app.svelte";
import { attempt, tellFailure } from "../../state/attempt";
import { isUnseenFailure } from "../../state/reduce";
import { toasts } from "../../state/toasts.svelte";
import { offerUndo } from "../../state/undo";
import { beforeAt } from "./reorder";
import { waitsHere } from "./rows";

const idsOf = (jobs: readonly JobView[]): JobId[] => jobs.map(({ id }) => id);

/** Takes jobs out of the queue: what waits with us at once, what a server has when it confirms. */
export async function cancel(jobs: readonly JobView[]): Promise<void> {
  const here = jobs.filter(waitsHere);
  const there = jobs.filter((job) => !waitsHere(job) && job.state.kind !== "ended");
  try {
    if (there.length > 0) await commands.job_cancel({ ids: idsOf(there) });
    if (here.length > 0) {
      const ids = idsOf(here);
      await commands.job_remove({ ids });
      offerUndo(
        `${count(ids.length, "job")} cancelled`,
        here.length === 1 ? (here[0]?.title ?? "") : "Nothing of it was sent.",
        () => commands.job_restore({ ids }),
      );
    }
  } catch (error) {
    tellFailure(error);
  }
}

/**
 * Takes back what was queued a moment ago: what waits with us goes without a trace, what a server has is
 * cancelled. What has ended stays as it is.
 */
export async function takeBack(ids: readonly JobId[]): Promise<void> {
  const open = ids.filter((id) => app.job(id)?.state.kind !== "ended");
  if (open.length === 0) return;
  await commands.job_remove({ ids: open });
  // Looked at only now: some may have been sent meanwhile. What is not known here waits far behind.
  const there = open.filter((id) => {
    const kind = app.job(id)?.state.kind ?? "held";
    return kind !== "held" && kind !== "ended";
  });
  if (there.length > 0) await commands.job_cancel({ ids: there });
}

/** Takes ended jobs off the list. Gives whether they are off. */
export async function remove(jobs: readonly JobView[]): Promise<boolean> {
  const ids = idsOf(jobs);
  if (ids.length === 0 || !(await attempt(commands.job_remove({ ids })))) return false;
  offerUndo(`${count(ids.length, "job")} removed`, "Pictures stay in the library.", () =>
    commands.job_restore({ ids }),
  );
  return true;
}

/** Takes everything out that waits with us. */
export async function clear(): Promise<void> {
  try {
    const ids = await commands.queue_clear({});
    if (ids.length > 0)
      offerUndo(`${count(ids.length, "job")} cleared`, "Nothing is deleted.", () =>
        commands.job_restore({ ids }),
      );
  } catch (error) {
    tellFailure(error);
  }
}

/** Saves jobs that wait with us into a file, or all; dropping it on the window brings them back. */
export async function save(jobs: readonly JobView[] = []): Promise<void> {
  const path = await chooseSave("queue.safelight.json", "Save the queue", "Safelight queue");
  if (path === null) return;
  try {
    const saved = await commands.queue_export({ path, ids: idsOf(jobs) });
    toasts.add({
      tone: "ok",
      title: `${count(saved, "job")} saved`,
      text: "Drop the file on the window to bring them back.",
    });
  } catch (error) {
    tellFailure(error);
  }
}

/** Holds jobs back, or lets them go if all are held already. */
export async function toggleHold(jobs: readonly JobView[]): Promise<void> {
  const here = jobs.filter(waitsHere);
  const on_hold = !here.every((job) => job.on_hold);
  if (here.length > 0) await attempt(commands.job_hold({ ids: idsOf(here), on_hold }));
}

export const runNext = (jobs: readonly JobView[]): Promise<boolean> =>
  attempt(commands.job_run_next({ ids: idsOf(jobs.filter(waitsHere)) }));

/** Moves jobs to stand before a place of the queue. What a server has stays in front. */
export async function moveTo(moving: ReadonlySet<JobId>, at: number): Promise<void> {
  // Before what comes after those in the page, and not at the very end.
  if (at >= app.waiting.length && !(await attempt(app.loadMore()))) return;
  const all = app.waiting.map(({ id }) => id);
  const before = beforeAt(all, moving, at);
  if (before === undefined) return;
  const ids = all.filter((id) => moving.has(id));
  if (!(await attempt(commands.job_move({ ids, before })))) return;
  const rest = all.filter((id) => !moving.has(id));
  const place = before === null ? rest.length + 1 : rest.indexOf(before) + 1;
  app.announcement = `Position ${place} of ${all.length + app.unloaded}`;
}

export const toFront = (jobs: readonly JobView[]): Promise<void> =>
  moveTo(new Set(idsOf(jobs)), Math.max(0, app.waiting.findIndex(waitsHere)));

export async function toBack(jobs: readonly JobView[]): Promise<void> {
  if (await attempt(app.loadAll())) await moveTo(new Set(idsOf(jobs)), app.waiting.length);
}

/** Lets jobs go that wait for a time. */
export const startNow = (jobs: readonly JobView[]): Promise<boolean> =>
  attempt(commands.job_start_at({ ids: idsOf(jobs), at: null }));

/** Makes one batch of jobs, one after the other where the first of them waits. Throws a refusal. */
export async function group(jobs: readonly JobView[], name: string): Promise<BatchId> {
  const ids = idsOf(jobs);
  const id = crypto.randomUUID();
  await commands.batch_group({ id, ids, name });
  await moveTo(
    new Set(ids),
    app.waiting.findIndex(({ id }) => id === ids[0]),
  );
  app.announcement = `${count(ids.length, "job")} grouped`;
  return id;
}

export async function ungroup(jobs: readonly JobView[]): Promise<void> {
  const ids = idsOf(jobs.filter(waitsHere));
  if (await attempt(commands.batch_ungroup({ ids })))
    app.announcement = `${count(ids.length, "job")} ungrouped`;
}

export const duplicate = (jobs: readonly JobView[]): Promise<boolean> =>
  attempt(commands.job_duplicate({ ids: idsOf(jobs) }));

export const retry = (jobs: readonly JobView[]): Promise<boolean> =>
  attempt(commands.job_retry({ ids: idsOf(jobs) }));

export const togglePause = (): Promise<boolean> =>
  attempt(commands.queue_pause({ paused: !app.paused }));

/** Failures nobody has looked at yet. */
export const failures = (): JobView[] => app.finished.filter(isUnseenFailure);
