import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LibraryCell } from "../../bindings/LibraryCell";
import { commands } from "../../host";
import { type IconName, icons } from "../../lib/icons";
import { cellOf } from "./fixtures";
import { modelPictures } from "./model-pictures";
import Tile from "./Tile.svelte";

vi.mock("../../host", () => ({
  mediaUrl: (path: string) => `media:/${path}`,
  commands: { asset_get: vi.fn(() => Promise.resolve([{ bytes: 4, path: "sail.glb" }])) },
}));
const solid = vi.hoisted(() => ({ open: vi.fn() }));
vi.mock("../viewer/solid", () => solid);

afterEach(() => vi.unstubAllGlobals());

const propsOf = (part: Partial<LibraryCell>, width: number) => ({
  of: 1,
  cell: cellOf(1, part),
  stack: 1,
  position: 1,
  count: 1,
  top: 0,
  left: 0,
  width,
  height: 150,
  selected: false,
  preview: false,
  tabbable: true,
});

async function broken(status: number, text: string, width = 200, away = false): Promise<string[]> {
  const fetched = vi.fn(() => Promise.resolve(new Response(text, { status })));
  vi.stubGlobal("fetch", fetched);
  const shown = mount(Tile, { target: document.body, props: propsOf({ away }, width) });
  flushSync();
  document.querySelector("img")?.dispatchEvent(new Event("error"));
  await vi.waitFor(() => expect(fetched).toHaveBeenCalledWith("media:/asset/id-1/thumb"));
  await new Promise((resolve) => setTimeout(resolve));
  flushSync();
  const said = [
    document.querySelector("[data-testid=cell-why]")?.textContent ?? "",
    document.querySelector<HTMLElement>(".none")?.title ?? "",
  ];
  await unmount(shown);
  return said;
}

it("says why a picture cannot be shown, where there is room, and on hover", async () => {
  const why = "Its PNG ends in the middle.";
  expect(await broken(422, why)).toEqual([why, why]);
  expect(await broken(422, why, 90)).toEqual(["", why]);
});

it("says what is known where the library gives no reason", async () => {
  expect((await broken(404, "Not found"))[0]).toBe("It cannot be shown.");
  expect((await broken(404, "", 200, true))[0]).toBe("Its file cannot be reached now.");
});

it("loads a picture that is there once it is asked why it is not, and gives up if that fails, too", async () => {
  const fetched = vi.fn(() => Promise.resolve(new Response("a picture")));
  vi.stubGlobal("fetch", fetched);
  const shown = mount(Tile, { target: document.body, props: propsOf({}, 200) });
  flushSync();
  const picture = (): HTMLImageElement | null => document.querySelector(".tile img");
  const first = picture();
  first?.dispatchEvent(new Event("error"));
  flushSync();
  expect(picture()).toBe(null);
  // Another element loads it anew.
  await vi.waitFor(() => expect(picture()).not.toBe(null));
  expect(picture()).not.toBe(first);
  expect(document.querySelector("[data-testid=cell-why]")).toBe(null);
  picture()?.dispatchEvent(new Event("error"));
  flushSync();
  await Promise.allSettled(fetched.mock.results.map(({ value }) => value as unknown));
  await new Promise((resolve) => setTimeout(resolve));
  flushSync();
  expect(fetched).toHaveBeenCalledTimes(2);
  expect(picture()).toBe(null);
  expect(document.querySelector("[data-testid=cell-why]")?.textContent).toBe("It cannot be shown.");
  await unmount(shown);
});

it("plays a video on hover, from memory where its file does not play, and gives that back", async () => {
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("film")));
  URL.createObjectURL = () => "blob:film";
  const revoked = (URL.revokeObjectURL = vi.fn());
  const shown = mount(Tile, { target: document.body, props: propsOf({ kind: "video" }, 200) });
  flushSync();
  const tile = document.querySelector(".tile");
  const source = (): string => document.querySelector("video")?.getAttribute("src") ?? "";
  tile?.dispatchEvent(new Event("pointerenter"));
  await vi.waitFor(() => expect(source()).toBe("media:/asset/id-1/original"));
  document.querySelector("video")?.dispatchEvent(new Event("error"));
  await vi.waitFor(() => expect(source()).toBe("blob:film"));
  tile?.dispatchEvent(new Event("pointerleave"));
  flushSync();
  expect(document.querySelector("video")).toBe(null);
  expect(revoked).toHaveBeenCalledWith("blob:film");
  await unmount(shown);
});

