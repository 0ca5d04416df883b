/** Ways into the knobs. */
import type { AssetId } from "../../bindings/AssetId";
import type { ComposeSource } from "../../bindings/ComposeSource";
import type { ComposeState } from "../../bindings/ComposeState";
import type { ComposeView } from "../../bindings/ComposeView";
import type { DraftId } from "../../bindings/DraftId";
import type { WorkflowHash } from "../../bindings/WorkflowHash";
import { commands } from "../../host";
import { attempt } from "../../state/attempt";
import { tellReport, welcomeIsOver } from "../../state/intake";
import { openDraft } from "../../state/places";

/** What was just opened, so that the screen need not ask again. */
let fresh: ComposeView | null = null;

/** Opens the knobs of something as a draft. Gives whether that worked; a refusal is told. */
export const openCompose = (source: ComposeSource): Promise<boolean> =>
  attempt(
    leaving
      .then(() => commands.compose_open({ source }))
      .then((view) => {
        fresh = view;
        openDraft(view.draft);
      }),
  );

/** Opens the knobs of a workflow with something set up already. */
export const openComposeWith = (workflow: WorkflowHash, state: ComposeState): Promise<boolean> =>
  attempt(
    leaving
      .then(() => commands.compose_open({ source: { from: "workflow", workflow } }))
      .then(async (view) => {
        await commands.compose_save({ draft: view.draft, state });
        fresh = { ...view, state };
        openDraft(view.draft);
      }),
  );

/** Keeps the workflows in files, and opens the knobs of the first. What is no workflow is told. */
export async function setUpFirst(paths: readonly string[]): Promise<void> {
  await attempt(
    commands.intake_save({ paths: [...paths] }).then(async (report) => {
      const first = report.items.find((item) => item.workflow !== null)?.workflow ?? null;
      if (first === null || report.items.length > 1) tellReport(report, true);
      if (first === null) return;
      welcomeIsOver();
      await openCompose({ from: "workflow", workflow: first });
    }),
  );
}

/** The draft that was open last, in this run of the app. */
let recent: DraftId | null = null;

export const recentDraft = (): DraftId | null => recent;

/** A picture, of the gallery or a file, to put into the draft that is opened next. */
export type Waiting = { asset: AssetId } | { path: string };
let waiting: { draft: DraftId; input: Waiting } | null = null;

/** The place (`data-taker`) where what hangs over the window becomes the last draft's input. */
export const INPUT_PLACE = "compose-input";

/** Opens the last draft with a picture of the gallery as its input. */
export const useAsInput = (asset: AssetId): Promise<void> => openWith({ asset });

/** Opens the last draft with a file as its input. */
export const useFileAsInput = (path: string): Promise<void> => openWith({ path });

async function openWith(input: Waiting): Promise<void> {
  if (recent === null) return;
  waiting = { draft: recent, input };
  await openCompose({ from: "draft", id: recent });
}

/** The picture that waits for a draft, once. */
export function takeWaiting(draft: DraftId): Waiting | null {
  const input = waiting?.draft === draft ? waiting.input : null;
  waiting = null;
  return input;
}

/** What is being kept of the draft that was left. */
let leaving: Promise<unknown> = Promise.resolve();

/** A draft was left; it is read again only when that is kept. */
export function leave(kept: Promise<unknown>): void {
  leaving = kept;
}

/** A draft as it is kept. */
export async function viewOf(id: DraftId): Promise<ComposeView> {
  await leaving;
  const known = fresh;
  fresh = null;
  recent = id;
  return known?.draft === id
    ? known
    : await commands.compose_open({ source: { from: "draft", id } });
}
