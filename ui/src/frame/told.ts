/** What is said, on screen and to screen readers, when jobs change. */
import type { JobView } from "../bindings/JobView";
import { took } from "../lib/format";
import { endedText } from "../screens/queue/words";
import { app } from "../state/app.svelte";
import { openJob } from "../state/places";
import { route } from "../state/route.svelte";
import { toasts } from "../state/toasts.svelte";

/** Says that a job ended, unless the screen already shows it. */
export function tellJob(before: JobView | undefined, now: JobView): void {
  if (now.state.kind === "running" && before?.state.kind !== "running")
    app.announcement = `${now.title} is developing`;
  if (before === undefined || before.state.kind === "ended" || now.state.kind !== "ended") return;
  const open = { label: "Open", run: () => openJob(now.id) };
  const place = route.current;
  const onScreen = place.name === "queue" || (place.name === "job" && place.id === now.id);
  switch (now.state.of) {
    case "succeeded": {
      const lasted =
        now.started_at === null || now.ended_at === null
          ? "Done"
          : `Done in ${took(now.ended_at - now.started_at)}`;
      app.announcement = `${now.title}. ${lasted}`;
      const [asset] = now.thumbs.slice(-1);
      if (!onScreen)
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
      // A lost job that is tried again by itself needs nobody.
      if (now.retried_by === null && !(place.name === "job" && place.id === now.id))
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

/** 0 to 4: the quarter a share is in. Each is announced once. */
export const quarter = (share: number): number => Math.min(4, Math.floor(share * 4));
