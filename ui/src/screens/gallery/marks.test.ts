import { beforeEach, describe, expect, it, vi } from "vitest";
import { commands } from "../../host";
import { app } from "../../state/app.svelte";
import { undo } from "../../state/undo";
import { toasts } from "../../state/toasts.svelte";
import { answerOf, cellOf } from "./fixtures";
import { gallery } from "./gallery.svelte";
import { KeySet } from "./key-set";
import { mark, markCells, markOfKey, markText, putMark, toggle, toggleOf } from "./marks";

vi.mock("../../host", () => ({
  commands: {
    library_query: vi.fn(),
    library_cells: vi.fn(),
    asset_mark: vi.fn(),
    bin_get: vi.fn(() => Promise.resolve({ days: 30 })),
    library_members: vi.fn(),
    mark_undo: vi.fn(),
  },
  libraryColumns: vi.fn(),
  libraryStack: vi.fn(),
  openStream: vi.fn(),
}));

const marking = vi.mocked(commands.asset_mark);

beforeEach(async () => {
  vi.clearAllMocks();
  toasts.list = [];
  app.announcement = "";
  vi.mocked(commands.library_cells).mockResolvedValue([cellOf(1), cellOf(2)]);
  gallery.want([1, 2]);
  await vi.waitFor(() => expect(gallery.cell(1)).toBeDefined());
});

describe("mark", () => {
  it("shows a mark at once, says nothing of one, and takes it back with Ctrl Z", async () => {
    marking.mockResolvedValueOnce({ undo: 7, changed: 1, copies: 0, cut_off: null });
    const marking_ = mark([1], { mark: "rating", stars: 4 });
    expect(gallery.cell(1)?.rating).toBe(4);
    await marking_;
    expect([toasts.list, app.announcement]).toEqual([[], "4 stars for 1 output"]);
    vi.mocked(commands.mark_undo).mockResolvedValueOnce({
      undo: 8,
      changed: 1,
      copies: 0,
      cut_off: null,
    });
    undo();
    expect(commands.mark_undo).toHaveBeenCalledWith({ undo: 7 });
  });

  it("says what was done to several, and offers to take it back", async () => {
    marking.mockResolvedValueOnce({ undo: 9, changed: 500, copies: 0, cut_off: null });
    await mark([1, 2], { mark: "rating", stars: 5 });
    expect(toasts.list.map(({ title, action }) => [title, action?.label])).toEqual([
      ["5 stars for 500 outputs", "Undo"],
    ]);
    // The message is heard by itself.
    expect(app.announcement).toBe("");
  });

  it("always says that something went to the bin, and chooses it no more", async () => {
    gallery.selected = KeySet.of([1, 2]);
    marking.mockResolvedValueOnce({ undo: 1, changed: 1, copies: 0, cut_off: null });
    await mark([1], { mark: "bin" });
    expect(toasts.list[0]).toMatchObject({
      title: "1 output moved to the bin",
      text: "Kept for 30 days.",
    });
    expect(gallery.selected.toArray()).toEqual([2]);
  });

  it("says nothing of a term that is not known", async () => {
    vi.mocked(commands.bin_get).mockRejectedValueOnce({ message: "no" });
    marking.mockResolvedValueOnce({ undo: 1, changed: 1, copies: 0, cut_off: null });
    await mark([1], { mark: "bin" });
    expect(toasts.list[0]).toMatchObject({ title: "1 output moved to the bin", text: "" });
  });

  it("says that copies in other places go with what went to the bin", async () => {
    for (const [copies, text] of [
      [1, "1 file in other places has the same content, and goes with them."],
      [3, "3 files in other places have the same content, and go with them."],
    ] as const) {
      marking.mockResolvedValueOnce({ undo: 1, changed: 2, copies, cut_off: null });
      await mark([1, 2], { mark: "bin" });
      expect(toasts.list.at(-1)?.text).toBe(`Kept for 30 days. ${text}`);
    }
  });

  it("asks again what is so when marking failed", async () => {
    marking.mockRejectedValueOnce({ message: "The disk is full.", code: "storage" });
    vi.mocked(commands.library_query).mockRejectedValue({ message: "no" });
    const soon = vi.spyOn(gallery, "refreshSoon");
    await mark([1], { mark: "favourite", on: true });
    expect(toasts.list[0]?.text).toBe("The disk is full.");
    expect(soon).toHaveBeenCalledWith("arrival");
  });

  it("leaves it to a sheet that asked to say why it failed", async () => {
    marking.mockRejectedValueOnce({ message: "The disk is full.", code: "storage" });
    vi.mocked(commands.library_query).mockRejectedValue({ message: "no" });
    await expect(putMark([1], { mark: "title", text: "Lamp" })).rejects.toMatchObject({
      message: "The disk is full.",
    });
    expect(toasts.list).toEqual([]);
  });

  it("is for all in a closed stack, shown at once, with the count in words", async () => {
    const cells = [cellOf(1, { stack: 3 }), cellOf(2)];
    vi.mocked(commands.library_query).mockResolvedValueOnce(answerOf([1, 2], { first: cells }));
    await gallery.refresh();
    vi.mocked(commands.library_members).mockResolvedValueOnce([1, 11, 12]);
    marking.mockResolvedValueOnce({ undo: 4, changed: 3, copies: 0, cut_off: null });
    const marking_ = markCells([1], { mark: "rating", stars: 3 });
    expect(gallery.cell(1)?.rating).toBe(3);
    await marking_;
    expect(marking).toHaveBeenCalledWith({
      keys: [1, 11, 12],
      mark: { mark: "rating", stars: 3 },
    });
    expect(toasts.list[0]?.title).toBe("3 stars for 3 outputs");
  });

  it("is taken off one that is selected and out of sight", async () => {
    gallery.selected = KeySet.of([77]);
    vi.mocked(commands.library_cells).mockResolvedValueOnce([cellOf(77, { favourite: true })]);
    marking.mockResolvedValueOnce({ undo: 5, changed: 1, copies: 0, cut_off: null });
    await toggle("favourite");
    expect(marking).toHaveBeenCalledWith({ keys: [77], mark: { mark: "favourite", on: false } });
    gallery.clearSelection();
  });

  it("takes back exactly what was done of very many, and says what was not", async () => {
    vi.mocked(commands.library_query).mockRejectedValue({ message: "no" });
    gallery.selected = KeySet.of([1, 2]);
    const soon = vi.spyOn(gallery, "refreshSoon");
    marking.mockResolvedValueOnce({
      undo: 6,
      changed: 1,
      copies: 0,
      cut_off: { left: 1, why: null },
    });
    await mark([1, 2], { mark: "bin" });
    expect(gallery.selected.toArray()).toEqual([2]);
    expect(soon).toHaveBeenCalledWith("arrival");
    expect(toasts.list[0]?.title).toBe("1 output moved to the bin");
    expect(toasts.list[0]?.text).toMatch(
      /^1 is not marked, since you stopped it\. Kept for 30 days\./,
    );
    const why = "The disk is full.";
    vi.mocked(commands.mark_undo)
      .mockResolvedValueOnce({ undo: 7, changed: 0, copies: 0, cut_off: { left: 1, why } })
      .mockResolvedValueOnce({ undo: 8, changed: 1, copies: 0, cut_off: null });
    toasts.list[0]?.action?.run();
    await vi.waitFor(() => expect(toasts.list.length).toBe(2));
    expect(toasts.list[1]?.text).toBe("1 is not put back. The disk is full.");
    toasts.list[1]?.action?.run();
    await vi.waitFor(() => expect(commands.mark_undo).toHaveBeenCalledTimes(2));
    expect(vi.mocked(commands.mark_undo).mock.lastCall?.[0]).toEqual({ undo: 6 });
    gallery.clearSelection();

    toasts.list = [];
    marking.mockResolvedValueOnce({ undo: 9, changed: 1, copies: 0, cut_off: { left: 1, why } });
    await mark([1, 2], { mark: "rating", stars: 3 });
    expect(toasts.list[0]?.text).toBe("1 is not marked. The disk is full.");
  });

  it("asks nothing for nothing", async () => {
    await mark([], { mark: "bin" });
    expect(marking).not.toHaveBeenCalled();
  });
});

