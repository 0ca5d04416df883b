import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { LibraryCell } from "../../bindings/LibraryCell";
import { commands } from "../../host";
import { toasts } from "../../state/toasts.svelte";
import { cellOf, columnsOf } from "../gallery/fixtures";
import { Walking } from "./walking";

vi.mock("../../host", () => ({
  commands: { library_cells: vi.fn() },
  libraryColumns: vi.fn(),
  libraryStack: vi.fn(),
}));

const asked = vi.mocked(commands.library_cells);
const close = vi.fn();
let opened: number[] = [];
let at = 0;
let keys: number[] = [];

/** The library has these and no others. */
function library(...there: number[]): void {
  asked.mockImplementation((wanted) =>
    Promise.resolve(wanted.keys.filter((key) => there.includes(key)).map((key) => cellOf(key))),
  );
}

/** 1 to 5 are walked, of which one is looked at. */
function walking(look: number): Walking {
  keys = [1, 2, 3, 4, 5];
  at = keys.indexOf(look);
  const ways = new Walking({
    columns: () => columnsOf(keys.map(() => ({ at: 0 }))),
    at: () => at,
    open: ({ key }: LibraryCell) => {
      opened.push(key);
      at = key - 1;
    },
    close,
  });
  ways.stands(at);
  return ways;
}

beforeEach(() => {
  vi.clearAllMocks();
  opened = [];
  toasts.list = [];
  library(1, 2, 3, 4, 5);
});
afterEach(() => vi.useRealTimers());

it("passes over what is gone, in both directions, and stays at the ends", async () => {
  library(1, 4, 5);
  const ways = walking(1);
  await ways.walk(1);
  await ways.walk(-1);
  await ways.walk(-1);
  expect(opened).toEqual([4, 1]);
});

it("goes where it was told to last, and nowhere once the viewer is left", async () => {
  let answer: (cells: LibraryCell[]) => void = () => {};
  const slow = (): void =>
    void asked.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
  const ways = walking(1);
  slow();
  const first = ways.walk(1);
  await ways.go(5);
  answer([cellOf(2)]);
  await first;
  expect(opened).toEqual([5]);

  slow();
  const late = ways.walk(-1);
  ways.begin();
  answer([cellOf(4)]);
  await late;
  expect(opened).toEqual([5]);
});

it("says what failed", async () => {
  asked.mockRejectedValueOnce({ message: "The library is away." });
  await walking(1).walk(1);
  expect(toasts.list.map(({ text }) => text)).toEqual(["The library is away."]);
});

it("leaves what went to the bin for the next, the one before, or the viewer", async () => {
  library(1, 2, 5);
  await walking(2).leave();
  library(1, 2);
  await walking(2).leave();
  expect(opened).toEqual([5, 1]);
  library(2);
  await walking(2).leave();
  expect(close).toHaveBeenCalledTimes(1);
  await walking(9).leave();
  expect(close).toHaveBeenCalledTimes(2);
});

it.each([
  { what: "goes to the next", look: 2, there: [1, 2, 3], opens: [3] },
  { what: "begins again after the last", look: 5, there: [2, 5], opens: [2] },
  { what: "begins with the first from outside", look: 9, there: [1, 2], opens: [1] },
  { what: "stays with the only one", look: 3, there: [3], opens: [] },
])("a slideshow $what", async ({ look, there, opens }) => {
  library(...there);
  expect(await walking(look).on()).toBe(opens.length > 0);
  expect(opened).toEqual(opens);
});

it("a slideshow goes on from where the one that is gone stood, and tries again where nobody answers", async () => {
  const ways = walking(3);
  at = -1;
  asked.mockRejectedValueOnce({ message: "The library is away." });
  expect(await ways.on()).toBe(false);
  expect(toasts.list).toEqual([]);
  expect(await ways.on()).toBe(true);
  expect(opened).toEqual([3]);
});
