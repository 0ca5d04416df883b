/** Tags and collections: making, renaming, removing, each taken back with Ctrl Z. */
import type { CollectionView } from "../../bindings/CollectionView";
import { commands, libraryColumns } from "../../host";
import { count } from "../../lib/format";
import type { IconName } from "../../lib/icons";
import type { MenuItem } from "../../lib/Menu.svelte";
import { attempt } from "../../state/attempt";
import { sheets } from "../../state/sheets.svelte";
import { toasts } from "../../state/toasts.svelte";
import { offerUndo } from "../../state/undo";
import { decode } from "./columns";
import { gallery } from "./gallery.svelte";
import { renamed, tokenOf } from "./search-text";
import { side } from "./side.svelte";
import { StillReading } from "./still-reading";

/** The keys of all that has a tag or is in a collection, by its token; also in the bin. */
async function keysOf(token: string): Promise<number[]> {
  const found = await Promise.all(
    [token, `${token} is:binned`].map(async (text) => {
      const query = { text, sort: "newest" as const, seed: 0, stacks: false };
      const { ticket, whole } = await commands.library_query({ query });
      if (!whole) throw new StillReading();
      return [...decode(await libraryColumns(ticket)).keys];
    }),
  );
  return found.flat();
}

/** Something has another name: what is searched for, and every saved search, names it so. */
async function renameInSearches(key: string, name: string, to: string): Promise<void> {
  gallery.search(renamed(gallery.text, key, name, to));
  for (const { id, text, saved_search } of await commands.collection_list({})) {
    const now = renamed(text, key, name, to);
    if (saved_search && now !== text) await commands.collection_search({ id, text: now });
  }
  await side.loadCollections();
}

/** Asks for another name of a tag. */
export function renameTag(name: string): void {
  sheets.current = {
    kind: "name",
    title: `Rename the tag ${name}`,
    text: "If there is a tag of that name already, it takes the outputs of both.",
    value: name,
    confirm: "Rename",
    save: async (to) => {
      await commands.tag_rename({ name, to });
      await renameInSearches("tag", name, to.trim());
    },
  };
}

/** Takes a tag from all outputs. */
export async function removeTag(name: string): Promise<void> {
  await attempt(
    (async () => {
      const keys = await keysOf(tokenOf("tag", name));
      await commands.tag_remove({ name });
      offerUndo(`The tag ${name} is removed`, `It was on ${count(keys.length, "output")}.`, () =>
        commands.asset_mark({ keys, mark: { mark: "tag_add", name } }),
      );
    })(),
  );
}

/** What can be done with a tag. */
export const tagActions = (name: string): MenuItem[] => [
  { icon: "pencil", text: "Rename or merge…", run: () => renameTag(name) },
  { icon: "trash-2", text: "Remove the tag", bad: true, run: () => void removeTag(name) },
];

/** Asks for the name of a new collection; `keys` go into it. */
export function addCollection(keys: readonly number[]): void {
  sheets.current = {
    kind: "name",
    title: "New collection",
    text:
      keys.length === 0
        ? "Put outputs into it from their menu, or drag them onto it."
        : `${count(keys.length, "output")} will be in it.`,
    value: "",
    confirm: "Make it",
    save: async (name) => {
      const { id } = await commands.collection_add({ name, text: "" });
      if (keys.length > 0)
        await commands.asset_mark({ keys: [...keys], mark: { mark: "collection_add", id } });
      await side.loadCollections();
    },
  };
}

/** Asks for a name and saves the search under it. */
export function saveSearch(): void {
  const { text } = gallery;
  sheets.current = {
    kind: "name",
    title: "Save this search",
    text: `Its name stands at the side and finds “${text}”.`,
    value: "",
    confirm: "Save",
    save: async (name) => {
      await commands.collection_add({ name, text });
      await side.loadCollections();
      toasts.add({ tone: "ok", title: `Saved as ${name}`, text });
    },
  };
}

/** Removes a collection; what is in it stays in the library. */
export async function removeCollection({
  id,
  name,
  text,
  saved_search,
}: CollectionView): Promise<void> {
  await attempt(
    (async () => {
      const keys = saved_search ? [] : await keysOf(text);
      const order = side.collections.map((one) => one.id);
      await commands.collection_remove({ id });
      await side.loadCollections();
      if (gallery.text === text) gallery.search("");
      offerUndo(`${name} is removed`, "The outputs stay in the library.", async () => {
        const again = await commands.collection_add({ name, text: saved_search ? text : "" });
        if (keys.length > 0)
          await commands.asset_mark({ keys, mark: { mark: "collection_add", id: again.id } });
        await commands.collection_order({ ids: order.map((one) => (one === id ? again.id : one)) });
        await side.loadCollections();
      });
    })(),
  );
}

/** The one above or below a collection at the side, where saved searches have a list of their own. */
function besideOf(id: number, by: -1 | 1): CollectionView | undefined {
  const searches = side.collections.find((one) => one.id === id)?.saved_search;
  const list = side.collections.filter(({ saved_search }) => saved_search === searches);
  const at = list.findIndex((one) => one.id === id);
  return at < 0 ? undefined : list[at + by];
}

/** Lets a collection or a saved search change places with the one above or below it. */
async function moveCollection(id: number, beside: number): Promise<void> {
  const ids = side.collections.map((one) =>
    one.id === id ? beside : one.id === beside ? id : one.id,
  );
  await attempt(commands.collection_order({ ids }).then(() => side.loadCollections()));
}

/** Lets a saved search find what is searched for now. */
async function saveAnew({ id, name, text: before }: CollectionView, text: string): Promise<void> {
  const set = async (to: string): Promise<void> => {
    await commands.collection_search({ id, text: to });
    await side.loadCollections();
  };
  await attempt(
    set(text).then(() => offerUndo(`${name} finds something else`, text, () => set(before))),
  );
}

const savedAnew = (collection: CollectionView, text: string): MenuItem[] =>
  collection.saved_search && text !== "" && text !== collection.text
    ? [
        {
          icon: "scan-search",
          text: "Save the present search in it",
          run: () => void saveAnew(collection, text),
        },
      ]
    : [];

function moves(id: number): MenuItem[] {
  const item = (by: -1 | 1, icon: IconName, text: string): MenuItem[] => {
    const beside = besideOf(id, by);
    return beside === undefined
      ? []
      : [{ icon, text, run: () => void moveCollection(id, beside.id) }];
  };
  return [...item(-1, "arrow-up", "Move up"), ...item(1, "arrow-down", "Move down")];
}

/** What can be done with a collection or a saved search. */
export const collectionActions = (collection: CollectionView): MenuItem[] => [
  {
    icon: "pencil",
    text: "Rename…",
    run: () => {
      const { id, name } = collection;
      sheets.current = {
        kind: "name",
        title: `Rename ${name}`,
        text: collection.saved_search ? `It finds “${collection.text}”.` : "What is in it stays.",
        value: name,
        confirm: "Rename",
        save: async (to) => {
          await commands.collection_rename({ id, name: to });
          if (collection.saved_search) await side.loadCollections();
          else await renameInSearches("collection", name, to.trim());
        },
      };
    },
  },
  ...savedAnew(collection, gallery.text.trim()),
  ...moves(collection.id),
  {
    icon: "trash-2",
    text: collection.saved_search ? "Remove the saved search" : "Remove the collection",
    bad: true,
    run: () => void removeCollection(collection),
  },
];