it("turns marks off where they are on", () => {
  expect(toggleOf("favourite", cellOf(1))).toEqual({ mark: "favourite", on: true });
  expect(toggleOf("favourite", cellOf(1, { favourite: true }))).toMatchObject({ on: false });
  expect(toggleOf("pick", cellOf(1, { flag: -1 }))).toEqual({ mark: "flag", flag: 1 });
  expect(toggleOf("pick", cellOf(1, { flag: 1 }))).toMatchObject({ flag: 0 });
  expect(toggleOf("reject", undefined)).toMatchObject({ flag: -1 });
});

it("knows the keys of marks and no others", () => {
  expect(["0", "5", "F", "w", "Delete", "Backspace"].map(markOfKey)).toEqual([
    { mark: "rating", stars: 0 },
    { mark: "rating", stars: 5 },
    "favourite",
    "pick",
    { mark: "bin" },
    { mark: "bin" },
  ]);
  expect(["6", "a", "constructor", "12"].map(markOfKey)).toEqual([null, null, null, null]);
});

it("says what was done", () => {
  expect(markText({ mark: "rating", stars: 1 }, 1)).toBe("1 star for 1 output");
  expect(markText({ mark: "rating", stars: 0 }, 3)).toBe("Stars taken from 3 outputs");
  expect(markText({ mark: "favourite", on: true }, 2)).toBe("2 outputs are favourites");
  expect(markText({ mark: "favourite", on: false }, 1)).toBe("1 output no favourite any more");
  expect(markText({ mark: "flag", flag: -1 }, 2)).toBe("2 outputs rejected");
  expect(markText({ mark: "flag", flag: 0 }, 1)).toBe("1 output neither picked nor rejected");
  expect(markText({ mark: "tag_add", name: "for print" }, 4)).toBe("4 outputs tagged for print");
});
