import { beforeEach, expect, it, vi } from "vitest";
import type { CollectionView } from "../../bindings/CollectionView";
import { commands, libraryColumns } from "../../host";
import { sheets } from "../../state/sheets.svelte";
import { toasts } from "../../state/toasts.svelte";
import { undo } from "../../state/undo";
import { answerOf, columnsOf, wire } from "./fixtures";
import { gallery } from "./gallery.svelte";
import { collectionActions, removeCollection, removeTag, renameTag } from "./names";
import { side } from "./side.svelte";

vi.mock("../../host", () => ({
  commands: {
    library_query: vi.fn(),
    tag_rename: vi.fn(() => Promise.resolve(null)),
    tag_remove: vi.fn(() => Promise.resolve(null)),
    collection_add: vi.fn(),
    collection_list: vi.fn(() => Promise.resolve([])),
    collection_rename: vi.fn(() => Promise.resolve(null)),
    collection_remove: vi.fn(() => Promise.resolve(null)),
    collection_search: vi.fn(() => Promise.resolve(null)),
    collection_order: vi.fn(() => Promise.resolve(null)),
    asset_mark: vi.fn(() => Promise.resolve({ undo: 1, changed: 1, copies: 0, cut_off: null })),
  },
  libraryColumns: vi.fn(),
  libraryStack: vi.fn(),
  openStream: vi.fn(),
}));

const asked = vi.mocked(commands.library_query);
const collection = {
  id: 7,
  name: "art",
  text: "collection=art",
  saved_search: false,
  count: 2,
};

/** Of what is not in the bin there is 1, in the bin there are 2 and 3. */
beforeEach(() => {
  vi.clearAllMocks();
  toasts.list = [];
  asked.mockImplementation(({ query }) =>
    Promise.resolve(answerOf([], { ticket: query.text.endsWith("is:binned") ? 2 : 1 })),
  );
  vi.mocked(libraryColumns).mockImplementation((ticket) => {
    const keys = ticket === 2 ? [2, 3] : [1];
    return Promise.resolve(
      wire({ ...columnsOf(keys.map(() => ({ at: 0 }))), keys: Uint32Array.from(keys) }),
    );
  });
  gallery.text = "red tag:art tag:artist -collection:art";
  vi.spyOn(gallery, "refresh").mockResolvedValue();
});

const texts = (): string[] => asked.mock.calls.map(([{ query }]) => query.text);

it("gives a tag back to those that had it and no others, also in the bin", async () => {
  await removeTag("for print");
  expect(texts()).toEqual(['tag="for print"', 'tag="for print" is:binned']);
  undo();
  expect(commands.asset_mark).toHaveBeenCalledWith({
    keys: [1, 2, 3],
    mark: { mark: "tag_add", name: "for print" },
  });
});

it("gives a collection back with all that was in it, also in the bin", async () => {
  await removeCollection(collection);
  expect(texts()).toEqual(["collection=art", "collection=art is:binned"]);
  vi.mocked(commands.collection_add).mockResolvedValueOnce({ ...collection, id: 8 });
  undo();
  await vi.waitFor(() =>
    expect(commands.asset_mark).toHaveBeenCalledWith({
      keys: [1, 2, 3],
      mark: { mark: "collection_add", id: 8 },
    }),
  );
});

it("removes nothing that could not be given back as a whole", async () => {
  asked.mockResolvedValue(answerOf([], { whole: false }));
  await removeTag("art");
  expect(commands.tag_remove).not.toHaveBeenCalled();
  expect(toasts.list[0]).toMatchObject({ title: "Not possible right now" });
});

async function rename(begin: () => unknown, to: string): Promise<string> {
  begin();
  if (sheets.current?.kind === "name") await sheets.current.save(to);
  return gallery.text;
}

it("goes on searching for what has another name now", async () => {
  expect(await rename(() => renameTag("art"), " ink ")).toBe(
    "red tag:ink tag:artist -collection:art",
  );
  const [first] = collectionActions(collection);
  if (first === undefined || first === "line") throw new Error("There is no way to rename it.");
  expect(await rename(first.run, "two words")).toBe(
    'red tag:ink tag:artist -collection:"two words"',
  );
});

const saved = { id: 9, name: "inked", text: "tag:art red", saved_search: true, count: 2 };

/** Does what a menu of a collection offers under this text. */
function choose(of: CollectionView, text: string): boolean {
  const item = collectionActions(of).find((one) => one !== "line" && one.text === text);
  if (item === undefined || item === "line") return false;
  item.run();
  return true;
}

it("names what has another name in saved searches as well", async () => {
  vi.mocked(commands.collection_list).mockResolvedValue([collection, saved]);
  await rename(() => renameTag("art"), "ink");
  expect(vi.mocked(commands.collection_search).mock.calls).toEqual([
    [{ id: 9, text: "tag:ink red" }],
  ]);
});

it("moves a collection up and down in its own list, where it is seen", async () => {
  const other = { ...collection, id: 11 };
  const found = { ...saved, id: 10 };
  vi.mocked(commands.collection_list).mockResolvedValue([collection, saved, found, other]);
  await side.loadCollections();
  const cases = [
    { of: collection, up: null, down: [11, 9, 10, 7] },
    { of: other, up: [11, 9, 10, 7], down: null },
    { of: saved, up: null, down: [7, 10, 9, 11] },
    { of: found, up: [7, 10, 9, 11], down: null },
  ];
  for (const { of, up, down } of cases)
    for (const [text, ids] of [
      ["Move up", up],
      ["Move down", down],
    ] as const) {
      vi.mocked(commands.collection_order).mockClear();
      expect(choose(of, text), `${of.id} ${text}`).toBe(ids !== null);
      expect(vi.mocked(commands.collection_order).mock.calls).toEqual(
        ids === null ? [] : [[{ ids }]],
      );
    }
});

it("puts a removed collection back where it was", async () => {
  vi.mocked(commands.collection_list).mockResolvedValue([collection, saved]);
  await side.loadCollections();
  await removeCollection(collection);
  vi.mocked(commands.collection_add).mockResolvedValueOnce({ ...collection, id: 8 });
  undo();
  await vi.waitFor(() =>
    expect(commands.collection_order).toHaveBeenLastCalledWith({ ids: [8, 9] }),
  );
});

it("saves the present search in a saved one, and takes that back", async () => {
  expect(choose(collection, "Save the present search in it")).toBe(false);
  gallery.text = saved.text;
  expect(choose(saved, "Save the present search in it")).toBe(false);
  gallery.text = "blue ";
  expect(choose(saved, "Save the present search in it")).toBe(true);
  expect(commands.collection_search).toHaveBeenLastCalledWith({ id: 9, text: "blue" });
  await vi.waitFor(() => expect(toasts.list[0]?.title).toBe("inked finds something else"));
  undo();
  expect(commands.collection_search).toHaveBeenLastCalledWith({ id: 9, text: "tag:art red" });
});
