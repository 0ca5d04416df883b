/** What can be done with the rows of an import report. */
import type { CheckView } from "../../bindings/CheckView";
import type { FindingView } from "../../bindings/FindingView";
import type { IntakeItem } from "../../bindings/IntakeItem";
import { commands } from "../../host";
import { count } from "../../lib/format";
import type { MenuItem } from "../../lib/Menu.svelte";
import { mediumOf } from "../../lib/media";
import { app } from "../../state/app.svelte";
import { attempt } from "../../state/attempt";
import { imported } from "../../state/imported.svelte";
import { openJob, openNodes } from "../../state/places";
import { sheets } from "../../state/sheets.svelte";
import { setValue, setWorkflowValue } from "../check/actions";
import { openCompose } from "../compose/open";
import { canGoIn, goingIn } from "../drop/found";
import { remove as removeJobs } from "../queue/actions";
import { waitsHere } from "../queue/rows";
import { refreshed } from "./rows";

const jobsOf = (items: readonly IntakeItem[]) =>
  items.flatMap(({ job_id }) => (job_id === null ? [] : (app.job(job_id) ?? [])));

/** The jobs of some rows that wait with us on hold. */
export const heldOf = (items: readonly IntakeItem[]) =>
  jobsOf(items).filter((job) => waitsHere(job) && job.on_hold);

/** The jobs of some rows that can be taken out of the queue. */
export const removableOf = (items: readonly IntakeItem[]) =>
  jobsOf(items).filter((job) => waitsHere(job) || job.state.kind === "ended");

/** Lets the jobs of some rows go that are on hold. */
export async function release(items: readonly IntakeItem[]): Promise<void> {
  const ids = heldOf(items).map(({ id }) => id);
  if (ids.length > 0 && (await attempt(commands.job_hold({ ids, on_hold: false }))))
    app.announcement = `${count(ids.length, "job")} released`;
}

export const remove = (items: readonly IntakeItem[]): Promise<boolean> =>
  removeJobs(removableOf(items));

/** The files of some rows that can go into a workflow as they are. */
export const usableOf = (items: readonly IntakeItem[]): IntakeItem[] =>
  items.filter((item) => item.standing === "refused" && item.path !== null && canGoIn(item));

export function usePictures(items: readonly IntakeItem[]): void {
  const usable = usableOf(items);
  sheets.current = {
    kind: "pictures",
    paths: usable.flatMap(({ path }) => (path === null ? [] : [path])),
    what: goingIn(usable),
    jobs: usable.length,
  };
}

/** Whether a row has something that can be given another value: a job, or a workflow that was kept. */
export const canChange = (item: IntakeItem): boolean =>
  item.job_id !== null || (imported.kept && item.workflow !== null);

/** Whether the servers can run a row's job, or the workflow that was kept. */
export const askFor = (item: IntakeItem): Promise<CheckView> | null =>
  item.job_id !== null
    ? commands.job_check({ id: item.job_id })
    : item.workflow !== null
      ? commands.workflow_check({ workflow: item.workflow })
      : null;

/** The row with another value in its job, or in the workflow that was kept. */
async function changed(
  item: IntakeItem,
  finding: FindingView,
  json: string,
): Promise<IntakeItem | null> {
  if (item.job_id !== null) {
    const job_id = await setValue(item.job_id, finding, json);
    const workflow = job_id === null ? null : (app.job(job_id)?.workflow ?? item.workflow);
    return job_id === null ? null : { ...item, job_id, workflow };
  }
  if (!canChange(item) || item.workflow === null) return null;
  const workflow = await setWorkflowValue(item.workflow, finding, json);
  return workflow === null ? null : { ...item, workflow };
}

/** Gives an input of a row another value, and looks again at what is in its way. */
export async function useValue(at: number, finding: FindingView, json: string): Promise<void> {
  const item = imported.report?.items[at];
  const now = item === undefined ? null : await changed(item, finding, json);
  if (item === undefined || now === null) return;
  const asked = askFor(now);
  if (asked === null) return;
  await attempt(
    (async () => {
      const check = await asked;
      imported.change(at, { ...now, findings: refreshed(item, check) });
      app.announcement = check.blocked ?? `${item.name} can run now`;
      // The button that was pressed may be gone.
      if (document.activeElement === document.body) imported.asked += 1;
    })(),
  );
}

/** Opens the knobs of the workflow that was found in a file. */
export async function turnKnobs({ workflow }: IntakeItem): Promise<void> {
  if (workflow !== null) await openCompose({ from: "workflow", workflow });
}

/** All actions of a row, for its menu. */
export function actionsFor(item: IntakeItem): MenuItem[] {
  const { job_id, workflow } = item;
  const none = job_id === null || app.job(job_id) === undefined;
  return [
    {
      icon: "skip-forward",
      text: "Release",
      keys: "H",
      off: heldOf([item]).length === 0,
      run: () => void release([item]),
    },
    {
      icon: "sliders-horizontal",
      text: "Turn its knobs",
      keys: "K",
      off: workflow === null,
      run: () => void turnKnobs(item),
    },
    {
      icon: "workflow",
      text: "View nodes",
      keys: "V",
      off: workflow === null,
      run: () => workflow !== null && openNodes(workflow),
    },
    {
      icon: "layers-2",
      text: "Open job",
      keys: "O",
      off: none,
      run: () => job_id !== null && openJob(job_id),
    },
    ...(mediumOf(item.container) === null
      ? []
      : [
          {
            icon: "image-down" as const,
            text: "Use in a workflow…",
            off: usableOf([item]).length === 0,
            run: () => usePictures([item]),
          },
        ]),
    "line",
    {
      icon: "trash-2",
      text: "Remove from the queue",
      keys: "Del",
      off: removableOf([item]).length === 0,
      run: () => void remove([item]),
    },
  ];
}
