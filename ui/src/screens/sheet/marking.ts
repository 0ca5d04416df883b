/** What the artist says of cells: winner, rejected, stars. Their pictures in the library have it too. */
import type { CellMark } from "../../bindings/CellMark";
import type { SheetCell } from "../../bindings/SheetCell";
import type { SheetView } from "../../bindings/SheetView";
import { chooseSave, commands } from "../../host";
import { app } from "../../state/app.svelte";
import { attempt } from "../../state/attempt";
import { tellBegun } from "../../state/begun";
import { offerUndo, rememberUndo } from "../../state/undo";
import { mark } from "../gallery/marks";
import type { LoadedSheet } from "./loading.svelte";

const SAID: Record<CellMark, string> = { winner: "Winner picked", rejected: "Rejected" };

/** Marks a cell and its picture, or takes that mark away. */
export async function markCell(loaded: LoadedSheet, cell: SheetCell, as: CellMark): Promise<void> {
  const to = cell.mark === as ? null : as;
  await attempt(
    (async () => {
      const cells = [{ at: cell.at, mark: to }];
      const { undo } = await commands.sheet_mark({ batch: loaded.id, cells });
      await loaded.now();
      app.announcement = to === null ? "No mark any more" : SAID[to];
      const back = async (): Promise<void> => {
        await commands.mark_undo({ undo });
        await loaded.now();
      };
      if (to === "rejected")
        offerUndo(
          SAID[to],
          "The cell is dimmed, and rejected in the gallery; its file stays.",
          back,
        );
      else rememberUndo(back);
    })(),
  );
}

/** Gives the picture of a cell stars. */
export async function rateCell(loaded: LoadedSheet, cell: SheetCell, stars: number): Promise<void> {
  if (cell.key === null) return;
  loaded.show(cell, { rating: stars });
  await mark([cell.key], { mark: "rating", stars });
  loaded.soon();
}

/** What cannot be in the name of a file on every system. */
const NOT_IN_NAMES = /[\\/:*?"<>|]/g;

/** Writes what is shown of a sheet as one picture, with the values of its axes. */
export async function exportSheet(
  sheet: SheetView,
  layer: number,
  swapped: boolean,
): Promise<void> {
  const title = sheet.title.replace(NOT_IN_NAMES, " ").trim();
  await attempt(
    (async () => {
      const name = `${title === "" ? "Sheet" : title}.png`;
      const to = await chooseSave(name, "Export the sheet", "Picture", "png");
      if (to === null) return;
      const work = await commands.sheet_export({ batch: sheet.batch_id, layer, swapped, to });
      tellBegun(work);
    })(),
  );
}
