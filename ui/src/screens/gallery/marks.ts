/** Marks on pictures: shown at once, stored, and taken back with Ctrl Z. */
import type { LibraryCell } from "../../bindings/LibraryCell";
import type { Mark } from "../../bindings/Mark";
import { commands } from "../../host";
import { cutOffText } from "../../lib/cut-off";
import { count } from "../../lib/format";
import { app } from "../../state/app.svelte";
import { attempt, tellFailure } from "../../state/attempt";
import { toasts } from "../../state/toasts.svelte";
import { offerUndo, rememberUndo } from "../../state/undo";
import { keptText } from "./bin";
import { gallery } from "./gallery.svelte";

/** A cell as it looks with a mark. */
export function marked(cell: LibraryCell, mark: Mark): LibraryCell {
  switch (mark.mark) {
    case "rating":
      return { ...cell, rating: mark.stars };
    case "favourite":
      return { ...cell, favourite: mark.on };
    case "flag":
      return { ...cell, flag: mark.flag };
    case "bin":
      return { ...cell, binned: true };
    case "restore":
      return { ...cell, binned: false };
    case "title":
      return { ...cell, title: mark.text };
    default:
      return cell;
  }
}

/** What was done to how many, as a title: "3 stars for 500 outputs". */
export function markText(mark: Mark, changed: number): string {
  const what = count(changed, "output");
  switch (mark.mark) {
    case "rating":
      return mark.stars === 0
        ? `Stars taken from ${what}`
        : `${count(mark.stars, "star")} for ${what}`;
    case "favourite":
      return mark.on
        ? `${what} ${changed === 1 ? "is a favourite" : "are favourites"}`
        : `${what} no favourite${changed === 1 ? "" : "s"} any more`;
    case "flag":
      return `${what} ${["rejected", "neither picked nor rejected", "picked"][mark.flag + 1] ?? ""}`;
    case "tag_add":
      return `${what} tagged ${mark.name}`;
    case "tag_remove":
      return `${mark.name} taken from ${what}`;
    case "collection_add":
      return `${what} put into the collection`;
    case "collection_remove":
      return `${what} taken out of the collection`;
    case "bin":
      return `${what} moved to the bin`;
    case "restore":
      return `${what} taken out of the bin`;
    case "title":
      return `${what} renamed`;
  }
}

/** Marks that make pictures vanish from where they were: that is always said. */
const isLoud = ({ mark }: Mark): boolean => mark === "bin" || mark === "restore";

/** Marks pictures, and says so if that fails. */
export async function mark(keys: readonly number[], what: Mark): Promise<void> {
  try {
    await putMark(keys, what);
  } catch (error) {
    tellFailure(error);
  }
}

/** How long what went to the bin stays there; nothing if that is not known. */
const kept = (): Promise<string> =>
  commands.bin_get({}).then(
    ({ days }) => keptText(days),
    () => "",
  );

/** Marks pictures. Of one, only what makes it vanish is said; with several, it always is. */
export async function putMark(keys: readonly number[], what: Mark): Promise<void> {
  if (keys.length === 0) return;
  gallery.showMark(keys, (cell) => marked(cell, what));
  try {
    // Together: a key that takes it back finds it as soon as it is done.
    const [answer, term] = await Promise.all([
      commands.asset_mark({ keys: [...keys], mark: what }),
      what.mark === "bin" ? kept() : "",
    ]);
    const { undo, changed, copies, cut_off } = answer;
    const title = markText(what, changed);
    // What is out of sight must not be marked by the next key.
    const done = cut_off === null ? keys : keys.slice(0, keys.length - cut_off.left);
    if (isLoud(what)) gallery.selected = gallery.selected.without(done);
    // The others were shown as if they were.
    if (cut_off !== null) gallery.refreshSoon("arrival");
    if (changed === 0 && cut_off === null) return;
    const text = [
      cutOffText(cut_off, "marked"),
      term,
      copies === 0
        ? ""
        : `${count(copies, "file")} in other places ${copies === 1 ? "has" : "have"} the same content, and ${copies === 1 ? "goes" : "go"} with them.`,
    ]
      .filter((part) => part !== "")
      .join(" ");
    const back = (): Promise<void> => putBack(undo);
    if (changed !== 1 || cut_off !== null || isLoud(what)) offerUndo(title, text, back);
    else {
      // A message of its own is heard; this one shows at its picture only.
      app.announcement = title;
      rememberUndo(back);
    }
  } catch (error) {
    // It was shown as if it were.
    gallery.refreshSoon("arrival");
    throw error;
  }
}

/** Takes a mark back. Where that is broken off, doing it once more goes on. */
async function putBack(undo: number): Promise<void> {
  const { cut_off } = await commands.mark_undo({ undo });
  if (cut_off === null) return;
  toasts.add({
    tone: "warn",
    title: "Not all marks were taken back",
    text: cutOffText(cut_off, "put back"),
    action: { label: "Take back the rest", run: () => void attempt(putBack(undo)) },
    stays: true,
  });
}

/** Marks what cells of the gallery stand for: a closed stack is all that is in it. */
export async function markCells(keys: readonly number[], what: Mark): Promise<void> {
  // At once what is seen, also of a stack whose outputs are still asked for.
  gallery.showMark(keys, (cell) => marked(cell, what));
  try {
    await mark(await gallery.members(keys), what);
  } catch (error) {
    tellFailure(error);
    gallery.refreshSoon("arrival");
  }
}

/** Marks that turn what is marked already off again; of several pictures their leader decides. */
export type Toggle = "favourite" | "pick" | "reject";

/** The mark that a key for turning on and off stands for. */
export function toggleOf(toggle: Toggle, cell: LibraryCell | undefined): Mark {
  if (toggle === "favourite") return { mark: "favourite", on: cell?.favourite !== true };
  const flag = toggle === "pick" ? 1 : -1;
  return { mark: "flag", flag: cell?.flag === flag ? 0 : flag };
}

/** Turns a mark of the chosen pictures on or off. */
export async function toggle(what: Toggle): Promise<void> {
  const { chosen, leader } = gallery;
  if (leader === null) return;
  try {
    // It may be selected and out of sight.
    const cell = gallery.cell(leader) ?? (await commands.library_cells({ keys: [leader] }))[0];
    await markCells(chosen.toArray(), toggleOf(what, cell));
  } catch (error) {
    tellFailure(error);
  }
}

/** The mark a key stands for, of the chosen pictures; nothing if it stands for none. */
export function markOfKey(key: string): Mark | Toggle | null {
  if (/^[0-5]$/.test(key)) return { mark: "rating", stars: Number(key) };
  const toggles: Readonly<Record<string, Toggle>> = { f: "favourite", w: "pick", x: "reject" };
  const low = key.toLowerCase();
  if (Object.hasOwn(toggles, low)) return toggles[low] ?? null;
  // The Delete key of a Mac is called so.
  return key === "Delete" || key === "Backspace" ? { mark: "bin" } : null;
}
