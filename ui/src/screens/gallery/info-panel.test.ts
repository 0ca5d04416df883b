import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { LibraryCell } from "../../bindings/LibraryCell";
import { commands } from "../../host";
import { type IconName, icons } from "../../lib/icons";
import { recipe } from "../viewer/fixtures";
import { kindOf } from "./cell-words";
import { answerOf, cellOf, detailOf } from "./fixtures";
import { gallery } from "./gallery.svelte";
import InfoPanel from "./InfoPanel.svelte";
import { KeySet } from "./key-set";
import { NO_WORKFLOW } from "./rerun";

vi.mock("../../host", () => ({
  commands: {
    asset_detail: vi.fn(),
    asset_mark: vi.fn(() => Promise.resolve({ undo: 1, changed: 1, copies: 0, cut_off: null })),
    library_cells: vi.fn(() => Promise.resolve([])),
    library_query: vi.fn(),
  },
  libraryColumns: vi.fn(),
  libraryStack: vi.fn(),
  mediaUrl: (path: string) => `media:/${path}`,
}));

const asked = vi.mocked(commands.asset_detail);
let shown: object | null = null;

/** The gallery shows these, of which the first is looked at. */
async function show(...cells: LibraryCell[]): Promise<void> {
  const keys = cells.map(({ key }) => key);
  vi.mocked(commands.library_query).mockResolvedValue(answerOf(keys, { first: cells }));
  await gallery.refresh();
  gallery.selected = KeySet.EMPTY;
  gallery.focusOn(keys[0] ?? null);
  shown = mount(InfoPanel, { target: document.body, props: { now: 0 } });
  await pass(100);
}
async function pass(ms: number): Promise<void> {
  flushSync();
  await vi.advanceTimersByTimeAsync(ms);
  flushSync();
}
const panel = (): HTMLElement =>
  document.querySelector("[data-testid=info-panel]") ?? document.body;
const title = (): string => panel().querySelector(".title")?.textContent ?? "";
const source = (): string | undefined =>
  panel().querySelector("img")?.getAttribute("src") ?? undefined;

beforeEach(() => {
  vi.clearAllMocks();
  vi.useFakeTimers();
  gallery.text = "";
  asked.mockImplementation(({ key }) => Promise.resolve(detailOf(key)));
});
afterEach(async () => {
  if (shown !== null) await unmount(shown);
  shown = null;
  vi.useRealTimers();
});

it("asks for what is looked at once, and after a while for the next", async () => {
  await show(cellOf(1), cellOf(2), cellOf(3));
  await pass(1000);
  expect(asked.mock.calls).toEqual([[{ key: 1 }]]);
  gallery.focusOn(2);
  await pass(30);
  gallery.focusOn(3);
  await pass(1000);
  expect(asked.mock.calls).toEqual([[{ key: 1 }], [{ key: 3 }]]);
  expect(title()).toBe("Picture 3");
});

it("names the checkpoint, and apart from it what else was used", async () => {
  const detail = detailOf(1);
  detail.asset.facts = recipe({
    models: ["sd/base.safetensors"],
    other_models: ["ae.safetensors", "4x.pth"],
  }).facts;
  asked.mockResolvedValue(detail);
  await show(cellOf(1));
  const rows = [...panel().querySelectorAll("dt")].map((name): [string, string] => [
    name.textContent,
    name.nextElementSibling?.getAttribute("title") ?? "",
  ]);
  expect(rows.slice(0, 3)).toEqual([
    ["Checkpoint", "sd/base.safetensors"],
    ["Also used", "ae.safetensors"],
    ["", "4x.pth"],
  ]);
});

it("shows nothing of the one before where the one that is looked at is gone", async () => {
  await show(cellOf(1), cellOf(2));
  asked.mockRejectedValueOnce({ message: "Gone." });
  gallery.focusOn(2);
  await pass(100);
  expect(title()).toBe("");
  expect(panel().textContent).toContain("This output is not in the library any more.");
  expect(panel().querySelectorAll("button")).toHaveLength(0);
  gallery.focusOn(1);
  await pass(100);
  expect(title()).toBe("Picture 1");
});

it("shows the small picture where the large one is missing, and tries anew when the disk is back", async () => {
  await show(cellOf(1, { away: true }));
  asked.mockResolvedValue(detailOf(1, { away: true }));
  const fail = (): void => {
    panel().querySelector("img")?.dispatchEvent(new Event("error"));
    flushSync();
  };
  expect(source()).toBe("media:/asset/id-1/large");
  fail();
  expect(source()).toBe("media:/asset/id-1/thumb");
  fail();
  expect(source()).toBe(undefined);
  const back = answerOf([1], { first: [cellOf(1)], revision: 2 });
  vi.mocked(commands.library_query).mockResolvedValue(back);
  vi.mocked(commands.library_cells).mockResolvedValue([cellOf(1)]);
  await gallery.refresh();
  await pass(100);
  expect(source()).toBe("media:/asset/id-1/large");
});

