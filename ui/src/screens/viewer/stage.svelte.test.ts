/** What the viewer does when something changes, or cannot be done, while an output is looked at. */
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { AssetDetail } from "../../bindings/AssetDetail";
import type { LibraryCell } from "../../bindings/LibraryCell";
import { commands } from "../../host";
import { toasts } from "../../state/toasts.svelte";
import { answerOf, cellOf, detailOf, NoSizes } from "../gallery/fixtures";
import { gallery } from "../gallery/gallery.svelte";
import ViewerScreen from "./ViewerScreen.svelte";

vi.mock("../../host", () => ({
  mediaUrl: (path: string) => `media:/${path}`,
  libraryStack: () => new Promise(() => {}),
  commands: {
    asset_detail: vi.fn(() => new Promise(() => {})),
    library_cells: vi.fn(),
    library_query: vi.fn(() => new Promise(() => {})),
  },
}));

HTMLImageElement.prototype.decode = () => Promise.resolve();
const cells = new Map<number, LibraryCell>();
const fetched = vi.fn<(url: string) => Promise<Response>>();
let shown: object | null = null;

beforeEach(() => {
  location.hash = "";
  cells.clear();
  vi.stubGlobal("fetch", fetched.mockReset());
  vi.stubGlobal("ResizeObserver", NoSizes);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(800);
  vi.mocked(commands.library_cells).mockImplementation(({ keys }) =>
    Promise.resolve(keys.flatMap((key) => cells.get(key) ?? [])),
  );
});
afterEach(async () => {
  if (shown !== null) await unmount(shown);
  shown = null;
});

/** The library changed, and says nothing of these outputs by itself. */
function change(...now: LibraryCell[]): void {
  for (const cell of now) cells.set(cell.key, cell);
  gallery.refreshSoon("arrival");
  gallery.answer = answerOf([]);
  flushSync();
}

async function show(looked: LibraryCell, ...others: LibraryCell[]): Promise<void> {
  for (const cell of [looked, ...others]) cells.set(cell.key, cell);
  gallery.refreshSoon("arrival");
  gallery.want(cells.keys());
  await vi.waitFor(() => expect(gallery.cell(looked.key)).toEqual(looked));
  shown = mount(ViewerScreen, { target: document.body, props: { id: looked.id } });
  flushSync();
}

it("opens a file anew that came back, and for no other change of what is known", async () => {
  const text = { kind: "text" as const };
  const texts = (): Promise<Response> => Promise.resolve(new Response("It is here."));
  fetched.mockImplementation(() => Promise.resolve(new Response("", { status: 404 })));
  await show(cellOf(41, { ...text, away: true }));
  await vi.waitFor(() => expect(document.body.textContent).toContain("cannot be read"));
  expect(fetched).toHaveBeenCalledTimes(1);
  fetched.mockImplementation(texts);
  change(cellOf(41, text));
  await vi.waitFor(() => expect(document.body.textContent).toContain("It is here."));
  expect(fetched).toHaveBeenCalledTimes(2);
  for (const part of [{ rating: 4 }, { title: "Words" }, { away: true }]) {
    change(cellOf(41, { ...text, ...part }));
    await vi.waitFor(() => expect(gallery.cell(41)).toMatchObject(part));
    flushSync();
    expect(fetched).toHaveBeenCalledTimes(2);
  }
});

it.each([
  { looked: "text", key: "c" },
  { looked: "text", key: "click" },
  { looked: "picture", key: "click" },
] as const)("says what cannot be compared: $looked by $key", async ({ looked, key }) => {
  const told = vi.spyOn(toasts, "add").mockReturnValue();
  fetched.mockImplementation(() => Promise.resolve(new Response("text")));
  const other = cellOf(52, { kind: looked === "text" ? "picture" : "audio" });
  const first = [cellOf(51, { kind: looked }), other];
  vi.mocked(commands.library_query).mockResolvedValueOnce(answerOf([51, 52], { first, cells: 2 }));
  await gallery.refresh();
  await show(cellOf(51, { kind: looked }), other);
  await vi.waitFor(() => expect(document.querySelector("#film-1")).not.toBe(null));
  told.mockClear();
  if (key === "c") dispatchEvent(new KeyboardEvent("keydown", { key }));
  else
    document
      .querySelector("#film-1")
      ?.dispatchEvent(new MouseEvent("click", { ctrlKey: true, bubbles: true }));
  await vi.waitFor(() =>
    expect(told).toHaveBeenCalledWith(
      expect.objectContaining({ title: "Only pictures and videos can be compared" }),
    ),
  );
  expect(location.hash).toBe("");
});

it("offers to run again what it is known of how, also while that is not known yet", async () => {
  fetched.mockImplementation(() => Promise.resolve(new Response("text")));
  const off = (): unknown[] =>
    ["viewer-rerun", "viewer-remix"].map(
      (testid) => document.querySelector<HTMLButtonElement>(`[data-testid=${testid}]`)?.disabled,
    );
  let tell: (detail: AssetDetail) => void = () => {};
  const told = new Promise<AssetDetail>((resolve) => (tell = resolve));
  vi.mocked(commands.asset_detail).mockReturnValueOnce(told);
  await show(cellOf(61, { kind: "text" }));
  await vi.waitFor(() => expect(off()).toEqual([false, false]));
  tell(detailOf(61, { kind: "text" }));
  await vi.waitFor(() => expect(off()).toEqual([true, true]));
  if (shown !== null) await unmount(shown);
  const known = detailOf(62, { kind: "text" });
  known.asset.job_id = "j";
  vi.mocked(commands.asset_detail).mockResolvedValueOnce(known);
  await show(cellOf(62, { kind: "text" }));
  await vi.waitFor(() => expect(document.body.textContent).toContain("Open job"));
  expect(off()).toEqual([false, false]);
});
