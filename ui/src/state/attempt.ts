/** How it is told when a command fails. */
import type { CommandErrorCode } from "../bindings/CommandErrorCode";
import { commandTitle } from "../lib/errors";
import { toasts } from "./toasts.svelte";

/** The sentence of a command that failed. */
export function errorText(error: unknown): string {
  if (typeof error === "object" && error !== null && "message" in error) {
    const { message } = error;
    if (typeof message === "string" && message !== "") return message;
  }
  return typeof error === "string" ? error : "Safelight could not do that.";
}

function errorTitle(error: unknown): string {
  const known = typeof error === "object" && error !== null && "code" in error;
  return commandTitle(known ? (error.code as CommandErrorCode) : "internal");
}

/** Says that a command failed, and why. */
export function tellFailure(error: unknown): void {
  toasts.add({ tone: "bad", title: errorTitle(error), text: errorText(error) });
}

/** Waits for a command and says so if it fails. Gives whether it worked. */
export async function attempt(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    tellFailure(error);
    return false;
  }
}
