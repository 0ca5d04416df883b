/** What is said, on screen and to screen readers, when jobs change. */
import type { BatchEnd } from "../bindings/BatchEnd";
import type { JobView } from "../bindings/JobView";
import type { WorkKind } from "../bindings/WorkKind";
import type { WorkView } from "../bindings/WorkView";
import { took } from "../lib/format";
import { endedTitle, showAllLabel } from "../lib/work";
import { endedText } from "../screens/queue/words";
import { app } from "../state/app.svelte";
import { openJob, openSheet } from "../state/places";
import { problems } from "../state/problems.svelte";
import { route } from "../state/route.svelte";
import { toasts } from "../state/toasts.svelte";

/**
 * Says that a job ended, unless the screen already shows it. What ends within a batch is told with the
 * batch, or it would be a message a picture.
 */
export function tellJob(before: JobView | undefined, now: JobView): void {
  if (now.state.kind === "running" && before?.state.kind !== "running")
    app.announcement = `${now.title} is developing`;
  if (before === undefined || before.state.kind === "ended" || now.state.kind !== "ended") return;
  const open = { label: "Open", run: () => openJob(now.id) };
  const place = route.current;
  const onScreen = place.name === "queue" || (place.name === "job" && place.id === now.id);
  const alone = now.batch_count <= 1;
  switch (now.state.of) {
    case "succeeded": {
      const lasted =
        now.started_at === null || now.ended_at === null
          ? "Done"
          : `Done in ${took(now.ended_at - now.started_at)}`;
      app.announcement = `${now.title}. ${lasted}`;
      const asset = now.newest.at(-1);
      if (!onScreen && alone)
        toasts.add({
          tone: "ok",
          title: now.title,
          text: lasted,
          action: open,
          ...(asset === undefined ? {} : { asset }),
        });
      break;
    }
    case "failed":
    case "lost":
      // A lost job that is tried again by itself needs nobody. Where the rest is held since, this is all
      // that will be told.
      if (now.retried_by !== null) break;
      app.announcement = `${now.title} ${now.state.of === "lost" ? "was lost" : "failed"}`;
      if (!(place.name === "job" && place.id === now.id) && (alone || app.settings.stop_batch))
        toasts.add({
          tone: now.state.of === "lost" ? "warn" : "bad",
          title: `${now.title} ${now.state.of === "lost" ? "was lost" : "failed"}`,
          text: endedText(now),
          action: { ...open, label: "See why" },
        });
      break;
    case "cancelled":
      app.announcement = `${now.title} is cancelled`;
  }
}

/** Kinds of work whose asker is answered with what came of it. */
const ANSWERED: ReadonlySet<WorkKind> = new Set(["queue", "mark", "workflows", "copies"]);

/** Says how work that takes a while ended, with what could not be done. */
export function tellWork(before: WorkView | undefined, now: WorkView): void {
  // The asker tells it, with a way back.
  if (ANSWERED.has(now.kind)) return;
  if (now.state === "running" || before?.state === now.state) return;
  toasts.closeAll(({ begun }) => begun === now.id);
  const [problem] = now.problems;
  const all = showAllLabel(now);
  const { done, of } = now;
  const text =
    problem !== undefined
      ? problem
      : now.state === "cancelled"
        ? `${done.toLocaleString("en")} of ${of.toLocaleString("en")} were done before you stopped it.`
        : (now.result ?? "Done");
  toasts.add({
    tone: now.state === "failed" ? "bad" : problem !== undefined ? "warn" : "ok",
    title: endedTitle(now),
    text,
    // It may end while nobody looks.
    stays: problem !== undefined,
    ...(all === null
      ? {}
      : {
          action: { label: all, run: () => problems.show(now) },
        }),
  });
}

/** Says that a batch is over, unless the screen shows it and nothing failed. */
export function tellBatch({
  batch_id,
  title,
  last,
  jobs,
  done,
  failed,
  sheet,
  asset,
}: BatchEnd): void {
  const text = `${done} of ${jobs} done${failed === 0 ? "" : `, ${failed} failed`}`;
  app.announcement = `${title}. ${text}`;
  const place = route.current;
  const onScreen = place.name === "queue" || (place.name === "sheet" && place.id === batch_id);
  if (onScreen && failed === 0) return;
  toasts.add({
    tone: failed > 0 ? "bad" : done > 0 ? "ok" : "plain",
    title,
    text,
    action: { label: "Open", run: () => (sheet ? openSheet(batch_id) : openJob(last)) },
    ...(asset === null ? {} : { asset }),
  });
}

/** 0 to 4: the quarter a share is in. Each is announced once. */
export const quarter = (share: number): number => Math.min(4, Math.floor(share * 4));
