import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import type { LibraryCell } from "../../bindings/LibraryCell";
import { cellOf } from "./fixtures";
import ListRow from "./ListRow.svelte";

vi.mock("../../host", () => ({ mediaUrl: (path: string) => `media:/${path}`, commands: {} }));

let shown: object | null = null;
afterEach(async () => {
  if (shown !== null) await unmount(shown);
  shown = null;
});

function show(cell: LibraryCell | undefined, stack = 1): { cell: LibraryCell | undefined } {
  const props = $state({
    of: 1,
    cell,
    stack,
    position: 3,
    count: 9,
    top: 0,
    height: 48,
    selected: true,
    preview: false,
    tabbable: true,
    now: 0,
  });
  shown = mount(ListRow, { target: document.body, props });
  flushSync();
  return props;
}
const row = (): HTMLElement => document.querySelector<HTMLElement>(".lr") ?? document.body;
const textOf = (of: string): string => row().querySelector(of)?.textContent.trim() ?? "";

it("says what is known: name, kind, size, length, how many it stands for", () => {
  show(cellOf(1, { kind: "video", w: 1280, h: 720, duration_ms: 65_000 }), 4);
  expect(textOf(".name")).toBe("Picture 1");
  expect(textOf(".about")).toBe("Video, 1280×720, 1:05");
  expect(textOf(".tag")).toBe("4");
});

it("says nothing that is not known of a sound, and shows no picture of it", () => {
  show(cellOf(1, { kind: "audio", w: 0, h: 0 }));
  expect(textOf(".about")).toBe("Sound");
  expect(row().querySelector("img")).toBe(null);
});

it("has its place among all before it is known what it is", () => {
  show(undefined);
  const names = ["role", "aria-posinset", "aria-setsize", "aria-label"];
  expect(names.map((name) => row().getAttribute(name))).toEqual(["option", "3", "9", "Output 3"]);
  expect(row().children).toHaveLength(0);
});

it("has a sign in place of a picture that cannot be shown, until its disk is back", () => {
  const props = show(cellOf(1, { away: true }));
  row().querySelector("img")?.dispatchEvent(new Event("error"));
  flushSync();
  expect(row().querySelector("img")).toBe(null);
  expect(row().querySelector(".th svg")).not.toBe(null);
  // A mark of it is no reason to try again.
  props.cell = cellOf(1, { away: true, rating: 3 });
  flushSync();
  expect(row().querySelector("img")).toBe(null);
  props.cell = cellOf(1, { away: false, rating: 3 });
  flushSync();
  expect(row().querySelector("img")?.getAttribute("src")).toBe("media:/asset/id-1/thumb");
});
