/** Work that was begun and goes on by itself. */
import type { WorkView } from "../bindings/WorkView";
import { app } from "./app.svelte";
import { toasts } from "./toasts.svelte";

/** Says that it has begun. Its end takes the message away. */
export function tellBegun({ id, title }: WorkView): void {
  // A short one may be over before its asker is answered.
  if ((app.works.get(id)?.state ?? "running") !== "running") return;
  toasts.add({ tone: "plain", title, text: "It goes on while you work.", begun: id });
}
