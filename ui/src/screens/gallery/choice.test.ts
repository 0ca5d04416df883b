/** What stays chosen, and how much of it, when other cells are shown: closed stacks above all. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { LibraryCell } from "../../bindings/LibraryCell";
import { commands, libraryColumns, libraryStack } from "../../host";
import { toasts } from "../../state/toasts.svelte";
import { ofCells } from "./columns";
import { answerOf, cellOf, columnsOf, wire } from "./fixtures";
import { gallery } from "./gallery.svelte";
import { KeySet } from "./key-set";

vi.mock("../../host", () => ({
  commands: { library_query: vi.fn(), library_members: vi.fn() },
  libraryColumns: vi.fn(),
  libraryStack: vi.fn(),
}));

const asked = vi.mocked(commands.library_query);
const members = vi.mocked(commands.library_members);
/** What is in the stacks of the library, by their tops. */
const STACKS: Readonly<Record<number, readonly number[]>> = {
  1: [1, 11, 12],
  2: [2, 21, 22],
  3: [3, 31, 32],
};
const insideOf = (keys: readonly number[]): number[] => keys.flatMap((key) => STACKS[key] ?? key);
const wireOf = (keys: readonly number[]): ArrayBuffer =>
  wire({ ...columnsOf(keys.map(() => ({ at: 0 }))), keys: Uint32Array.from(keys) });
const closed = (...tops: number[]): LibraryCell[] => tops.map((key) => cellOf(key, { stack: 3 }));
/** What the next question finds. */
const finds = (first: LibraryCell[], ticket = 1): unknown =>
  asked.mockResolvedValueOnce(answerOf([], { ticket, first, cells: first.length }));
const search = async (text: string, first: LibraryCell[], ticket = 1): Promise<void> => {
  finds(first, ticket);
  gallery.text = text;
  await gallery.refresh();
};
const selected = (): number[] => gallery.selected.toArray();
/** How many the bar says, cells and outputs. */
const counts = (): number[] => [gallery.selected.size, gallery.outputsOf(gallery.selected)];
/** What the next key acts on. */
const actedOn = async (): Promise<number[]> =>
  [...(await gallery.members(gallery.chosen.toArray()))].sort((a, b) => a - b);
const press = (key: number): void => gallery.choose(gallery.selected.toggled(key), [key]);
const all = [1, 2, 3, 11, 12, 21, 22, 31, 32];

/** An answer of the library about stacks that is given later. */
function later(): () => void {
  let answer = (): void => undefined;
  members.mockImplementationOnce(
    ({ keys }) => new Promise((resolve) => (answer = () => resolve(insideOf(keys)))),
  );
  return () => answer();
}

beforeEach(async () => {
  vi.resetAllMocks();
  members.mockImplementation(({ keys }) => Promise.resolve(insideOf(keys)));
  gallery.clearSelection();
  gallery.stacks = true;
  gallery.focusOn(null);
  await search("nothing", []);
  await search("", closed(1, 2, 3), 4);
  asked.mockClear();
});

