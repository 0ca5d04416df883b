import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import { cellOf } from "./fixtures";
import Tile from "./Tile.svelte";

vi.mock("../../host", () => ({ mediaUrl: (path: string) => `media:/${path}`, commands: {} }));

afterEach(() => vi.unstubAllGlobals());

async function broken(status: number, text: string, width = 200, away = false): Promise<string[]> {
  const fetched = vi.fn(() => Promise.resolve(new Response(text, { status })));
  vi.stubGlobal("fetch", fetched);
  const props = {
    of: 1,
    cell: cellOf(1, { away }),
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
  };
  const shown = mount(Tile, { target: document.body, props });
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
