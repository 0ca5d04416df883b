/** What can be done with workflows of the library, and with those that servers offer. */
import type { OfferView } from "../../bindings/OfferView";
import type { ServerId } from "../../bindings/ServerId";
import type { WorkflowView } from "../../bindings/WorkflowView";
import { chooseSave, commands } from "../../host";
import type { MenuItem } from "../../lib/Menu.svelte";
import { app } from "../../state/app.svelte";
import { attempt, tellFailure } from "../../state/attempt";
import { report } from "../../state/intake";
import { openNodes } from "../../state/places";
import { sheets } from "../../state/sheets.svelte";
import { toasts } from "../../state/toasts.svelte";
import { offerUndo } from "../../state/undo";
import { openCompose } from "../compose/open";
import { library } from "./library.svelte";
import { fileFor } from "./words";

/** Queues a workflow with its newest values. */
export async function run({ workflow }: WorkflowView, on_hold: boolean): Promise<void> {
  await report(commands.workflow_run({ workflow, batch_id: crypto.randomUUID(), on_hold }));
  library.refreshSoon("change");
}

/** Opens its knobs with its newest values. */
export const turnKnobs = async ({ workflow }: WorkflowView): Promise<void> =>
  void (await openCompose({ from: "workflow", workflow }));

export async function pin({ structure, title, pinned }: WorkflowView): Promise<void> {
  if (!(await attempt(commands.workflow_pin({ structure, pinned: !pinned })))) return;
  app.announcement = pinned ? `${title} is no longer pinned` : `${title} is pinned`;
  await library.refresh();
}

export const rename = (workflow: WorkflowView): void => {
  sheets.current = { kind: "rename", workflow };
};

/** Writes a workflow to a file: what runs, or what was drawn. */
export async function exportIt({ workflow, title }: WorkflowView, drawn: boolean): Promise<void> {
  try {
    const what = drawn ? "Save the graph" : "Save the prompt";
    const path = await chooseSave(fileFor(title, drawn), what, "ComfyUI workflow");
    if (path === null) return;
    await commands.workflow_export({ workflow, path, drawn });
    toasts.add({ tone: "ok", title: drawn ? "Graph saved" : "Prompt saved", text: path });
  } catch (error) {
    tellFailure(error);
  }
}

export async function remove({ structure, title }: WorkflowView): Promise<void> {
  const structures = [structure];
  if (!(await attempt(commands.workflow_remove({ structures })))) return;
  offerUndo("Workflow removed", `${title}. Its jobs and pictures stay.`, async () => {
    await commands.workflow_restore({ structures });
    await library.refresh();
  });
  await library.refresh();
}

/** All actions of a workflow, for its menu. */
export function actionsFor(
  workflow: WorkflowView,
  check: (workflow: WorkflowView) => void,
): MenuItem[] {
  return [
    {
      icon: "sliders-horizontal",
      text: "Turn its knobs",
      keys: "Enter",
      run: () => void turnKnobs(workflow),
    },
    { icon: "play", text: "Run", keys: "R", run: () => void run(workflow, false) },
    { icon: "pause", text: "Run on hold", keys: "H", run: () => void run(workflow, true) },
    "line",
    {
      icon: "workflow",
      text: "View nodes",
      keys: "V",
      run: () => openNodes(workflow.workflow),
    },
    { icon: "server", text: "Check servers", keys: "C", run: () => check(workflow) },
    "line",
    {
      icon: workflow.pinned ? "pin-off" : "pin",
      text: workflow.pinned ? "Unpin" : "Pin",
      keys: "F",
      run: () => void pin(workflow),
    },
    { icon: "pencil", text: "Rename…", keys: "F2", run: () => rename(workflow) },
    {
      icon: "file-output",
      text: "Export prompt…",
      keys: "X",
      run: () => void exportIt(workflow, false),
    },
    {
      icon: "file-output",
      text: "Export graph…",
      off: !workflow.drawn,
      run: () => void exportIt(workflow, true),
    },
    "line",
    { icon: "trash-2", text: "Remove", keys: "Del", bad: true, run: () => void remove(workflow) },
  ];
}

/** Takes a workflow that a server offers. */
export async function take(
  id: ServerId,
  { key, template }: OfferView,
  to: "queue" | "hold" | "library",
): Promise<void> {
  const batch_id = crypto.randomUUID();
  await report(commands.server_take({ id, key, template, batch_id, to }), to === "library");
  library.refreshSoon("change");
}

/** All actions of an offer, for its menu. */
export function offerActions(id: ServerId, offer: OfferView): MenuItem[] {
  return [
    { icon: "play", text: "Queue", keys: "R", run: () => void take(id, offer, "queue") },
    { icon: "pause", text: "Hold", keys: "H", run: () => void take(id, offer, "hold") },
    {
      icon: "library",
      text: "Keep in library",
      keys: "K",
      run: () => void take(id, offer, "library"),
    },
  ];
}
