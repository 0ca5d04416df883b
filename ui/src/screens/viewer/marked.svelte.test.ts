/** A mark on what is looked at makes another cell of it: what plays or turns goes on. */
import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import { commands } from "../../host";
import { cellOf, NoSizes } from "../gallery/fixtures";
import { modelPictures } from "../gallery/model-pictures";
import Tile from "../gallery/Tile.svelte";
import { lookedOf } from "./attention.svelte";
import { looking } from "./looking.svelte";
import { Playable } from "./playable.svelte";
import Show from "./Show.svelte";

const solid = vi.hoisted(() => ({ open: vi.fn() }));
vi.mock("./solid", () => solid);
vi.mock("../../host", () => ({
  mediaUrl: (path: string) => `media:/${path}`,
  commands: { asset_get: vi.fn(() => Promise.resolve([{ bytes: 4, path: "a.glb" }])) },
}));
vi.stubGlobal("ResizeObserver", NoSizes);
vi.stubGlobal("matchMedia", () => ({ matches: false }));
vi.stubGlobal("fetch", () => Promise.resolve(new Response("[]")));
vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(800);
HTMLMediaElement.prototype.pause = vi.fn();
HTMLImageElement.prototype.decode = () => Promise.resolve();

const opened = { facts: "", resize: vi.fn(), turn: vi.fn(), close: vi.fn() };
const tile = {
  ...{ of: 1, stack: 1, position: 1, count: 1, top: 0, left: 0, width: 200, height: 150 },
  ...{ selected: false, preview: false, tabbable: true },
};
const model = { ...cellOf(1, { kind: "model" }), path: "a.glb" };

it.each(["video", "audio"] as const)("opens %s once, alone", async (kind) => {
  const open = vi.spyOn(Playable.prototype, "open");
  open.mockClear();
  const props = $state({ b: lookedOf(cellOf(1, { kind })) });
  const shown = mount(Show, { target: document.body, props });
  flushSync();
  // Its path is told later, and then it is renamed.
  for (const now of [
    lookedOf(cellOf(1, { kind }), "a.x"),
    lookedOf(cellOf(1, { kind, title: "B" })),
  ]) {
    props.b = now;
    flushSync();
  }
  expect(open.mock.calls).toEqual([["id-1"]]);
  props.b = lookedOf(cellOf(2, { kind }));
  flushSync();
  expect(open.mock.calls).toEqual([["id-1"], ["id-2"]]);
  await unmount(shown);
});

it("opens two films once that are compared", async () => {
  const open = vi.spyOn(Playable.prototype, "open");
  open.mockClear();
  looking.mode = "side";
  const of = (key: number) => lookedOf(cellOf(key, { kind: "video" }));
  const props = $state({ b: of(2), a: of(1) });
  const shown = mount(Show, { target: document.body, props });
  flushSync();
  Object.assign(props, { b: of(2), a: of(1) });
  flushSync();
  expect(open.mock.calls.flat().sort()).toEqual(["id-1", "id-2"]);
  await unmount(shown);
});

it("opens a 3D file once, and anew where its path says more", async () => {
  solid.open.mockReset().mockResolvedValue(opened);
  const props = $state({ b: lookedOf(model) });
  const shown = mount(Show, { target: document.body, props });
  flushSync();
  const endings = (): unknown[] => solid.open.mock.calls.map((call) => call[2] as unknown);
  await vi.waitFor(() => expect(endings()).toEqual([""]));
  props.b = lookedOf(model, "a.obj");
  await vi.waitFor(() => expect(endings()).toEqual(["", "obj"]));
  opened.close.mockClear();
  props.b = lookedOf({ ...model, rating: 3 }, "a.obj");
  flushSync();
  expect(opened.close).not.toHaveBeenCalled();
  await unmount(shown);
});

it.each([
  ["a film", cellOf(1, { kind: "video" }), "video"],
  ["an animated picture", cellOf(1, { duration_ms: 900 }), "[data-testid=cell-animated]"],
  ["a 3D file", cellOf(1, { kind: "model" }), "canvas"],
])("goes on with %s on hover", async (_, cell, what) => {
  vi.spyOn(modelPictures, "want").mockImplementation(({ tell }) => {
    tell({ url: "data:image/png;base64,AAAA", edge: 256 });
    return () => {};
  });
  const open = vi.spyOn(Playable.prototype, "open");
  open.mockClear();
  solid.open.mockReset().mockResolvedValue(opened);
  const props = $state({ ...tile, cell });
  const shown = mount(Tile, { target: document.body, props });
  flushSync();
  vi.useFakeTimers();
  document.querySelector(".tile")?.dispatchEvent(new Event("pointerenter"));
  vi.runAllTimers();
  vi.useRealTimers();
  await vi.waitFor(() => expect(document.querySelector(what)).not.toBe(null));
  const begun = (): number =>
    open.mock.calls.length +
    solid.open.mock.calls.length +
    vi.mocked(commands.asset_get).mock.calls.length;
  await vi.waitFor(() => expect(begun()).toBeGreaterThan(0));
  const [before, element] = [begun(), document.querySelector(what)];
  props.cell = { ...cell, rating: 3 };
  flushSync();
  expect(begun()).toBe(before);
  expect(document.querySelector(what)).toBe(element);
  await unmount(shown);
});

it("keeps a waveform as it is", async () => {
  const cell = cellOf(1, { kind: "audio" });
  const props = $state({ ...tile, cell });
  const shown = mount(Tile, { target: document.body, props });
  const wave = (): Element | null => document.querySelector(".print svg");
  await vi.waitFor(() => expect(wave()).not.toBe(null));
  const before = wave();
  props.cell = { ...cell, rating: 3 };
  flushSync();
  expect(wave()).toBe(before);
  await unmount(shown);
});
