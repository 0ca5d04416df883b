/** The last thing that can be taken back, by the button in its message or with Ctrl Z. */
import { attempt } from "./attempt";
import { toasts } from "./toasts.svelte";

let last: (() => Promise<unknown>) | null = null;

/** Says what was done and offers to take it back. */
export function offerUndo(title: string, text: string, back: () => Promise<unknown>): void {
  last = back;
  const run = (): void => {
    if (last === back) last = null;
    void attempt(back());
  };
  toasts.add({ tone: "plain", title, text, action: { label: "Undo", run } });
}

/** Takes the last thing back. */
export function undo(): void {
  const back = last;
  last = null;
  if (back !== null) void attempt(back());
}
