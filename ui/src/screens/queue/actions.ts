/** What can be done with jobs of the queue. */
import type { JobId } from "../../bindings/JobId";
import type { JobView } from "../../bindings/JobView";
import { chooseSave, commands } from "../../host";
import { count } from "../../lib/format";
import { app } from "../../state/app.svelte";
import { attempt, tellFailure } from "../../state/attempt";
import { isUnseenFailure } from "../../state/reduce";
import { toasts } from "../../state/toasts.svelte";
import { offerUndo } from "../../state/undo";

const idsOf = (jobs: readonly JobView[]): JobId[] => jobs.map(({ id }) => id);

/** Whether a job waits with us, and can be held, moved and taken out at once. */
export const waitsHere = (job: JobView): boolean => job.state.kind === "held";

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

/** Takes ended jobs off the list. */
export async function remove(jobs: readonly JobView[]): Promise<void> {
  const ids = idsOf(jobs);
  if (ids.length === 0 || !(await attempt(commands.job_remove({ ids })))) return;
  offerUndo(`${count(ids.length, "job")} removed`, "Pictures stay in the library.", () =>
    commands.job_restore({ ids }),
  );
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

/** Saves what waits with us into a file; dropping it on the window brings it back. */
export async function save(): Promise<void> {
  const path = await chooseSave("queue.safelight.json");
  if (path === null) return;
  try {
    const saved = await commands.queue_export({ path, ids: [] });
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

export const duplicate = (jobs: readonly JobView[]): Promise<boolean> =>
  attempt(commands.job_duplicate({ ids: idsOf(jobs) }));

export const retry = (jobs: readonly JobView[]): Promise<boolean> =>
  attempt(commands.job_retry({ ids: idsOf(jobs) }));

export const togglePause = (): Promise<boolean> =>
  attempt(commands.queue_pause({ paused: !app.paused }));

/** Failures nobody has looked at yet. */
export const failures = (): JobView[] => app.finished.filter(isUnseenFailure);
