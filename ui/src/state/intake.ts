/** Files and text on their way into the queue, and what is said about them. */
import type { BatchId } from "../bindings/BatchId";
import type { CutOff } from "../bindings/CutOff";
import type { IntakeReport } from "../bindings/IntakeReport";
import { chooseFiles, chooseFolder, commands, readClipboard, submitBytes } from "../host";
import { linkIn } from "../lib/link";
import { isWorthShowing, tally, toastOf } from "../screens/report/words";
import { app } from "./app.svelte";
import { attempt, errorText, tellFailure } from "./attempt";
import { imported } from "./imported.svelte";
import { openQueue } from "./places";
import { route } from "./route.svelte";
import { sheets } from "./sheets.svelte";
import { toasts } from "./toasts.svelte";

/** Where dropped jobs go. */
export type Where = "end" | "next";

/** Says what came of files. */
export function tellReport(report: IntakeReport, kept = false): void {
  const { ready, looks } = tally(report);
  if (ready + looks > 0) welcomeIsOver();
  imported.take(report, kept);
  const more = isWorthShowing(report);
  if (more) imported.show(false);
  const again = { label: "Report", run: () => imported.show(true) };
  toasts.add({ ...toastOf(report, kept, Date.now()), ...(more ? { action: again } : {}) });
}

/** The first start is over once there is something to see. */
export function welcomeIsOver(): void {
  if (!app.settings.welcomed) void attempt(app.setSettings({ welcomed: true }));
  if (route.current.name === "welcome") openQueue();
}

/** Waits for a report and tells it. Gives whether there was one. */
export async function report(work: Promise<IntakeReport>, kept = false): Promise<boolean> {
  try {
    tellReport(await work, kept);
    return true;
  } catch (error) {
    tellFailure(error);
    return false;
  }
}

/** The same for what may be done in parts: where it was broken off, it can be gone on with. */
export async function reportParts(work: () => Promise<IntakeReport>): Promise<void> {
  try {
    const got = await work();
    tellReport(got);
    if (got.cut_off !== null) offerRest(got.cut_off, () => void reportParts(work));
  } catch (error) {
    tellFailure(error);
  }
}

/** Offers to go on with what was broken off: the same batch once more queues nothing twice. */
export function offerRest({ left }: CutOff, run: () => void): void {
  toasts.add({
    tone: "warn",
    title: `${left.toLocaleString("en")} not queued`,
    text: "What was queued before stays in the queue.",
    action: { label: "Queue the rest", run },
    stays: true,
  });
}

export async function submitPaths(paths: readonly string[], where: Where): Promise<void> {
  if (paths.length === 0) return;
  await report(
    commands.intake_submit({
      batch_id: crypto.randomUUID(),
      paths: [...paths],
      on_hold: false,
      next: where === "next",
    }),
  );
}

/** Keeps workflows in the library without queueing them. */
export async function keepPaths(paths: readonly string[]): Promise<void> {
  if (paths.length > 0) await report(commands.intake_save({ paths: [...paths] }), true);
}

async function chosen(): Promise<string[]> {
  try {
    return await chooseFiles();
  } catch (error) {
    tellFailure(error);
    return [];
  }
}

async function chosenFolder(): Promise<string[]> {
  try {
    const folder = await chooseFolder("", "Choose a folder of workflows");
    return folder === null ? [] : [folder];
  } catch (error) {
    tellFailure(error);
    return [];
  }
}

/** Asks for files and queues them. */
export const chooseAndSubmit = async (): Promise<void> => submitPaths(await chosen(), "end");
/** Asks for a folder and queues what is in it. */
export const chooseFolderAndSubmit = async (): Promise<void> =>
  submitPaths(await chosenFolder(), "end");
/** Asks for files and keeps the workflows in them. */
export const chooseAndKeep = async (): Promise<void> => keepPaths(await chosen());
/** Asks for a folder and keeps the workflows in it. */
export const chooseFolderAndKeep = async (): Promise<void> => keepPaths(await chosenFolder());

/** Takes a text: a workflow, or a link, which is asked about first. */
export async function submitText(text: string): Promise<void> {
  const url = linkIn(text);
  if (url !== null) askForLink(url);
  else await report(commands.intake_text({ batch_id: crypto.randomUUID(), text, on_hold: false }));
}

/** Asks whether a link is fetched: nothing is asked of a place that the artist did not name. */
export function askForLink(url: string): void {
  sheets.current = { kind: "link", url };
}

/** Takes pasted files, all into one batch and one report. */
export async function submitFiles(files: readonly File[]): Promise<void> {
  const batch = crypto.randomUUID();
  const all: IntakeReport = { items: [], left_out: 0, batch_id: null, cut_off: null };
  for (const file of files) {
    try {
      const { items, left_out, batch_id } = await submitOne(file, batch);
      all.items.push(...items);
      all.left_out += left_out;
      all.batch_id ??= batch_id;
    } catch (error) {
      tellFailure(error);
    }
  }
  if (all.items.length > 0) tellReport(all);
}

const submitOne = async (file: File, batch: BatchId): Promise<IntakeReport> =>
  submitBytes(file.name || "Pasted picture", batch, new Uint8Array(await file.arrayBuffer()));

/** Takes text from the clipboard, for a button: the keys bring their own. */
export async function pasteText(): Promise<void> {
  let text: string;
  try {
    text = await readClipboard();
  } catch (error) {
    toasts.add({
      tone: "bad",
      title: "There is no text to paste",
      text: `Copy a workflow as text first, or drop its file on the window. (${errorText(error)})`,
    });
    return;
  }
  await submitText(text);
}
