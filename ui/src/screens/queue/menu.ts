/** Everything that can be done with jobs that wait: for their menu, and for the palette. */
import type { JobView } from "../../bindings/JobView";
import type { MenuItem } from "../../lib/Menu.svelte";
import { count } from "../../lib/format";
import { openJob, openNodes, openSheet } from "../../state/places";
import { openCompose } from "../compose/open";
import {
  cancel,
  duplicate,
  runNext,
  save,
  startNow,
  toBack,
  toFront,
  toggleHold,
  ungroup,
} from "./actions";
import { waitsHere } from "./rows";
import { upNext } from "./up-next.svelte";

/** Opens the editor of one job. */
export function edit(jobs: readonly JobView[]): void {
  const [job] = jobs;
  if (job !== undefined && jobs.length === 1) upNext.sheet = { kind: "edit", job };
}

/** Opens the knobs of one job, with its values. */
export async function turnKnobs(jobs: readonly JobView[]): Promise<void> {
  const [job] = jobs;
  if (job !== undefined && jobs.length === 1) await openCompose({ from: "job", id: job.id });
}

/** Asks for the name of the batch of a job. */
export function nameBatch(jobs: readonly JobView[]): void {
  const [job] = jobs;
  if (job === undefined || jobs.some(({ batch_id }) => batch_id !== job.batch_id)) return;
  upNext.sheet = {
    kind: "name",
    batch: job.batch_id,
    name: job.batch_name ?? "",
    title: job.title,
  };
}

export function groupThem(jobs: readonly JobView[]): void {
  const here = jobs.filter(waitsHere);
  if (here.length > 1) upNext.sheet = { kind: "group", jobs: here };
}

export function startAt(jobs: readonly JobView[]): void {
  const here = jobs.filter(waitsHere);
  if (here.length > 0) upNext.sheet = { kind: "start", jobs: here };
}

/** The actions for some jobs. Those that make no sense for them are off. */
export function actionsFor(jobs: readonly JobView[], now: number): MenuItem[] {
  const here = jobs.filter(waitsHere);
  const [only] = jobs;
  const none = here.length === 0;
  const one = jobs.length === 1;
  const batches = new Set(jobs.map(({ batch_id }) => batch_id));
  const grouped = here.some(
    ({ batch_count, batch_name }) => batch_count > 1 || batch_name !== null,
  );
  const timed = here.some(({ start_at }) => (start_at ?? 0) > now);
  return [
    {
      icon: "layers-2",
      text: "Open job",
      keys: "Enter",
      off: !one,
      run: () => openJob(only?.id ?? ""),
    },
    {
      icon: "workflow",
      text: "View nodes",
      keys: "V",
      off: !one,
      run: () => only !== undefined && openNodes(only.workflow),
    },
    { icon: "pencil", text: "Edit…", keys: "E", off: !one, run: () => edit(jobs) },
    {
      icon: "sliders-horizontal",
      text: "Edit and run",
      keys: "K",
      off: !one,
      run: () => void turnKnobs(jobs),
    },
    ...(batches.size === 1 && only !== undefined && only.batch_count > 1
      ? [
          {
            icon: "grid-3x3" as const,
            text: "Open sheet",
            keys: "S",
            run: () => openSheet(only.batch_id),
          },
        ]
      : []),
    "line",
    {
      icon: "play",
      text: "Run next",
      keys: "Shift Enter",
      off: none,
      run: () => void runNext(here),
    },
    {
      icon: "pause",
      text: !none && here.every((job) => job.on_hold) ? "Release" : "Hold",
      keys: "H",
      off: none,
      run: () => void toggleHold(here),
    },
    { icon: "clock", text: "Start at…", keys: "T", off: none, run: () => startAt(here) },
    ...(timed
      ? [
          {
            icon: "skip-forward" as const,
            text: "Do not wait for the time",
            run: () => void startNow(here),
          },
        ]
      : []),
    {
      icon: "arrow-up-to-line",
      text: "To the front",
      keys: "Alt Home",
      off: none,
      run: () => void toFront(here),
    },
    {
      icon: "arrow-down-to-line",
      text: "To the back",
      keys: "Alt End",
      off: none,
      run: () => void toBack(here),
    },
    { icon: "copy", text: "Duplicate", keys: "Ctrl D", run: () => void duplicate(jobs) },
    "line",
    {
      icon: "tag",
      text: "Name the batch…",
      keys: "F2",
      off: batches.size !== 1,
      run: () => nameBatch(jobs),
    },
    {
      icon: "group",
      text: here.length > 1 ? `Group ${count(here.length, "job")}…` : "Group…",
      keys: "Ctrl G",
      off: here.length < 2,
      run: () => groupThem(here),
    },
    {
      icon: "ungroup",
      text: "Ungroup",
      keys: "Ctrl Shift G",
      off: !grouped,
      run: () => void ungroup(here),
    },
    { icon: "file-json", text: "Save to a file…", off: none, run: () => void save(here) },
    "line",
    { icon: "x", text: "Cancel", keys: "Del", run: () => void cancel(jobs) },
  ];
}
