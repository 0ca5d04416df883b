/** Ways into the knobs. */
import type { AssetId } from "../../bindings/AssetId";
import type { ComposeSource } from "../../bindings/ComposeSource";
import type { ComposeView } from "../../bindings/ComposeView";
import type { DraftId } from "../../bindings/DraftId";
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

/** A picture to put into the draft that is opened next. */
let waiting: { draft: DraftId; asset: AssetId } | null = null;

/** Opens the last draft with a picture of the gallery as its input. */
export async function useAsInput(asset: AssetId): Promise<void> {
  if (recent === null) return;
  waiting = { draft: recent, asset };
  await openCompose({ from: "draft", id: recent });
}

/** The picture that waits for a draft, once. */
export function takeWaiting(draft: DraftId): AssetId | null {
  const asset = waiting?.draft === draft ? waiting.asset : null;
  waiting = null;
  return asset;
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
