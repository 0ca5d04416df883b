/** Where the arrow keys lead in rows of pictures with different shapes. */
import { type Box, HEADING, type Layout, rowAt, rowOf } from "./layout";

/** Keys that move the focus. */
export type Move = "left" | "right" | "up" | "down" | "home" | "end" | "page-up" | "page-down";

const MOVES: Readonly<Record<string, Move>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Home: "home",
  End: "end",
  PageUp: "page-up",
  PageDown: "page-down",
};

/** Where the pictures of a row are. */
export type BoxesOf = (row: number) => readonly Box[];

/** The move a key stands for. */
export function moveOf(key: string): Move | undefined {
  return Object.hasOwn(MOVES, key) ? MOVES[key] : undefined;
}

/** The cell that a move leads to from `index`. Stays within the cells. */
export function target(
  layout: Layout,
  boxesOf: BoxesOf,
  index: number,
  move: Move,
  pageHeight: number,
): number {
  const last = layout.cells - 1;
  if (last < 0) return -1;
  switch (move) {
    case "left":
      return Math.max(0, index - 1);
    case "right":
      return Math.min(last, index + 1);
    case "home":
      return 0;
    case "end":
      return last;
    case "up":
      return vertical(layout, boxesOf, index, -1);
    case "down":
      return vertical(layout, boxesOf, index, 1);
    case "page-up":
      return page(layout, boxesOf, index, -pageHeight);
    case "page-down":
      return page(layout, boxesOf, index, pageHeight);
  }
}

const centre = (box: Box): number => box.left + box.width / 2;

function centreOf(layout: Layout, boxesOf: BoxesOf, index: number): number {
  const box = boxesOf(rowOf(layout, index)).find(({ at }) => at === index);
  return box === undefined ? 0 : centre(box);
}

/** The picture in a row whose middle is nearest to `x`. */
function nearest(row: readonly Box[], x: number): number {
  let best = row[0];
  for (const box of row) {
    if (best !== undefined && Math.abs(centre(box) - x) < Math.abs(centre(best) - x)) best = box;
  }
  return best?.at ?? -1;
}

function vertical(layout: Layout, boxesOf: BoxesOf, index: number, direction: 1 | -1): number {
  let row = rowOf(layout, index) + direction;
  while (layout.kind[row] === HEADING) row += direction;
  if (row < 0 || row >= layout.rows) return index;
  return nearest(boxesOf(row), centreOf(layout, boxesOf, index));
}

function page(layout: Layout, boxesOf: BoxesOf, index: number, distance: number): number {
  const here = rowOf(layout, index);
  let row = rowAt(layout, Math.max(0, (layout.top[here] ?? 0) + distance));
  if (distance > 0) {
    // A page always moves on, even where one row is taller than the window.
    row = Math.max(row, here + 1);
    while (layout.kind[row] === HEADING) row += 1;
    if (row >= layout.rows) return layout.cells - 1;
  } else {
    row = Math.min(row, here - 1);
    while (row >= 0 && layout.kind[row] === HEADING) row -= 1;
    if (row < 0) return 0;
  }
  return nearest(boxesOf(row), centreOf(layout, boxesOf, index));
}