it("plays a video that there is no small picture of, unless its disk is away", async () => {
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("no decoder", { status: 422 })));
  for (const away of [false, true]) {
    const props = propsOf({ kind: "video", away }, 200);
    const shown = mount(Tile, { target: document.body, props });
    flushSync();
    document.querySelector("img")?.dispatchEvent(new Event("error"));
    await vi.waitFor(() => expect(document.querySelector(".none")).not.toBe(null));
    vi.useFakeTimers();
    document.querySelector(".tile")?.dispatchEvent(new Event("pointerenter"));
    vi.runAllTimers();
    vi.useRealTimers();
    flushSync();
    expect(document.querySelector("video") === null).toBe(away);
    await unmount(shown);
  }
});

it("says in its corner that it is away and how long it is, as far as there is room", async () => {
  const cases: [Partial<LibraryCell>, number, string | null, IconName][] = [
    [{ kind: "video", duration_ms: 18_000 }, 200, "0:18", "play"],
    [{ kind: "video", duration_ms: 18_000, away: true }, 200, "away · 0:18", "cloud-off"],
    [{ kind: "audio", duration_ms: 8_000, away: true }, 60, "0:08", "cloud-off"],
    [{ away: true }, 200, "away", "cloud-off"],
    [{ away: true }, 60, "", "cloud-off"],
    [{}, 200, null, "play"],
  ];
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("[]")));
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  for (const [part, width, text, icon] of cases) {
    const shown = mount(Tile, { target: document.body, props: propsOf(part, width) });
    flushSync();
    const badge = document.querySelector(".badge.br");
    expect(badge?.textContent.trim() ?? null).toBe(text);
    const [shape] = icons[icon].map(([, { d }]) => d).filter((d) => d !== undefined);
    if (badge !== null) expect(badge.innerHTML).toContain(shape);
    await unmount(shown);
  }
});

/** The pointer rests on the tile. */
function rest(): void {
  vi.useFakeTimers();
  document.querySelector(".tile")?.dispatchEvent(new Event("pointerenter"));
  vi.runAllTimers();
  vi.useRealTimers();
  flushSync();
}
const animated = (): string | undefined =>
  document.querySelector("[data-testid=cell-animated]")?.getAttribute("src") ?? undefined;

it("plays an animated picture on hover, and no still one, none that is too large, none that is away", async () => {
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  const asked = vi.mocked(commands.asset_get);
  const MB = 1024 * 1024;
  const cases = [
    { part: { duration_ms: 1500 }, bytes: 64 * MB, plays: true },
    { part: { duration_ms: 1500 }, bytes: 64 * MB + 1, plays: false },
    { part: { duration_ms: 1500, away: true }, bytes: 4, plays: false },
    { part: { duration_ms: null }, bytes: 4, plays: false },
  ];
  for (const { part, bytes, plays } of cases) {
    asked.mockClear().mockResolvedValueOnce([{ bytes }] as never);
    const shown = mount(Tile, { target: document.body, props: propsOf(part, 200) });
    flushSync();
    expect(animated()).toBe(undefined);
    rest();
    await Promise.allSettled(asked.mock.results.map(({ value }) => value as unknown));
    flushSync();
    expect(animated()).toBe(plays ? "media:/asset/id-1/original" : undefined);
    document.querySelector(".tile")?.dispatchEvent(new Event("pointerleave"));
    flushSync();
    expect(animated()).toBe(undefined);
    await unmount(shown);
  }
});

describe("a text", () => {
  const said = (): string | undefined =>
    document.querySelector("[data-testid=cell-text]")?.textContent ?? undefined;
  const hasIcon = (): boolean => document.querySelector(".print > .none svg") !== null;
  const tile = (id: string, part: Partial<LibraryCell> = {}): object =>
    mount(Tile, {
      target: document.body,
      props: propsOf({ id, kind: "text", w: 0, h: 0, ...part }, 200),
    });

  it("is shown by how it begins, and by its icon until that is there", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("A lamp,\nred.")));
    const shown = tile("words");
    flushSync();
    expect([said(), hasIcon()]).toEqual([undefined, true]);
    await vi.waitFor(() => expect(said()).toBe("A lamp,\nred."));
    expect(hasIcon()).toBe(false);
    await unmount(shown);
  });

  it.each([
    { what: "cannot be read", answer: [404, "Not found"], part: {}, asks: 1 },
    { what: "is empty", answer: [200, " \n"], part: {}, asks: 1 },
    { what: "is away", answer: [200, "A lamp."], part: { away: true }, asks: 0 },
  ] as const)(
    "is its icon where it $what",
    async ({ what, answer: [status, body], part, asks }) => {
      const fetched = vi.fn(() => Promise.resolve(new Response(body, { status })));
      vi.stubGlobal("fetch", fetched);
      const shown = tile(what, part);
      flushSync();
      await new Promise((resolve) => setTimeout(resolve));
      flushSync();
      expect([said(), hasIcon()]).toEqual([undefined, true]);
      expect(fetched).toHaveBeenCalledTimes(asks);
      await unmount(shown);
    },
  );
});

