import { beforeEach, describe, expect, it, vi } from "vitest";
import type { LibraryAnswer } from "../../bindings/LibraryAnswer";
import { commands, libraryColumns, libraryStack } from "../../host";
import { answerOf, cellOf, columnsOf, wire } from "./fixtures";
import { gallery } from "./gallery.svelte";
import { KeySet } from "./key-set";

vi.mock("../../host", () => ({
  commands: {
    library_query: vi.fn(),
    library_cells: vi.fn(),
    library_members: vi.fn(),
    asset_key: vi.fn(),
  },
  libraryColumns: vi.fn(),
  libraryStack: vi.fn(),
}));

const asked = vi.mocked(commands.library_query);
const cells = vi.mocked(commands.library_cells);
const stack = vi.mocked(libraryStack);
const members = vi.mocked(commands.library_members);
const columns = vi.mocked(libraryColumns);
const keys = (): number[] => [...gallery.columns.keys];
const wireOf = (...all: number[]): ArrayBuffer =>
  wire({ ...columnsOf(all.map(() => ({ at: 0 }))), keys: Uint32Array.from(all) });

beforeEach(async () => {
  vi.resetAllMocks();
  asked.mockResolvedValue(answerOf([]));
  gallery.text = "";
  gallery.place = null;
  gallery.sort = "newest";
  gallery.stacks = false;
  gallery.selected = KeySet.EMPTY;
  await gallery.refresh();
  asked.mockReset();
});

