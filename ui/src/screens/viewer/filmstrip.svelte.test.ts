import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import { answerOf, columnsOf, NoSizes } from "../gallery/fixtures";
import { gallery } from "../gallery/gallery.svelte";
import { modelPictures } from "../gallery/model-pictures";
import Filmstrip from "./Filmstrip.svelte";

vi.mock("../../host", () => ({
  commands: {},
  libraryColumns: vi.fn(),
  libraryStack: vi.fn(),
  mediaUrl: (path: string) => `media:/${path}`,
}));

it("asks for its outputs again when the library changed", async () => {
  vi.stubGlobal("ResizeObserver", NoSizes);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(200);
  const want = vi.spyOn(gallery, "want").mockReturnValue();
  const columns = columnsOf(Array.from({ length: 3 }, (_, at) => ({ at })));
  const props = { columns, at: 1, a: null, onpick: vi.fn(), onpickA: vi.fn() };
  const shown = mount(Filmstrip, { target: document.body, props });
  flushSync();
  expect(want.mock.calls).toEqual([[[1, 2, 3]]]);
  gallery.answer = answerOf([1, 2, 3]);
  flushSync();
  expect(want.mock.calls).toEqual([[[1, 2, 3]], [[1, 2, 3]]]);
  await unmount(shown);
});

it("draws no 3D file while it is walked or pushed", async () => {
  vi.stubGlobal("ResizeObserver", NoSizes);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(200);
  vi.spyOn(gallery, "want").mockReturnValue();
  const scrolled = vi.spyOn(modelPictures, "scrolled");
  const columns = columnsOf(Array.from({ length: 20 }, (_, at) => ({ at })));
  const props = $state({ columns, at: 3, a: null, onpick: vi.fn(), onpickA: vi.fn() });
  const shown = mount(Filmstrip, { target: document.body, props });
  flushSync();
  const moves: (() => unknown)[] = [
    () => (props.at = 4),
    () =>
      document
        .querySelector("[data-testid=filmstrip]")
        ?.dispatchEvent(new WheelEvent("wheel", { deltaY: 90 })),
  ];
  for (const move of moves) {
    scrolled.mockClear();
    move();
    flushSync();
    expect(scrolled).toHaveBeenCalled();
  }
  await unmount(shown);
});