describe("a 3D file", () => {
  const props = propsOf({ kind: "model", w: 0, h: 0 }, 200);
  const drawn = { url: "data:image/png;base64,AAAA", edge: 256 };
  beforeEach(() => void vi.mocked(commands.asset_get).mockReset());
  const has = (what: string): boolean => document.querySelector(`.tile ${what}`) !== null;

  it("is shown by its icon until it is drawn, or if it cannot be", async () => {
    const want = vi.spyOn(modelPictures, "want").mockReturnValue(() => {});
    const shown = mount(Tile, { target: document.body, props });
    flushSync();
    expect([has("svg"), has("img")]).toEqual([true, false]);
    want.mock.lastCall?.[0].tell(drawn);
    flushSync();
    expect(document.querySelector("[data-testid=cell-model]")?.getAttribute("src")).toBe(drawn.url);
    want.mock.lastCall?.[0].tell(null);
    flushSync();
    expect([has("svg"), has("img")]).toEqual([true, false]);
    await unmount(shown);
  });

  it("is shown while its drive is away if it was drawn before, and does not turn", async () => {
    const want = vi.spyOn(modelPictures, "want").mockImplementation(({ tell }) => {
      tell(drawn);
      return () => {};
    });
    vi.stubGlobal("matchMedia", () => ({ matches: false }));
    const cell = propsOf({ kind: "model", w: 0, h: 0, away: true }, 200);
    const shown = mount(Tile, { target: document.body, props: cell });
    flushSync();
    rest();
    expect(want.mock.lastCall?.[0].away).toBe(true);
    expect([has("[data-testid=cell-model]"), has("canvas")]).toEqual([true, false]);
    await unmount(shown);
  });

  it("turns on hover, unless less motion is wanted, and gives the graphics card back", async () => {
    vi.spyOn(modelPictures, "want").mockImplementation(({ tell }) => {
      tell(drawn);
      return () => {};
    });
    const opened = { resize: vi.fn(), turn: vi.fn(), close: vi.fn() };
    solid.open.mockResolvedValue(opened);
    vi.stubGlobal("matchMedia", () => ({ matches: true }));
    const shown = mount(Tile, { target: document.body, props });
    flushSync();
    rest();
    expect(has("canvas")).toBe(false);
    vi.stubGlobal("matchMedia", () => ({ matches: false }));
    rest();
    await vi.waitFor(() => expect(opened.turn).toHaveBeenCalledWith(true));
    expect(solid.open.mock.lastCall?.slice(1, 3)).toEqual(["media:/asset/id-1/original", "glb"]);
    document.querySelector(".tile")?.dispatchEvent(new Event("pointerleave"));
    flushSync();
    expect(has("canvas")).toBe(false);
    expect(opened.close).toHaveBeenCalledTimes(1);
    await unmount(shown);
  });

  it("goes on turning when a larger picture of it comes", async () => {
    const want = vi.spyOn(modelPictures, "want").mockReturnValue(() => {});
    const opened = { resize: vi.fn(), turn: vi.fn(), close: vi.fn() };
    solid.open.mockReset().mockResolvedValue(opened);
    vi.stubGlobal("matchMedia", () => ({ matches: false }));
    const shown = mount(Tile, { target: document.body, props });
    flushSync();
    want.mock.lastCall?.[0].tell(drawn);
    rest();
    await vi.waitFor(() => expect(opened.turn).toHaveBeenCalledWith(true));
    want.mock.lastCall?.[0].tell({ ...drawn, edge: 512, url: "data:image/png;base64,BBBB" });
    flushSync();
    const picture = document.querySelector("[data-testid=cell-model]");
    expect(picture?.getAttribute("src")).toBe("data:image/png;base64,BBBB");
    expect(opened.close).not.toHaveBeenCalled();
    await unmount(shown);
    expect(opened.close).toHaveBeenCalledTimes(1);
    expect(solid.open).toHaveBeenCalledTimes(1);
  });
});
