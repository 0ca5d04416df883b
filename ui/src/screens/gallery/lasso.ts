/** Which pictures a frame drawn with the pointer touches. */
import type { Columns } from "./columns";
import { boxes, HEADING, type Layout, rowAt } from "./layout";

/** A frame in the content, in CSS pixels. */
export type Frame = { left: number; top: number; right: number; bottom: number };

/** The frame between two points. */
export const frameOf = (a: { x: number; y: number }, b: { x: number; y: number }): Frame => ({
  left: Math.min(a.x, b.x),
  right: Math.max(a.x, b.x),
  top: Math.min(a.y, b.y),
  bottom: Math.max(a.y, b.y),
});

/** The keys of the pictures that a frame touches. */
export function within(
  columns: Columns,
  layout: Layout,
  options: { width: number; gap: number },
  frame: Frame,
): number[] {
  const found: number[] = [];
  if (layout.rows === 0) return found;
  for (let row = rowAt(layout, frame.top); row <= rowAt(layout, frame.bottom); row += 1) {
    const top = layout.top[row] ?? 0;
    const below = top + (layout.height[row] ?? 0);
    if (layout.kind[row] === HEADING || below < frame.top || top > frame.bottom) continue;
    for (const box of boxes(columns, layout, row, options)) {
      const key = columns.keys[box.at];
      if (key !== undefined && box.left <= frame.right && box.left + box.width >= frame.left)
        found.push(key);
    }
  }
  return found;
}
