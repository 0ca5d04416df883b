/** What a press and the keys of the grid do to the choice, the focus and what is acted on, together. */
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { commands } from "../../host";
import { answerOf, NoSizes } from "./fixtures";
import { gallery } from "./gallery.svelte";
import Grid from "./Grid.svelte";
import { KeySet } from "./key-set";

vi.mock("../../host", () => ({
  commands: { library_query: vi.fn(), library_cells: vi.fn(() => Promise.resolve([])) },
  libraryColumns: vi.fn(),
  libraryStack: vi.fn(),
  mediaUrl: (path: string) => `media:/${path}`,
}));

vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(700);
vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(500);

const [a, b, c, d] = [1, 2, 3, 4];
let shown: ReturnType<typeof mount>;

beforeEach(async () => {
  vi.stubGlobal("ResizeObserver", NoSizes);
  gallery.selected = KeySet.EMPTY;
  gallery.anchor = null;
  gallery.focusOn(null);
  await ask([a, b, c, d]);
  const props = { rowHeight: 200, list: true, now: 0, onopen: vi.fn(), onmenu: vi.fn() };
  shown = mount(Grid, { target: document.body, props });
  flushSync();
});

afterEach(async () => {
  await unmount(shown);
  vi.unstubAllGlobals();
});

async function ask(keys: readonly number[], text = ""): Promise<void> {
  vi.mocked(commands.library_query).mockResolvedValueOnce(answerOf(keys));
  gallery.text = text;
  await gallery.refresh();
  flushSync();
}

function press(key: string, more: KeyboardEventInit = {}): void {
  const grid = document.querySelector("[data-testid=gallery-grid]");
  grid?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more }));
  flushSync();
}

function click(key: number, more: MouseEventInit = {}): void {
  const cell = document.querySelector(`[data-key="${key}"]`);
  cell?.dispatchEvent(new MouseEvent("click", { bubbles: true, ...more }));
  flushSync();
}

/** What is selected, what the panel shows, what keys act on. */
const now = (): [number[], number | null, number[]] => [
  gallery.selected.toArray(),
  gallery.looked,
  gallery.chosen.toArray(),
];
const ctrl = { ctrlKey: true };
const shift = { shiftKey: true };

it("moves a choice of one along with the arrow keys", () => {
  click(a);
  press("ArrowDown");
  expect(now()).toEqual([[b], b, [b]]);
  press("End");
  expect(now()).toEqual([[d], d, [d]]);
});

it("says of each press which cells it is about, so that closed stacks among them go as a whole", async () => {
  const named = vi.spyOn(gallery, "choose");
  const pressed = (): [number[], number[]] => {
    const [chosen, cells] = named.mock.lastCall ?? [KeySet.EMPTY, []];
    return [chosen.toArray(), [...cells]];
  };
  click(a);
  expect(pressed()).toEqual([[a], [a]]);
  click(c, ctrl);
  expect(pressed()).toEqual([[a, c], [c]]);
  // Only what is from the last press to this one is pressed, not what was chosen before.
  click(d, { ...ctrl, ...shift });
  expect(pressed()).toEqual([
    [a, c, d],
    [c, d],
  ]);
  named.mockRestore();
});

it("chooses nothing with the arrow keys where nothing is chosen", () => {
  press("ArrowDown");
  expect(now()).toEqual([[], b, [b]]);
});

it("keeps a choice of several while the arrow keys look around", () => {
  click(a);
  press("ArrowDown", shift);
  expect(now()).toEqual([[a, b], b, [a, b]]);
  press("ArrowDown");
  expect(now()).toEqual([[a, b], c, [a, b]]);
});

it("moves the focus alone with Ctrl, to choose here and there; the panel shows what is acted on", () => {
  click(a);
  press("ArrowDown", ctrl);
  press("ArrowDown", ctrl);
  expect(gallery.focus).toBe(c);
  expect(now()).toEqual([[a], a, [a]]);
  press(" ");
  expect(now()).toEqual([[a, c], c, [a, c]]);
});

it("shows the one that is left when another is taken away with Ctrl", () => {
  click(a);
  click(b, ctrl);
  click(b, ctrl);
  expect(gallery.focus).toBe(b);
  expect(now()).toEqual([[a], a, [a]]);
});

it("makes ranges with Shift from where the choice is, both ways", () => {
  click(b);
  press("ArrowDown");
  press("ArrowDown", shift);
  expect(now()[0]).toEqual([c, d]);
  press("ArrowUp", shift);
  press("ArrowUp", shift);
  expect(now()[0]).toEqual([b, c]);
});

it("goes along while the viewer walks, and begins ranges there", () => {
  click(a);
  gallery.focusOn(c);
  expect(now()).toEqual([[c], c, [c]]);
  press("ArrowDown", shift);
  expect(now()[0]).toEqual([c, d]);
});

it("ends a choice of one that is not there any more, so that what is acted on is in sight", async () => {
  click(b);
  await ask([a, c, d]);
  expect(now()).toEqual([[], c, [c]]);
  click(c);
  await ask([d], "other");
  expect(now()).toEqual([[], d, [d]]);
});
