/** What can be compared, and which output another one is compared with. */
import type { AssetId } from "../../bindings/AssetId";
import type { LibraryCell } from "../../bindings/LibraryCell";
import { commands } from "../../host";
import { gallery } from "../gallery/gallery.svelte";

/** Whether outputs of a kind can be compared: what is seen whole, and not heard or turned. */
export const isComparable = (kind: string | undefined): boolean =>
  kind === "picture" || kind === "video";

/** A cell, asked for if it is not known. */
export async function cellOf(key: number | null | undefined): Promise<LibraryCell | null> {
  if (key == null) return null;
  return gallery.cell(key) ?? (await commands.library_cells({ keys: [key] }))[0] ?? null;
}

/** The output with this number; nothing if it is not there, or cannot be compared. */
export async function comparableOf(key: number | null): Promise<AssetId | null> {
  const cell = await cellOf(key);
  return cell !== null && isComparable(cell.kind) ? cell.id : null;
}

/**
 * What something is compared with if nothing was chosen: what was looked at before, else a neighbour. One of
 * the same kind comes first.
 */
export async function firstChoice(
  { id, kind }: Pick<LibraryCell, "id" | "kind">,
  last: LibraryCell | null,
  neighbours: readonly (number | null)[],
): Promise<AssetId | null> {
  const found: LibraryCell[] = [];
  const fits = (cell: LibraryCell | null): cell is LibraryCell =>
    cell !== null && cell.id !== id && isComparable(cell.kind);
  for (const next of [() => Promise.resolve(last), ...neighbours.map((key) => () => cellOf(key))]) {
    const cell = await next();
    if (!fits(cell)) continue;
    if (cell.kind === kind) return cell.id;
    found.push(cell);
  }
  return found[0]?.id ?? null;
}
