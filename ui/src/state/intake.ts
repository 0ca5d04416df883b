/** Files and text on their way into the queue, and what is said about them. */
import type { IntakeItem } from "../bindings/IntakeItem";
import type { IntakeReport } from "../bindings/IntakeReport";
import { chooseFiles, commands, readClipboard, submitBytes } from "../host";
import { count } from "../lib/format";
import { app } from "./app.svelte";
import { attempt, errorText, tellFailure } from "./attempt";
import { openQueue } from "./places";
import { route } from "./route.svelte";
import { toasts } from "./toasts.svelte";

/** Where dropped jobs go. */
export type Where = "end" | "hold" | "next";

/** At most this many refused files are named. */
const NAMED = 3;

/** What is said about files that cannot be read. Nothing, if all can. */
export function refusalText(items: readonly IntakeItem[]): string {
  const refused = items.filter((item) => item.standing === "refused");
  const [first] = refused;
  if (first === undefined) return "";
  if (refused.length === 1) return `${first.name}: ${first.message}`;
  const named = refused.slice(0, NAMED).map((item) => `${item.name}: ${item.message}`);
  const more = refused.length - named.length;
  return [...named, ...(more > 0 ? [`and ${count(more, "more file")}`] : [])].join("\n");
}

/** Says what came of files. */
export function tellReport({ items }: IntakeReport): void {
  const queued = items.filter((item) => item.job_id !== null);
  const refused = items.filter((item) => item.standing === "refused");
  if (queued.length > 0) {
    welcomeIsOver();
    toasts.add({
      tone: "plain",
      title:
        queued.length === 1 ? "Added to the queue" : `${queued.length} jobs added to the queue`,
      text: queued.length === 1 ? (queued[0]?.title ?? "") : "",
    });
  }
  if (refused.length > 0) {
    toasts.add({
      tone: "bad",
      title:
        refused.length === 1
          ? "This cannot be queued"
          : `${count(refused.length, "file")} cannot be queued`,
      text: refusalText(items),
    });
  }
}

/** The first start is over once there is something to see. */
export function welcomeIsOver(): void {
  if (!app.settings.welcomed) void attempt(app.setSettings({ welcomed: true }));
  if (route.current.name === "welcome") openQueue();
}

export async function submitPaths(paths: readonly string[], where: Where): Promise<void> {
  if (paths.length === 0) return;
  try {
    tellReport(
      await commands.intake_submit({
        batch_id: crypto.randomUUID(),
        paths: [...paths],
        on_hold: where === "hold",
        next: where === "next",
      }),
    );
  } catch (error) {
    tellFailure(error);
  }
}

/** Asks for files and queues them. */
export async function chooseAndSubmit(): Promise<void> {
  try {
    await submitPaths(await chooseFiles(), "end");
  } catch (error) {
    tellFailure(error);
  }
}

export async function submitText(text: string): Promise<void> {
  try {
    const batch_id = crypto.randomUUID();
    tellReport(await commands.intake_text({ batch_id, text, on_hold: false }));
  } catch (error) {
    tellFailure(error);
  }
}

export async function submitFile(file: File): Promise<void> {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    tellReport(await submitBytes(file.name || "Pasted picture", crypto.randomUUID(), bytes));
  } catch (error) {
    tellFailure(error);
  }
}

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
