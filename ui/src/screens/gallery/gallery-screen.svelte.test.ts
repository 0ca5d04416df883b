/** When the gallery asks for what. */
import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { commands } from "../../host";
import { app } from "../../state/app.svelte";
import { answerOf, NoSizes } from "./fixtures";
import { gallery } from "./gallery.svelte";
import GalleryScreen from "./GalleryScreen.svelte";
import { PREVIEWS } from "./previews";

vi.mock("../../host", async (original) => {
  const nothing = (): Promise<unknown[]> => Promise.resolve([]);
  return {
    ...(await original<object>()),
    commands: new Proxy<Record<string, unknown>>(
      {},
      { get: (made, name) => (made[String(name)] ??= vi.fn(nothing)) },
    ),
  };
});

let moves = $state(0);
vi.spyOn(app, "libraryMoves", "get").mockImplementation(() => moves);
const query = vi.mocked(commands.library_query);
let shown: ReturnType<typeof mount>;

const asked = (text: string): number =>
  query.mock.calls.filter(([{ query }]) => query.text === text).length;

/** The library answers so from now on. */
function answers(whole: boolean): void {
  query.mockImplementation(() => Promise.resolve(answerOf([1, 2], { whole })));
}

async function settled(): Promise<void> {
  await tick();
  await new Promise((resolve) => setTimeout(resolve));
  flushSync();
}

beforeEach(() => {
  vi.stubGlobal("ResizeObserver", NoSizes);
  query.mockReset();
});

afterEach(async () => {
  await unmount(shown);
  vi.unstubAllGlobals();
});

it("asks for the pictures first, and counts previews once the library is read", async () => {
  answers(false);
  shown = mount(GalleryScreen, { target: document.body });
  // Before anything is drawn, and nothing else.
  expect(query).toHaveBeenCalledTimes(1);
  expect(commands.collection_list).not.toHaveBeenCalled();
  flushSync();
  await settled();
  expect(commands.collection_list).toHaveBeenCalledTimes(1);
  expect(asked(PREVIEWS)).toBe(0);
  // That the library is read is told as a move.
  answers(true);
  moves += 1;
  flushSync();
  await vi.waitFor(() => expect(gallery.answer?.whole).toBe(true));
  await settled();
  expect(asked(PREVIEWS)).toBe(1);
  moves += 1;
  await settled();
  expect(asked(PREVIEWS)).toBe(2);
});
