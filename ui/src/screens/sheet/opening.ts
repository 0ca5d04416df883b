/** The pictures of a sheet in the viewer. */
import type { SheetCell } from "../../bindings/SheetCell";
import { openViewer } from "../../state/places";
import { type Grid, picturesOf } from "./sheet";

/** Shows the picture of a cell, if it has one. The others of its layer are walked through. */
export function openCell(cell: SheetCell | null, grid: Grid | null): void {
  if (cell?.asset != null) openViewer(cell.asset.id, grid === null ? [] : picturesOf(grid));
}
