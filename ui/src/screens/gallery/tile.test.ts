import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import type { LibraryCell } from "../../bindings/LibraryCell";
import { cellOf } from "./fixtures";
import Tile from "./Tile.svelte";

vi.mock("../../host", () => ({
  mediaUrl: (path: string) => `media:/${path}`,
  commands: { asset_get: () => Promise.resolve([{ bytes: 4 }]) },
}));

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
