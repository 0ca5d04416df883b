/** What the frame does to the choice, and how it scrolls while it is held at an edge. */
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { columnsOf } from "./fixtures";
import { gallery } from "./gallery.svelte";
import { KeySet } from "./key-set";
import Lasso from "./Lasso.svelte";
import { justify } from "./layout";

vi.mock("../../host", () => ({ commands: {}, libraryColumns: vi.fn() }));

const options = { width: 800, rowHeight: 200, gap: 4, dayHeight: 34 };
/** Rows of four squares of 197 pixels, below a heading of 34. */
const columns = columnsOf(Array.from({ length: 40 }, () => ({ at: Date.UTC(2026, 1, 1, 12) })));
const layout = justify(columns, options);
const onclear = vi.fn();

let shown: object;
let scroller: HTMLElement;
let frames: Map<number, FrameRequestCallback>;
let now = 0;

/** The window is 800 × 400 pixels. */
beforeEach(() => {
  vi.clearAllMocks();
  gallery.selected = KeySet.EMPTY;
  gallery.focusOn(null);
  frames = new Map();
  let last = 0;
  vi.stubGlobal("requestAnimationFrame", (frame: FrameRequestCallback) => {
    last += 1;
    frames.set(last, frame);
    return last;
  });
  vi.stubGlobal("cancelAnimationFrame", (id: number) => frames.delete(id));
  now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  scroller = document.body.appendChild(document.createElement("div"));
  scroller.setPointerCapture = vi.fn();
  scroller.getBoundingClientRect = () => new DOMRect(0, 0, 800, 400);
  const props = { scroller, columns, layout, options, shift: 0, side: 0, onclear };
  shown = mount(Lasso, { target: scroller, props });
  flushSync();
});
afterEach(async () => {
  await unmount(shown);
  scroller.remove();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function point(type: string, x: number, y: number, more: MouseEventInit = {}): void {
  const event = new MouseEvent(type, { clientX: x, clientY: y, bubbles: true, ...more });
  scroller.dispatchEvent(Object.assign(event, { pointerId: 1 }));
  flushSync();
}
/** So many frames of the screen pass. */
function paint(times: number): void {
  for (let time = 0; time < times; time += 1) {
    now += 20;
    const due = [...frames.values()];
    frames.clear();
    for (const frame of due) frame(now);
    flushSync();
  }
}
const chosen = (): number => gallery.selected.size;

it("goes on scrolling while it is held still at an edge, and takes what comes", () => {
  point("pointerdown", 10, 100);
  point("pointermove", 790, 390);
  expect([scroller.scrollTop, chosen()]).toEqual([0, 8]);
  paint(10);
  // 0.9 pixels in a millisecond, however many frames there are in it.
  expect(scroller.scrollTop).toBe(180);
  expect(chosen()).toBe(12);
  // Away from the edge it stands; at the upper one it comes back.
  point("pointermove", 790, 200);
  paint(10);
  expect([scroller.scrollTop, frames.size]).toEqual([180, 0]);
  point("pointermove", 790, 10);
  paint(5);
  expect(scroller.scrollTop).toBe(90);
  point("pointerup", 790, 10);
  paint(10);
  expect([scroller.scrollTop, frames.size]).toEqual([90, 0]);
});

it("scrolls once at a time, however often the pointer moves", () => {
  point("pointerdown", 10, 100);
  for (let x = 700; x < 790; x += 10) point("pointermove", x, 390);
  expect(frames.size).toBe(1);
  paint(1);
  expect(scroller.scrollTop).toBe(18);
});

it("adds to what is chosen with Ctrl, and takes its place without", () => {
  const choose = vi.spyOn(gallery, "choose");
  gallery.selected = KeySet.of([40]);
  point("pointerdown", 10, 100, { ctrlKey: true });
  point("pointermove", 300, 120);
  point("pointerup", 300, 120);
  expect(gallery.selected.toArray()).toEqual([1, 2, 40]);
  expect(choose.mock.calls.map(([all, cells]) => [all.toArray(), [...cells]])).toEqual([
    [
      [1, 2, 40],
      [1, 2],
    ],
  ]);
  point("pointerdown", 10, 100);
  point("pointermove", 300, 120);
  point("pointerup", 300, 120);
  expect(gallery.selected.toArray()).toEqual([1, 2]);
  expect(onclear).not.toHaveBeenCalled();
});

it("is a press if it draws nothing, and no frame where a picture is pressed", () => {
  point("pointerdown", 10, 100);
  point("pointermove", 11, 101);
  point("pointerup", 11, 101);
  expect(onclear).toHaveBeenCalledTimes(1);
  const picture = scroller.appendChild(document.createElement("i"));
  picture.dataset.key = "1";
  picture.dispatchEvent(new MouseEvent("pointerdown", { bubbles: true }));
  point("pointermove", 790, 390);
  point("pointerup", 790, 390);
  expect(chosen()).toBe(0);
  expect(onclear).toHaveBeenCalledTimes(1);
});

it("leaves nothing behind when the grid goes while it scrolls", async () => {
  point("pointerdown", 10, 100);
  point("pointermove", 790, 390);
  await unmount(shown);
  expect(frames.size).toBe(0);
  point("pointermove", 790, 395);
  expect(frames.size).toBe(0);
  shown = mount(Lasso, {
    target: scroller,
    props: { scroller, columns, layout, options, shift: 0, side: 0, onclear },
  });
});
