/** Which picture another one is compared with. */
import type { AssetId } from "../../bindings/AssetId";
import type { LibraryCell } from "../../bindings/LibraryCell";
import { commands } from "../../host";
import { gallery } from "../gallery/gallery.svelte";

/** A cell, asked for if it is not known. */
export async function cellOf(key: number | null | undefined): Promise<LibraryCell | null> {
  if (key == null) return null;
  return gallery.cell(key) ?? (await commands.library_cells({ keys: [key] }))[0] ?? null;
}

/** The picture with this number; nothing if it is not there, or no picture. */
export async function pictureOf(key: number | null): Promise<AssetId | null> {
  const cell = await cellOf(key);
  return cell?.kind === "picture" ? cell.id : null;
}

/** What `id` is compared with if nothing was chosen: what was looked at before, else a neighbour. */
export async function firstChoice(
  id: AssetId,
  last: LibraryCell | null,
  neighbours: readonly (number | null)[],
): Promise<AssetId | null> {
  if (last !== null && last.id !== id && last.kind === "picture") return last.id;
  for (const key of neighbours) {
    const found = await pictureOf(key);
    if (found !== null) return found;
  }
  return null;
}
