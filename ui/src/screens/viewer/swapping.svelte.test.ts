import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import { commands } from "../../host";
import { cellOf, NoSizes } from "../gallery/fixtures";
import { gallery } from "../gallery/gallery.svelte";
import { looking } from "./looking.svelte";
import ViewerScreen from "./ViewerScreen.svelte";

vi.mock("../../host", () => ({
  mediaUrl: (path: string) => `media:/${path}`,
  commands: {
    asset_detail: () => new Promise(() => {}),
    library_cells: vi.fn(),
    library_query: () => new Promise(() => {}),
  },
}));
vi.stubGlobal(
  "ResizeObserver",
  class extends NoSizes {
    disconnect = vi.fn();
  },
);
vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(800);
HTMLMediaElement.prototype.pause = vi.fn();

const stage = (): Element | null => document.querySelector("[data-testid=stage]");
const titleOf = (testid: string): string | null | undefined =>
  document.querySelector(`video[data-testid=${testid}]`)?.getAttribute("aria-label");
/** Which films are compared: A, then B. */
const compared = (): unknown[] => [titleOf("viewer-image-a"), titleOf("viewer-image")];

it("keeps two films on their stage while they are swapped, or another A is chosen", async () => {
  vi.mocked(commands.library_cells).mockImplementation(({ keys }) =>
    Promise.resolve(keys.map((key) => cellOf(key, { kind: "video", title: `Film ${key}` }))),
  );
  gallery.want([1, 2, 3]);
  await vi.waitFor(() => expect(gallery.cell(3)).toBeDefined());
  looking.mode = "side";
  const props = $state({ id: "id-1+id-2" });
  const shown = mount(ViewerScreen, { target: document.body, props });
  await vi.waitFor(() => expect(compared()).toEqual(["Film 1", "Film 2"]));
  const before = stage();
  for (const [id, a, b] of [
    ["id-2+id-1", "Film 2", "Film 1"],
    ["id-3+id-1", "Film 3", "Film 1"],
  ] as const) {
    props.id = id;
    // The library has told nothing about them yet.
    flushSync();
    expect(stage()).toBe(before);
    expect(titleOf("viewer-image-a")).toBeDefined();
    await vi.waitFor(() => expect(compared()).toEqual([a, b]));
    expect(stage()).toBe(before);
  }
  // Nothing is compared any more: what it was compared with is not kept.
  props.id = "id-1";
  flushSync();
  expect(titleOf("viewer-image-a")).toBeUndefined();
  await unmount(shown);
});
