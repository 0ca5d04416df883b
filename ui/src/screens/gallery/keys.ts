/** Keys of the gallery that work wherever the focus is in it, except in fields. */
import { app } from "../../state/app.svelte";
import { attempt } from "../../state/attempt";
import { toasts } from "../../state/toasts.svelte";
import {
  compare,
  copyPicture,
  openExport,
  openTags,
  remix,
  rerunCells,
  retitle,
  reveal,
  viewNodes,
} from "./actions";
import { gallery } from "./gallery.svelte";
import { KeySet } from "./key-set";
import { markCells, markOfKey, toggle } from "./marks";

/** What a key does with the chosen outputs; nothing if it does nothing here. */
export function chosenKey(event: KeyboardEvent): (() => unknown) | null {
  const keys = (): number[] => gallery.chosen.toArray();
  const { focus } = gallery;
  const low = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (low === "a") return selectAll;
    if (focus === null) return null;
    if (low === "c") return () => void copyPicture(focus);
    if (low === "e" && event.shiftKey) return () => openExport(keys());
    if (low === "e") return () => withId(focus, reveal);
    return null;
  }
  if (event.key === "Escape" && gallery.selected.size > 0)
    return () => {
      gallery.selected = KeySet.EMPTY;
      gallery.anchor = null;
    };
  if (gallery.chosen.size === 0) return null;
  const what = markOfKey(event.key);
  if (what !== null)
    return () => void (typeof what === "string" ? toggle(what) : markCells(keys(), what));
  switch (low) {
    case "f2": {
      const cell = focus === null ? undefined : gallery.cell(focus);
      return cell === undefined ? null : () => retitle(cell);
    }
    case "t":
      return () => openTags(keys());
    case "c":
      return () => {
        if (gallery.selected.size === 2) return void compare(keys());
        toasts.add({ tone: "plain", title: "Select two to compare them", text: "" });
      };
    case "r":
      return () => void rerunCells(keys(), event.shiftKey);
    case "m":
      return focus === null ? null : () => withId(focus, remix);
    case "v":
      return focus === null ? null : () => void viewNodes(focus);
    default:
      return null;
  }
}

/** Chooses all, and says how many: the bar that shows it is not where the keyboard is. */
async function selectAll(): Promise<void> {
  if (await attempt(gallery.selectAll()))
    app.announcement = `${gallery.selected.size.toLocaleString("en")} selected`;
}

function withId(key: number, use: (id: string) => unknown): void {
  const id = gallery.cell(key)?.id;
  if (id !== undefined) use(id);
}
