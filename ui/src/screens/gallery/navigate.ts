/** Where the arrow keys lead in rows of pictures with different shapes. */
import { rowAt, type Layout } from "./layout";

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

/** The move a key stands for. */
export function moveOf(key: string): Move | undefined {
  return Object.hasOwn(MOVES, key) ? MOVES[key] : undefined;
}

/** The cell that a move leads to from `index`. Stays within the cells. */
export function target(layout: Layout, index: number, move: Move, pageHeight: number): number {
  const last = layout.left.length - 1;
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
      return vertical(layout, index, -1);
    case "down":
      return vertical(layout, index, 1);
    case "page-up":
      return page(layout, index, -pageHeight);
    case "page-down":
      return page(layout, index, pageHeight);
  }
}

function centre(layout: Layout, index: number): number {
  return (layout.left[index] ?? 0) + (layout.width[index] ?? 0) / 2;
}

/** The picture in a row whose middle is nearest to `x`. */
export function nearestInRow(layout: Layout, row: number, x: number): number {
  const found = layout.rows[row];
  if (found === undefined) return -1;
  let best = found.from;
  for (let index = found.from; index < found.to; index += 1) {
    if (Math.abs(centre(layout, index) - x) < Math.abs(centre(layout, best) - x)) best = index;
  }
  return best;
}

function vertical(layout: Layout, index: number, direction: 1 | -1): number {
  let row = (layout.rowOf[index] ?? 0) + direction;
  while (layout.rows[row]?.kind === "day") row += direction;
  if (layout.rows[row] === undefined) return index;
  return nearestInRow(layout, row, centre(layout, index));
}

function page(layout: Layout, index: number, distance: number): number {
  const here = layout.rowOf[index] ?? 0;
  const top = layout.rows[here]?.top ?? 0;
  let row = rowAt(layout.rows, Math.max(0, top + distance));
  if (distance > 0) {
    // A page always moves on, even where one row is taller than the window.
    row = Math.max(row, here + 1);
    while (layout.rows[row]?.kind === "day") row += 1;
    if (layout.rows[row] === undefined) return layout.left.length - 1;
  } else {
    row = Math.min(row, here - 1);
    while (row >= 0 && layout.rows[row]?.kind === "day") row -= 1;
    if (row < 0) return 0;
  }
  return nearestInRow(layout, row, centre(layout, index));
}
