/** What can be taken back, by the button in its message or with Ctrl Z, the last thing first. */
import { attempt } from "./attempt";
import { toasts } from "./toasts.svelte";

type Back = () => Promise<unknown>;

/** More is not taken back. */
const MOST = 50;
let done: readonly Back[] = [];

/** Keeps how something is taken back with Ctrl Z, without a message. */
export function rememberUndo(back: Back): void {
  done = [...done.slice(1 - MOST), back];
}

/** Says what was done and offers to take it back. */
export function offerUndo(title: string, text: string, back: Back): void {
  rememberUndo(back);
  const run = (): void => {
    if (!done.includes(back)) return;
    done = done.filter((one) => one !== back);
    void attempt(back());
  };
  toasts.add({ tone: "plain", title, text, action: { label: "Undo", run } });
}

/** Takes the last thing back. */
export function undo(): void {
  const back = done.at(-1);
  done = done.slice(0, -1);
  if (back !== undefined) void attempt(back());
}
