/** Where things stand in the drawing of a workflow. Pure. */
import type { GraphNodeView } from "../../bindings/GraphNodeView";

/** What is seen: the point of the drawing at the upper left corner of the window, and how large a unit is. */
export type Eye = { x: number; y: number; scale: number };
export type Size = { w: number; h: number };
export type Box = { x: number; y: number; w: number; h: number };

export const SMALLEST = 0.04;
export const LARGEST = 2.5;
/** Heights within a node, in units of the drawing. */
export const HEAD = 28;
export const ROW = 18;
/** Room around the drawing when it is fitted, in pixels. */
const MARGIN = 36;

const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

/** The smallest box around some nodes. */
export function bounds(nodes: readonly Box[]): Box {
  const [first] = nodes;
  if (first === undefined) return { x: 0, y: 0, w: 1, h: 1 };
  let [left, top, right, bottom] = [first.x, first.y, first.x + first.w, first.y + first.h];
  for (const { x, y, w, h } of nodes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + w);
    bottom = Math.max(bottom, y + h);
  }
  return { x: left, y: top, w: right - left, h: bottom - top };
}

/** All of a box in the middle of the window, never larger than drawn. */
export function fit(box: Box, view: Size): Eye {
  const scale = clamp(
    Math.min((view.w - 2 * MARGIN) / box.w, (view.h - 2 * MARGIN) / box.h, 1),
    SMALLEST,
    LARGEST,
  );
  return {
    x: box.x + box.w / 2 - view.w / 2 / scale,
    y: box.y + box.h / 2 - view.h / 2 / scale,
    scale,
  };
}

/** Larger or smaller; the point of the drawing at `x`, `y` of the window stays there. */
export function zoomAt(eye: Eye, x: number, y: number, factor: number): Eye {
  const scale = clamp(eye.scale * factor, SMALLEST, LARGEST);
  return {
    x: eye.x + x / eye.scale - x / scale,
    y: eye.y + y / eye.scale - y / scale,
    scale,
  };
}

/** Moved by pixels of the window. */
export const panned = (eye: Eye, dx: number, dy: number): Eye => ({
  ...eye,
  x: eye.x - dx / eye.scale,
  y: eye.y - dy / eye.scale,
});

/** Moved no further than needed to see a box; its beginning, if it is larger than the window. */
export function reveal(eye: Eye, box: Box, view: Size): Eye {
  const pad = 24 / eye.scale;
  const along = (from: number, to: number, start: number, length: number): number => {
    if (from - pad < start || to - from + 2 * pad > length) return from - pad;
    return to + pad > start + length ? to + pad - length : start;
  };
  return {
    ...eye,
    x: along(box.x, box.x + box.w, eye.x, view.w / eye.scale),
    y: along(box.y, box.y + box.h, eye.y, view.h / eye.scale),
  };
}

/** Whether any of a box can be seen. */
export const isSeen = (box: Box, eye: Eye, view: Size): boolean =>
  box.x + box.w >= eye.x &&
  box.y + box.h >= eye.y &&
  box.x <= eye.x + view.w / eye.scale &&
  box.y <= eye.y + view.h / eye.scale;

/** The height of a row's middle, within the node. */
const rowY = (node: Box, row: number): number =>
  node.y + Math.min(node.h - 6, HEAD + row * ROW + ROW / 2);

/** The line from an output to an input, as drawn. */
export function curve(from: Box, slot: number, to: Box, row: number): string {
  const [x1, y1, x2, y2] = [from.x + from.w, rowY(from, slot), to.x, rowY(to, row)];
  const bend = clamp(Math.abs(x2 - x1) / 2, 24, 160);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

export type Direction = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

/** The next node in a direction: near, and not far aside. */
export function neighbour<Node extends Box>(
  nodes: readonly Node[],
  from: Node,
  direction: Direction,
): Node | null {
  const middle = ({ x, y, w, h }: Box): [number, number] => [x + w / 2, y + h / 2];
  const [x, y] = middle(from);
  let best: { node: Node; cost: number } | null = null;
  for (const node of nodes) {
    if (node === from) continue;
    const [nx, ny] = middle(node);
    const sideways = direction === "ArrowLeft" || direction === "ArrowRight";
    const back = direction === "ArrowLeft" || direction === "ArrowUp";
    const ahead = (sideways ? nx - x : ny - y) * (back ? -1 : 1);
    const aside = Math.abs(sideways ? ny - y : nx - x);
    if (ahead <= 0 || aside > ahead * 3) continue;
    const cost = ahead + 2 * aside;
    if (best === null || cost < best.cost) best = { node, cost };
  }
  return best?.node ?? null;
}

/** The names of outputs that are used, by node and slot. */
export function outputsOf(
  nodes: readonly GraphNodeView[],
): ReadonlyMap<string, ReadonlyMap<number, string>> {
  const found = new Map<string, Map<number, string>>();
  for (const { links } of nodes)
    for (const { from, slot, output } of links) {
      const slots = found.get(from) ?? new Map<number, string>();
      slots.set(slot, output ?? `output ${slot}`);
      found.set(from, slots);
    }
  return found;
}
