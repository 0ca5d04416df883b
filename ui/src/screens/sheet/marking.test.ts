import { beforeEach, expect, it, vi } from "vitest";
import type { Marked } from "../../bindings/Marked";
import type { SheetCell } from "../../bindings/SheetCell";
import type { SheetView } from "../../bindings/SheetView";
import { chooseSave, commands } from "../../host";
import { toasts } from "../../state/toasts.svelte";
import { undo } from "../../state/undo";
import { LoadedSheet } from "./loading.svelte";
import { exportSheet, markCell, rateCell } from "./marking";

vi.mock("../../host", () => ({
  chooseSave: vi.fn(),
  commands: {
    asset_mark: vi.fn(),
    mark_undo: vi.fn(),
    sheet_export: vi.fn(),
    sheet_get: vi.fn(),
    sheet_mark: vi.fn(),
  },
  libraryColumns: vi.fn(),
  libraryStack: vi.fn(),
  openStream: vi.fn(),
}));

const cellAt = (x: number, part: Partial<SheetCell> = {}): SheetCell => ({
  at: [x, 0],
  job: null,
  asset: null,
  took_ms: null,
  reused: false,
  values: [],
  mark: null,
  key: x + 1,
  rating: 0,
  ...part,
});
const sheet = {
  batch_id: "b",
  title: "Portrait: 3/4",
  cells: [cellAt(0), cellAt(1)],
} as unknown as SheetView;

async function loadedSheet(): Promise<LoadedSheet> {
  vi.mocked(commands.sheet_get).mockResolvedValue(sheet);
  const loaded = new LoadedSheet("b");
  await loaded.now();
  return loaded;
}

beforeEach(() => {
  vi.clearAllMocks();
  toasts.list = [];
});

it("marks a cell, reads the sheet anew, and takes both back with Ctrl Z", async () => {
  const loaded = await loadedSheet();
  vi.mocked(commands.sheet_mark).mockResolvedValueOnce({
    undo: 3,
    changed: 2,
    copies: 0,
    cut_off: null,
  });
  await markCell(loaded, cellAt(1), "winner");
  expect(commands.sheet_mark).toHaveBeenCalledWith({
    batch: "b",
    cells: [{ at: [1, 0], mark: "winner" }],
  });
  expect(toasts.list).toEqual([]);
  vi.mocked(commands.mark_undo).mockResolvedValueOnce({
    undo: 4,
    changed: 2,
    copies: 0,
    cut_off: null,
  });
  undo();
  await vi.waitFor(() => expect(commands.sheet_get).toHaveBeenCalledTimes(3));
  expect(commands.mark_undo).toHaveBeenCalledWith({ undo: 3 });
});

it("says that something was rejected, and takes a mark away where it is given again", async () => {
  const loaded = await loadedSheet();
  vi.mocked(commands.sheet_mark).mockResolvedValue({
    undo: 5,
    changed: 1,
    copies: 0,
    cut_off: null,
  });
  await markCell(loaded, cellAt(0), "rejected");
  expect(toasts.list.map(({ title, action }) => [title, action?.label])).toEqual([
    ["Rejected", "Undo"],
  ]);
  await markCell(loaded, cellAt(0, { mark: "rejected" }), "rejected");
  expect(vi.mocked(commands.sheet_mark).mock.lastCall?.[0].cells).toEqual([
    { at: [0, 0], mark: null },
  ]);
});

it("shows stars at once, and gives none where there is no picture", async () => {
  const loaded = await loadedSheet();
  let stored: (marked: Marked) => void = () => undefined;
  vi.mocked(commands.asset_mark).mockReturnValueOnce(new Promise((done) => (stored = done)));
  const rating = rateCell(loaded, cellAt(1), 4);
  expect(loaded.view?.cells.map((cell) => cell.rating)).toEqual([0, 4]);
  stored({ undo: 1, changed: 1, copies: 0, cut_off: null });
  await rating;
  expect(commands.asset_mark).toHaveBeenCalledWith({
    keys: [2],
    mark: { mark: "rating", stars: 4 },
  });
  await rateCell(loaded, cellAt(1, { key: null }), 2);
  expect(commands.asset_mark).toHaveBeenCalledTimes(1);
  loaded.stop();
});

it("writes the sheet as a picture where the artist says", async () => {
  vi.mocked(chooseSave).mockResolvedValueOnce(null);
  await exportSheet(sheet, 0, false);
  expect(commands.sheet_export).not.toHaveBeenCalled();
  vi.mocked(chooseSave).mockResolvedValueOnce("/p/sheet.png");
  vi.mocked(commands.sheet_export).mockResolvedValueOnce({
    id: 1,
    kind: "export",
    bytes: null,
    title: "Exporting a sheet of 2 to sheet.png",
    done: 0,
    of: 2,
    state: "running",
    problems: [],
    more_problems: 0,
    result: null,
  });
  await exportSheet(sheet, 1, true);
  expect(vi.mocked(chooseSave).mock.lastCall?.[0]).toBe("Portrait  3 4.png");
  expect(commands.sheet_export).toHaveBeenCalledWith({
    batch: "b",
    layer: 1,
    swapped: true,
    to: "/p/sheet.png",
  });
  expect(toasts.list[0]?.title).toBe("Exporting a sheet of 2 to sheet.png");
  // What keeps the dialog from opening is told; a title of nothing that may be in a name is no name.
  vi.mocked(chooseSave).mockRejectedValueOnce({ message: "No dialog can be shown." });
  await exportSheet({ ...sheet, title: "???" }, 0, false);
  expect(vi.mocked(chooseSave).mock.lastCall?.[0]).toBe("Sheet.png");
  expect(toasts.list.at(-1)?.text).toBe("No dialog can be shown.");
});