describe("chosen stacks", () => {
  beforeEach(() => gallery.choose(KeySet.of([1, 2, 3]), [1, 2, 3]));

  it("stay chosen with all that is in them when something else is searched", async () => {
    expect(counts()).toEqual([3, 9]);
    await search("other", [cellOf(12), cellOf(50)]);
    expect(members.mock.calls).toEqual([[{ ticket: 4, keys: [1, 2, 3] }]]);
    expect(selected()).toEqual(all);
    expect(counts()).toEqual([9, 9]);
    expect(await actedOn()).toEqual(all);
    // And when they are listed again.
    await search("", closed(1, 2, 3));
    expect(counts()).toEqual([9, 9]);
    expect(await actedOn()).toEqual(all);
    expect(members).toHaveBeenCalledTimes(1);
  });

  it("stay chosen where only a part of them is found", async () => {
    await search("lake", [cellOf(1, { stack: 2 })]);
    expect(counts()).toEqual([9, 9]);
    expect(await actedOn()).toEqual(all);
  });

  it("are chosen one by one where they are listed one by one", async () => {
    finds(all.map((key) => cellOf(key)));
    gallery.stack(false);
    await vi.waitFor(() => expect(gallery.columns.count).toBe(9));
    expect([...gallery.columns.keys].every((key) => gallery.selected.has(key))).toBe(true);
    expect(counts()).toEqual([9, 9]);
  });

  it("stay chosen when two questions follow each other, and the first answer is late", async () => {
    const late = later();
    const first = search("o", [cellOf(50)]);
    await vi.waitFor(() => expect(members).toHaveBeenCalledTimes(1));
    // The stacks are shown until it is known what is in them.
    expect([...gallery.columns.keys]).toEqual([1, 2, 3]);
    await search("other", [cellOf(60)]);
    expect(selected()).toEqual(all);
    late();
    await first;
    expect([...gallery.columns.keys]).toEqual([60]);
    expect(selected()).toEqual(all);
  });

  it("are not chosen again when the answer comes after they were given up", async () => {
    for (const [give, left] of [
      [() => gallery.clearSelection(), []],
      [() => press(2), [1, 3, 11, 12, 31, 32]],
    ] as const) {
      await search("", closed(1, 2, 3), 4);
      gallery.choose(KeySet.of([1, 2, 3]), [1, 2, 3]);
      const late = later();
      members.mockClear();
      const asking = search("other", [cellOf(50)]);
      await vi.waitFor(() => expect(members).toHaveBeenCalledTimes(1));
      give();
      late();
      await asking;
      expect(selected()).toEqual(left);
    }
  });

  it("are chosen no more as a whole after a press on one, also for what is done at once", async () => {
    await search("other", [cellOf(50)]);
    await search("", closed(1, 2, 3), 6);
    const late = later();
    press(1);
    const acted = actedOn();
    late();
    expect(await acted).toEqual([2, 3, 21, 22, 31, 32]);
    expect(members.mock.lastCall).toEqual([{ ticket: 6, keys: [1] }]);
    expect(selected()).toEqual([2, 3, 21, 22, 31, 32]);
    // Once more it is chosen as a stack, and counted once.
    press(1);
    await gallery.members([]);
    expect(counts()).toEqual([7, 9]);
    expect(await actedOn()).toEqual(all);
  });

  it("are given up with all in them also where something else is searched meanwhile", async () => {
    await search("other", [cellOf(50)]);
    await search("", closed(1, 2, 3), 6);
    const late = later();
    press(1);
    const asking = search("more", [cellOf(12)]);
    late();
    await asking;
    expect([...gallery.columns.keys]).toEqual([12]);
    expect(selected()).toEqual([2, 3, 21, 22, 31, 32]);
  });

  it("are chosen anew with all in them where something else is searched meanwhile", async () => {
    await search("other", [cellOf(50)]);
    await search("", closed(1, 2, 3), 6);
    press(1);
    await gallery.members([]);
    const late = later();
    press(1);
    members.mockClear();
    const asking = search("more", [cellOf(12)]);
    await vi.waitFor(() => expect(asked.mock.lastCall?.[0].query.text).toBe("more"));
    await new Promise((resolve) => setTimeout(resolve));
    late();
    await asking;
    await gallery.members([]);
    expect(selected()).toEqual(all);
  });

  it("are all given up, and it is said, where it is not known what is in one", async () => {
    await search("other", [cellOf(50)]);
    await search("", closed(1, 2, 3));
    const gone = { message: "The library folder is gone." };
    members.mockRejectedValue(gone);
    asked.mockRejectedValue(gone);
    press(1);
    await vi.waitFor(() => expect(toasts.list.map(({ text }) => text)).toContain(gone.message));
    expect(selected()).toEqual([]);
  });

  it("are asked about in an answer of their own where the one that is shown is not kept", async () => {
    members.mockRejectedValueOnce({ message: "The library was asked something else since." });
    finds([cellOf(50)], 7);
    finds(closed(1, 2, 3), 8);
    gallery.text = "other";
    await gallery.refresh();
    expect(asked.mock.calls.map(([{ query }]) => query.text)).toEqual(["other", ""]);
    expect(members.mock.lastCall?.[0].ticket).toBe(8);
    expect(selected()).toEqual(all);
    expect([...gallery.columns.keys]).toEqual([50]);
  });

  it.each([
    ["first", false],
    ["all", true],
  ])("stay chosen where others take their place in the %s cells", async (_, large) => {
    await search("", [...closed(1, 2, 3), cellOf(50)]);
    expect(members).not.toHaveBeenCalled();
    expect(counts()).toEqual([3, 9]);
    // Another output stands for the first one now.
    const now = [cellOf(13, { stack: 4 }), ...closed(2, 3)];
    if (large) {
      vi.mocked(libraryColumns).mockResolvedValueOnce(wire(ofCells(now)));
      asked.mockResolvedValueOnce(answerOf([], { first: [], cells: 3 }));
      await gallery.refresh();
    } else await search("", now);
    expect(members.mock.lastCall?.[0].keys).toEqual([1]);
    expect(selected()).toEqual([1, 2, 3, 11, 12]);
    expect(counts()).toEqual([5, 9]);
    expect(await actedOn()).toEqual(all);
  });

  it("stay as they are chosen when one is opened and closed", async () => {
    vi.mocked(libraryStack).mockResolvedValueOnce(wireOf([1, 11, 12]));
    await gallery.open(1);
    expect(selected()).toEqual([1, 2, 3, 11, 12]);
    press(12);
    gallery.close(1);
    expect(counts()).toEqual([4, 8]);
    expect(await actedOn()).toEqual([1, 2, 3, 11, 21, 22, 31, 32]);
  });
});

