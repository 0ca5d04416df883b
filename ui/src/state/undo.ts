/** What can be taken back, by the button in its message or with Ctrl Z, the last thing first. */
import { attempt } from "./attempt";
import { toasts } from "./toasts.svelte";

type Back = () => Promise<unknown>;

/** What can be taken back, and what the button does in the message that offers it. */
type Done = { back: Back; run?: () => void };

/** More is not taken back. */
const MOST = 50;
let done: readonly Done[] = [];

const remember = (one: Done): void => void (done = [...done.slice(1 - MOST), one]);

/** Keeps how something is taken back with Ctrl Z, without a message. */
export const rememberUndo = (back: Back): void => remember({ back });

/** Says what was done and offers to take it back. */
export function offerUndo(title: string, text: string, back: Back): void {
  const run = (): void => {
    if (!done.some((one) => one.run === run)) return;
    done = done.filter((one) => one.run !== run);
    void attempt(back());
  };
  remember({ back, run });
  toasts.add({ tone: "plain", title, text, action: { label: "Undo", run } });
}

/** Takes the last thing back, and the message away that offers it: its button would do nothing any more. */
export function undo(): void {
  const last = done.at(-1);
  if (last === undefined) return;
  done = done.slice(0, -1);
  if (last.run !== undefined) toasts.closeAll(({ action }) => action?.run === last.run);
  void attempt(last.back());
}
