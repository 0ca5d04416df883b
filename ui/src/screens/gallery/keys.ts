/** Keys of the gallery that work wherever the focus is in it, except in fields. */
import type { LibraryCell } from "../../bindings/LibraryCell";
import { app } from "../../state/app.svelte";
import { attempt } from "../../state/attempt";
import { toasts } from "../../state/toasts.svelte";
import { isComparable } from "../viewer/compare";
import {
  cellsOf,
  compare,
  compareWith,
  copyCells,
  copyOutput,
  openExport,
  openTags,
  remix,
  rerunCells,
  retitle,
  reveal,
  revealCells,
  sayNotCompared,
  viewNodes,
} from "./actions";
import { gallery } from "./gallery.svelte";
import { markCells, markOfKey, toggle } from "./marks";

/** What a key does with the chosen outputs; nothing if it does nothing here. */
export function chosenKey(event: KeyboardEvent): (() => unknown) | null {
  const keys = (): number[] => gallery.chosen.toArray();
  const { leader } = gallery;
  const low = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (low === "a") return selectAll;
    if (leader === null) return null;
    const many = gallery.chosen.size > 1;
    if (low === "c")
      return () => void (many ? copyCells(keys()) : withCell(leader, (cell) => copyOutput(cell)));
    if (low === "e" && event.shiftKey) return () => openExport(keys());
    if (low === "e")
      return () => void (many ? revealCells(keys()) : withCell(leader, ({ id }) => reveal(id)));
    return null;
  }
  if (event.key === "Escape" && gallery.selected.size > 0) return () => gallery.clearSelection();
  if (leader === null) return null;
  const what = markOfKey(event.key);
  if (what !== null)
    return () => void (typeof what === "string" ? toggle(what) : markCells(keys(), what));
  switch (low) {
    case "f2":
      return () => withCell(leader, retitle);
    case "t":
      return () => openTags(keys());
    case "c":
      return () => {
        const { size } = gallery.chosen;
        if (size === 2) return void compare(keys());
        if (size === 1) return void withCell(leader, compareOne);
        toasts.add({ tone: "plain", title: "Select one or two to compare them", text: "" });
      };
    case "r":
      return () => void rerunCells(keys(), event.shiftKey);
    case "m":
      return () => withCell(leader, ({ id }) => remix(id));
    case "v":
      return () => void viewNodes(leader);
    default:
      return null;
  }
}

function compareOne(cell: LibraryCell): void {
  if (isComparable(cell.kind)) void compareWith(cell);
  else sayNotCompared();
}

/** Chooses all, and says how many: the bar that shows it is not where the keyboard is. */
async function selectAll(): Promise<void> {
  if (await attempt(gallery.selectAll()))
    app.announcement = `${gallery.selected.size.toLocaleString("en")} selected`;
}

/** Does something with a cell, which is asked for where it is selected and out of sight. */
async function withCell(key: number, use: (cell: LibraryCell) => unknown): Promise<void> {
  const known = gallery.cell(key);
  if (known !== undefined) return void use(known);
  await attempt(cellsOf([key]).then(([cell]) => void (cell !== undefined && use(cell))));
}