it("does not take in the rest of an open stack when stacks are not shown any more", async () => {
  vi.mocked(libraryStack).mockResolvedValueOnce(wireOf([1, 11, 12]));
  await gallery.open(1);
  gallery.choose(KeySet.of([1, 12]), [1, 12]);
  finds(all.map((key) => cellOf(key)));
  gallery.stack(false);
  await vi.waitFor(() => expect(gallery.columns.count).toBe(9));
  expect(selected()).toEqual([1, 12]);
});

it("does not take in more of a stack than was chosen", async () => {
  gallery.stacks = false;
  await search("rating:5", [cellOf(1), cellOf(2)]);
  gallery.choose(KeySet.of([1, 2]), [1, 2]);
  gallery.stacks = true;
  await search("", closed(1, 2, 3));
  expect(counts()).toEqual([2, 2]);
  expect(await actedOn()).toEqual([1, 2]);
  expect(members).not.toHaveBeenCalled();
  // A press on a stack is for all of it.
  gallery.choose(KeySet.of([1]), [1]);
  expect(await actedOn()).toEqual([1, 11, 12]);
});

it("counts what was chosen of a stack by itself once when the stack is chosen, too", async () => {
  gallery.stacks = false;
  await search("rating:5", [cellOf(11), cellOf(50)]);
  gallery.choose(KeySet.of([11, 50]), [11, 50]);
  gallery.stacks = true;
  await search("", closed(1, 2, 3));
  press(1);
  await gallery.members([]);
  expect(counts()).toEqual([2, 4]);
  expect(await actedOn()).toEqual([1, 11, 12, 50]);
});

it("keeps all that was chosen with stacks, and no more, when it is filtered", async () => {
  finds(closed(1), 5);
  vi.mocked(libraryColumns).mockResolvedValueOnce(wireOf(all));
  await gallery.selectAll();
  expect(counts()).toEqual([9, 9]);
  await search("lake", [cellOf(1, { stack: 7 }), cellOf(2)]);
  expect(counts()).toEqual([9, 9]);
  expect(await actedOn()).toEqual(all);
  expect(members).not.toHaveBeenCalled();
  await search("", closed(1, 2, 3));
  press(3);
  expect(await actedOn()).toEqual([1, 2, 11, 12, 21, 22]);
});

it("lets a choice of one go along with the focus, without what is in its stack", async () => {
  gallery.choose(KeySet.of([1]), [1]);
  gallery.focusOn(1);
  await search("other", [cellOf(50)]);
  expect([selected(), gallery.focus]).toEqual([[], 50]);
  expect(members).not.toHaveBeenCalled();
});

it("keeps all that is in a single stack that was chosen where the focus is elsewhere", async () => {
  gallery.choose(KeySet.of([1]), [1]);
  gallery.focusOn(2, "stays");
  await search("other", [cellOf(50)]);
  expect(selected()).toEqual([1, 11, 12]);
  expect(await actedOn()).toEqual([1, 11, 12]);
});