it("searches for a tag beside what is searched for, once", async () => {
  await show(cellOf(1));
  const search = vi.spyOn(gallery, "search").mockImplementation((text) => {
    gallery.text = text;
  });
  gallery.text = "red";
  const word = (): void => panel().querySelector<HTMLElement>(".tag .word")?.click();
  word();
  word();
  expect(search.mock.calls).toEqual([["red tag=print"]]);
  search.mockRestore();
});

it("marks what it shows", async () => {
  await show(cellOf(1), cellOf(2));
  panel().querySelector<HTMLElement>("[data-testid=info-favourite]")?.click();
  await pass(0);
  expect(commands.asset_mark).toHaveBeenCalledWith({
    keys: [1],
    mark: { mark: "favourite", on: true },
  });
  panel().querySelector<HTMLElement>("[aria-label='Take the tag print away']")?.click();
  await pass(0);
  expect(commands.asset_mark).toHaveBeenLastCalledWith({
    keys: [1],
    mark: { mark: "tag_remove", name: "print" },
  });
});

const button = (testid: string): HTMLButtonElement | null =>
  panel().querySelector(`[data-testid=${testid}]`);

it.each([
  { known: "nothing", part: {}, says: NO_WORKFLOW },
  { known: "its workflow", part: { workflow: "w" }, says: null },
  { known: "its job", part: { job_id: "j" }, says: null },
])("runs again only what it is known of how: $known", async ({ part, says }) => {
  const detail = detailOf(1);
  Object.assign(detail.asset, part);
  asked.mockResolvedValue(detail);
  await show(cellOf(1));
  for (const testid of ["info-rerun", "info-remix"]) {
    expect(button(testid)?.disabled).toBe(says !== null);
    if (says !== null) expect(button(testid)?.title).toBe(says);
  }
});

it("runs a stack again, though nothing is known of the one in front", async () => {
  await show(cellOf(1, { stack: 4 }));
  expect(button("info-rerun")?.disabled).toBe(false);
  expect(button("info-remix")?.disabled).toBe(true);
});

it("has no heading over nothing", async () => {
  const headings = (): string[] =>
    [...panel().querySelectorAll("h4")].map(({ textContent }) => textContent.trim());
  await show(cellOf(1));
  expect(headings()).not.toContain("Made with");
  const detail = detailOf(2);
  detail.asset.duration_ms = 2000;
  asked.mockResolvedValue(detail);
  gallery.focusOn(2);
  await pass(100);
  expect(headings()).toContain("Made with");
});

it("says in full why there is no picture of a video", async () => {
  const why = "There is no picture of this file: ffmpeg is not installed.";
  const fetched = vi.fn(() => Promise.resolve(new Response(why, { status: 422 })));
  vi.stubGlobal("fetch", fetched);
  asked.mockResolvedValue(detailOf(1, { kind: "video" }));
  await show(cellOf(1, { kind: "video" }));
  for (let at = 0; at < 2; at += 1) {
    panel().querySelector("img")?.dispatchEvent(new Event("error"));
    flushSync();
  }
  await pass(0);
  expect(panel().querySelector("[data-testid=info-why]")?.textContent).toBe(why);
  const drawn = panel().querySelector(".large svg")?.innerHTML ?? "";
  const has = (name: IconName): boolean =>
    icons[name].every(([, { d }]) => d === undefined || drawn.includes(String(d)));
  expect([has("image-off"), has(kindOf("video").icon)]).toEqual([false, true]);
  vi.unstubAllGlobals();
});

it("shows how a text begins", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("A lamp, red.")));
  asked.mockResolvedValue(detailOf(1, { kind: "text" }));
  await show(cellOf(1, { kind: "text" }));
  expect(panel().querySelector("[data-testid=cell-text]")?.textContent).toBe("A lamp, red.");
  vi.unstubAllGlobals();
});

it.each([
  { workflow_title: "Bouquet", says: "Bouquet" },
  { workflow_title: null, says: "View nodes" },
])("calls a workflow $says, and not like the output", async ({ workflow_title, says }) => {
  const detail = { ...detailOf(1), workflow_title };
  detail.asset.workflow = "f".repeat(64);
  asked.mockResolvedValue(detail);
  await show(cellOf(1));
  expect(panel().querySelector("[data-testid=facts-nodes]")?.textContent).toBe(says);
});
