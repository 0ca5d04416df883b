import { beforeEach, describe, expect, it, vi } from "vitest";
import { commands } from "../../host";
import { openCompare } from "../../state/places";
import { route } from "../../state/route.svelte";
import { sheets } from "../../state/sheets.svelte";
import { cellOf } from "./fixtures";
import { gallery } from "./gallery.svelte";
import { KeySet } from "./key-set";
import { chosenKey } from "./keys";

vi.mock("../../state/places", () => ({ openCompare: vi.fn() }));
vi.mock("../../host", () => ({
  commands: {
    asset_copy: vi.fn(() => Promise.resolve(null)),
    asset_copy_files: vi.fn(() => Promise.resolve(2)),
    asset_detail: vi.fn(() => Promise.reject(new Error("no"))),
    asset_mark: vi.fn(() => Promise.resolve({ undo: 1, changed: 0, copies: 0, cut_off: null })),
    asset_rerun: vi.fn(() =>
      Promise.resolve({ items: [], left_out: 0, batch_id: "b", cut_off: null }),
    ),
    asset_reveal: vi.fn(() => Promise.resolve(null)),
    asset_reveal_all: vi.fn(() => Promise.resolve({ files: 2, folders: 1 })),
    library_cells: vi.fn(),
  },
  libraryColumns: vi.fn(),
  libraryStack: vi.fn(),
  openStream: vi.fn(),
}));

const press = (key: string, more: Partial<KeyboardEventInit> = {}): void => {
  chosenKey(new KeyboardEvent("keydown", { key, ...more }))?.();
};

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(commands.library_cells).mockImplementation(({ keys }) =>
    Promise.resolve(keys.map((key) => cellOf(key))),
  );
  gallery.selected = KeySet.EMPTY;
  gallery.focusOn(null);
});

describe("keys of the gallery", () => {
  it("act all on what is selected, also where Ctrl moved the focus on", async () => {
    gallery.selected = KeySet.of([1]);
    gallery.focusOn(2, "stays");
    press("c", { ctrlKey: true });
    await vi.waitFor(() => expect(commands.asset_copy).toHaveBeenCalledWith({ key: 1 }));
    press("v");
    expect(commands.asset_detail).toHaveBeenCalledWith({ key: 1 });
    press("e", { ctrlKey: true });
    await vi.waitFor(() =>
      expect(commands.asset_reveal).toHaveBeenCalledWith({ id: cellOf(1).id }),
    );
    press("r");
    await vi.waitFor(() => expect(commands.asset_rerun).toHaveBeenCalledTimes(1));
    expect(vi.mocked(commands.asset_rerun).mock.lastCall?.[0].ids).toEqual([cellOf(1).id]);
    press("4");
    await vi.waitFor(() =>
      expect(commands.asset_mark).toHaveBeenCalledWith({
        keys: [1],
        mark: { mark: "rating", stars: 4 },
      }),
    );
    press("F2");
    await vi.waitFor(() => expect(sheets.current).toMatchObject({ kind: "name" }));
  });

  it("act on what has the focus where nothing is selected, and on nothing where there is none", async () => {
    press("c", { ctrlKey: true });
    press("v");
    expect(commands.asset_copy).not.toHaveBeenCalled();
    expect(commands.asset_detail).not.toHaveBeenCalled();
    gallery.focusOn(2);
    press("c", { ctrlKey: true });
    await vi.waitFor(() => expect(commands.asset_copy).toHaveBeenCalledWith({ key: 2 }));
  });

  it("copy and show the files of several, and the file of what is no picture", async () => {
    gallery.selected = KeySet.of([1, 2]);
    press("c", { ctrlKey: true });
    await vi.waitFor(() =>
      expect(commands.asset_copy_files).toHaveBeenCalledWith({ keys: [1, 2] }),
    );
    press("e", { ctrlKey: true });
    await vi.waitFor(() =>
      expect(commands.asset_reveal_all).toHaveBeenCalledWith({ keys: [1, 2] }),
    );
    vi.mocked(commands.library_cells).mockResolvedValueOnce([cellOf(3, { kind: "video" })]);
    gallery.selected = KeySet.of([3]);
    press("c", { ctrlKey: true });
    await vi.waitFor(() =>
      expect(commands.asset_copy_files).toHaveBeenLastCalledWith({ keys: [3] }),
    );
    expect(commands.asset_copy).not.toHaveBeenCalled();
    expect(commands.asset_reveal).not.toHaveBeenCalled();
  });

  it("act, after a walk with the arrow keys, on where it went", async () => {
    gallery.selected = KeySet.of([1]);
    gallery.focusOn(2);
    press("Delete");
    await vi.waitFor(() =>
      expect(commands.asset_mark).toHaveBeenCalledWith({ keys: [2], mark: { mark: "bin" } }),
    );
  });

  it("take the choice back with Escape, and act on what has the focus then", () => {
    gallery.selected = KeySet.of([1, 3]);
    gallery.focusOn(2);
    press("Escape");
    expect(gallery.selected.size).toBe(0);
    expect(gallery.chosen.toArray()).toEqual([2]);
  });

  it("puts one picture beside its neighbour, and two beside each other", async () => {
    const neighbour = vi.spyOn(gallery, "neighbour").mockReturnValue(7);
    gallery.selected = KeySet.of([1]);
    press("c");
    await vi.waitFor(() => expect(openCompare).toHaveBeenCalledWith("id-1", "id-7", route.current));
    gallery.selected = KeySet.of([1, 3]);
    press("c");
    await vi.waitFor(() =>
      expect(openCompare).toHaveBeenLastCalledWith("id-1", "id-3", route.current),
    );
    // Where there is no other it is shown beside itself, and one walks on from there.
    neighbour.mockReturnValue(null);
    gallery.selected = KeySet.of([1]);
    press("c");
    await vi.waitFor(() =>
      expect(openCompare).toHaveBeenLastCalledWith("id-1", "id-1", route.current),
    );
  });
});
