/** What a cell is to the keyboard and to screen readers, however it is drawn. Pure. */
import type { LibraryCell } from "../../bindings/LibraryCell";
import { cellLabel } from "./cell-words";

/** What is known of a cell that is drawn. */
export type CellProps = {
  /** Its key in the library. */
  of: number;
  /** What is known of it. */
  cell: LibraryCell | undefined;
  /** Outputs it stands for; 0: part of an open stack. */
  stack: number;
  /** Its place in the order, from 1, and how many there are. */
  position: number;
  count: number;
  top: number;
  height: number;
  selected: boolean;
  /** Whether a preview node made it on the way. */
  preview: boolean;
  /** Whether it takes part in the tab order: exactly one cell does. */
  tabbable: boolean;
};

/** The attributes of its element. */
export const cellAttributes = ({
  of,
  cell,
  stack,
  position,
  count,
  selected,
  preview,
  tabbable,
}: CellProps) => ({
  role: "option" as const,
  "aria-selected": selected,
  "aria-posinset": position,
  "aria-setsize": count,
  "aria-label":
    cell === undefined ? `Output ${position}` : cellLabel(cell, stack, selected, preview),
  tabindex: tabbable ? 0 : -1,
  draggable: true,
  "data-testid": "gallery-cell",
  "data-key": of,
  "data-asset-id": cell?.id,
});