describe("gallery", () => {
  it("drops an answer that arrives after a newer question", async () => {
    let late: (answer: LibraryAnswer) => void = () => undefined;
    asked.mockReturnValueOnce(new Promise((resolve) => (late = resolve)));
    asked.mockResolvedValueOnce(answerOf([2]));
    const first = gallery.refresh();
    await gallery.refresh();
    late(answerOf([1]));
    await first;
    expect(keys()).toEqual([2]);
  });

  it("paints the first cells at once, and all when they are there", async () => {
    let all: (bytes: ArrayBuffer) => void = () => undefined;
    asked.mockResolvedValueOnce(answerOf([1, 2], { cells: 4, shown: 4 }));
    columns.mockReturnValueOnce(new Promise((resolve) => (all = resolve)));
    gallery.text = "red";
    const asking = gallery.refresh();
    await vi.waitFor(() => expect(keys()).toEqual([1, 2]));
    expect(gallery.whole).toBe(false);
    all(wireOf(1, 2, 3, 4));
    await asking;
    expect(keys()).toEqual([1, 2, 3, 4]);
    expect(gallery.whole).toBe(true);
  });

  it("asks for the cells of a large answer only when nothing is typed any more", async () => {
    vi.useFakeTimers();
    try {
      asked.mockResolvedValue(answerOf([1, 2], { cells: 50_000 }));
      columns.mockResolvedValue(wireOf(1, 2, 3));
      gallery.search("r", "typing");
      await vi.advanceTimersByTimeAsync(200);
      expect(keys()).toEqual([1, 2]);
      gallery.search("re", "typing");
      await vi.advanceTimersByTimeAsync(200);
      expect(asked).toHaveBeenCalledTimes(2);
      expect(columns).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(300);
      expect(columns).toHaveBeenCalledTimes(1);
      expect(keys()).toEqual([1, 2, 3]);
      // The first cells of another question are painted before all of its cells are on their way.
      gallery.search("red");
      await vi.advanceTimersByTimeAsync(0);
      expect(keys()).toEqual([1, 2]);
      expect(columns).toHaveBeenCalledTimes(1);
      await vi.advanceTimersByTimeAsync(300);
      expect(columns).toHaveBeenCalledTimes(2);
      // Of the same question the cells are missed at once.
      const again = gallery.refresh();
      await vi.advanceTimersByTimeAsync(0);
      await again;
      expect(columns).toHaveBeenCalledTimes(3);
    } finally {
      vi.useRealTimers();
    }
  });

  it("goes on showing all cells while the same question is answered anew", async () => {
    asked.mockResolvedValue(answerOf([1, 2], { cells: 3 }));
    columns.mockResolvedValueOnce(wireOf(1, 2, 3));
    await gallery.refresh();
    let all: (bytes: ArrayBuffer) => void = () => undefined;
    columns.mockReturnValueOnce(new Promise((resolve) => (all = resolve)));
    const asking = gallery.refresh();
    await Promise.resolve();
    expect(keys()).toEqual([1, 2, 3]);
    await vi.waitFor(() => expect(columns).toHaveBeenCalledTimes(2));
    all(wireOf(9, 1, 2, 3));
    await asking;
    expect(keys()).toEqual([9, 1, 2, 3]);
  });

  it("asks once for many reasons to ask soon", async () => {
    asked.mockResolvedValue(answerOf([]));
    vi.useFakeTimers();
    gallery.refreshSoon("arrival");
    gallery.refreshSoon("arrival");
    gallery.refreshSoon("typing");
    gallery.refreshSoon("typing");
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it("keeps focus and place by picture, or goes to what is nearest; the choice stays", async () => {
    asked.mockResolvedValueOnce(answerOf([1, 2, 3]));
    await gallery.refresh();
    gallery.focusOn(2);
    gallery.place = { key: 2, offset: 40, atTop: false };
    gallery.selected = KeySet.of([2, 3]);
    asked.mockResolvedValueOnce(answerOf([7, 1, 2, 3]));
    await gallery.refresh();
    expect(gallery.focus).toBe(2);
    expect([gallery.neighbour(2, -1), gallery.neighbour(3, 1)]).toEqual([1, null]);
    asked.mockResolvedValueOnce(answerOf([7, 1, 3]));
    await gallery.refresh();
    expect(gallery.focus).toBe(3);
    expect(gallery.place).toEqual({ key: 3, offset: 40, atTop: false });
    expect(gallery.selected.toArray()).toEqual([2, 3]);
    gallery.text = "other";
    asked.mockResolvedValueOnce(answerOf([7, 1]));
    await gallery.refresh();
    expect(gallery.focus).toBe(7);
  });

  it("opens a stack in place and closes it again", async () => {
    asked.mockResolvedValueOnce(answerOf([1, 2], { ticket: 8 }));
    await gallery.refresh();
    stack.mockResolvedValueOnce(wireOf(1, 11, 12));
    await gallery.open(1);
    expect(stack).toHaveBeenCalledWith(8, 1);
    expect(keys()).toEqual([1, 11, 12, 2]);
    // A new answer to the same question keeps it open, with what is in it now.
    asked.mockResolvedValueOnce(answerOf([1, 2], { ticket: 9 }));
    stack.mockResolvedValueOnce(wireOf(1, 12));
    await gallery.refresh();
    await vi.waitFor(() => expect(keys()).toEqual([1, 12, 2]));
    expect(gallery.close(12)).toBe(1);
    expect(keys()).toEqual([1, 2]);
    expect(gallery.close(2)).toBeNull();
  });

  it("asks for cells that are looked at, and again when the library changed", async () => {
    cells.mockResolvedValue([cellOf(5, { rating: 3 })]);
    gallery.want([5]);
    gallery.want([5]);
    await vi.waitFor(() => expect(gallery.cell(5)?.rating).toBe(3));
    expect(cells).toHaveBeenCalledTimes(1);
    asked.mockResolvedValue(answerOf([]));
    gallery.refreshSoon("arrival");
    gallery.want([5]);
    expect(cells).toHaveBeenCalledTimes(2);
    await gallery.refresh();
  });

  it("chooses all that match, also within stacks", async () => {
    gallery.stacks = true;
    asked.mockResolvedValueOnce(answerOf([1]));
    await gallery.refresh();
    asked.mockResolvedValueOnce(answerOf([1], { ticket: 5 }));
    columns.mockResolvedValueOnce(wireOf(1, 2, 3));
    await gallery.selectAll();
    expect(asked.mock.lastCall?.[0].query.stacks).toBe(false);
    expect(gallery.selected.toArray()).toEqual([1, 2, 3]);
  });

  it("chooses all of an answer of which only the first cells came", async () => {
    asked.mockResolvedValueOnce(answerOf([1, 2], { cells: 50_000 }));
    gallery.text = "many";
    const asking = gallery.refresh();
    await vi.waitFor(() => expect(keys()).toEqual([1, 2]));
    asked.mockResolvedValueOnce(answerOf([1, 2], { cells: 3, ticket: 5 }));
    columns.mockResolvedValueOnce(wireOf(1, 2, 3));
    await gallery.selectAll();
    expect(columns).toHaveBeenCalledWith(5);
    expect(gallery.selected.toArray()).toEqual([1, 2, 3]);
    columns.mockResolvedValueOnce(wireOf(1, 2, 3));
    await asking;
    // All of them are there now.
    asked.mockClear();
    await gallery.selectAll();
    expect(asked).not.toHaveBeenCalled();
  });

  it("does not choose a part while the index is read, and says why", async () => {
    asked.mockResolvedValue(answerOf([1, 2], { whole: false }));
    await gallery.refresh();
    await expect(gallery.selectAll()).rejects.toThrow("The library is still being read");
    expect(gallery.selected.size).toBe(0);
  });

  it("opens a stack and chooses all of it", async () => {
    const first = [cellOf(1, { stack: 3 }), cellOf(2)];
    asked.mockResolvedValueOnce(answerOf([1, 2], { first }));
    await gallery.refresh();
    const within = Array.from({ length: 3000 }, (_, at) => (at === 0 ? 1 : at + 10));
    stack.mockResolvedValueOnce(wireOf(...within));
    await gallery.selectStack(1);
    expect(gallery.selected.toArray()).toEqual(within);
    expect(keys()).toEqual([...within, 2]);
    // In the order on the screen, and last what is not on it.
    expect(gallery.inOrder([9, 2, 11, 1])).toEqual([1, 11, 2, 9]);
    gallery.close(1);
  });

  it("opens a stack of what is shown now where the answer was given up", async () => {
    asked.mockResolvedValue(answerOf([3, 4], { ticket: 6 }));
    await gallery.refresh();
    stack.mockRejectedValueOnce({ message: "The library was asked something else since." });
    asked.mockResolvedValue(answerOf([3, 4], { ticket: 7 }));
    stack.mockResolvedValueOnce(wireOf(3, 13));
    await gallery.open(3);
    expect(stack).toHaveBeenLastCalledWith(7, 3);
    expect(keys()).toEqual([3, 13, 4]);
    stack.mockRejectedValue({ message: "Gone." });
    await expect(gallery.open(4)).rejects.toMatchObject({ message: "Gone." });
    gallery.close(3);
  });

  it("asks once more when the index was read anew between the answer and its cells", async () => {
    const gone = { message: "The library was asked something else since.", retry: true };
    gallery.search("anew");
    asked.mockResolvedValue(answerOf([1], { cells: 3, ticket: 8 }));
    columns.mockRejectedValueOnce(gone);
    columns.mockResolvedValueOnce(wireOf(1, 2, 3));
    await gallery.refresh();
    expect(gallery.failure).toBeNull();
    await vi.waitFor(() => expect(gallery.columns.count).toBe(3));
    columns.mockRejectedValue(gone);
    await gallery.refresh();
    await vi.waitFor(() => expect(gallery.failure).toBe(gone.message));
    columns.mockReset();
    gallery.search("");
  });

  it("knows what is in closed stacks, and asks for it", async () => {
    const cellsOf = [cellOf(1, { stack: 3 }), cellOf(2), cellOf(3, { stack: 2 })];
    asked.mockResolvedValueOnce(answerOf([1, 2, 3], { ticket: 4, first: cellsOf }));
    await gallery.refresh();
    const outputs = (...chosen: number[]): number => gallery.outputsOf(KeySet.of(chosen));
    expect([outputs(), outputs(2), outputs(1, 2), outputs(1, 3)]).toEqual([0, 1, 4, 5]);
    expect(await gallery.members([2])).toEqual([2]);
    expect(members).not.toHaveBeenCalled();
    members.mockResolvedValueOnce([1, 11, 12]);
    expect(await gallery.members([2, 1])).toEqual([1, 11, 12, 2]);
    expect(members).toHaveBeenCalledWith({ ticket: 4, keys: [1] });
    // The answer was given up meanwhile: the one that is shown then is asked about.
    members.mockRejectedValueOnce({ message: "The library was asked something else since." });
    asked.mockResolvedValueOnce(answerOf([1, 2, 3], { ticket: 9, first: cellsOf }));
    members.mockResolvedValueOnce([1, 11]);
    expect(await gallery.members([1])).toEqual([1, 11]);
    expect(members.mock.lastCall?.[0].ticket).toBe(9);
    // Open, it is what is in it.
    stack.mockResolvedValueOnce(wireOf(1, 11, 12));
    await gallery.open(1);
    expect(outputs(1)).toBe(1);
    expect(await gallery.members([1])).toEqual([1]);
    // All of it are chosen, and it is closed again.
    await gallery.selectStack(1);
    gallery.close(1);
    expect(outputs(1, 11, 12)).toBe(3);
  });

  it("counts what came on top, newest first, and forgets it with another question", async () => {
    const show = async (...all: ReturnType<typeof cellOf>[]): Promise<number> => {
      asked.mockResolvedValueOnce(answerOf([], { cells: all.length, first: all }));
      await gallery.refresh();
      return gallery.news;
    };
    expect(await show(cellOf(2), cellOf(1))).toBe(0);
    expect(await show(cellOf(4), cellOf(3), cellOf(2), cellOf(1))).toBe(2);
    // A stack on top grows by one; what came elsewhere is not on top.
    expect(await show(cellOf(5, { stack: 2 }), cellOf(3), cellOf(2), cellOf(9), cellOf(1))).toBe(3);
    expect(await show(cellOf(3), cellOf(2), cellOf(1))).toBe(3);
    gallery.text = "other";
    expect(await show(cellOf(8), cellOf(3))).toBe(0);
    gallery.sort = "oldest";
    await show(cellOf(3), cellOf(8));
    expect(await show(cellOf(9), cellOf(3), cellOf(8))).toBe(0);
  });

  it("says why the library did not answer, and forgets it with the next answer", async () => {
    asked.mockRejectedValueOnce({ message: "The library folder is gone." });
    await gallery.refresh();
    expect(gallery.failure).toBe("The library folder is gone.");
    asked.mockResolvedValueOnce(answerOf([1]));
    await gallery.refresh();
    expect(gallery.failure).toBeNull();
  });
});
