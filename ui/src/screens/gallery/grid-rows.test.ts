/** What of a gallery is in the document, and when. */
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { commands } from "../../host";
import { answerOf, cellOf, NoSizes } from "./fixtures";
import { gallery } from "./gallery.svelte";
import Grid from "./Grid.svelte";
import { modelPictures } from "./model-pictures";
import * as layout from "./layout";
import * as scrubber from "./scrub";

vi.mock("../../host", () => ({
  commands: { library_query: vi.fn(), library_cells: vi.fn(() => Promise.resolve([])) },
  libraryColumns: vi.fn(),
  libraryStack: vi.fn(),
  mediaUrl: (path: string) => `media:/${path}`,
}));
vi.mock("./layout", { spy: true });
vi.mock("./scrub", { spy: true });

const LINES = 500 / 48;
let width = 700;
vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockImplementation(() => width);
vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(500);

const cells = (): number => document.querySelectorAll("[data-testid=gallery-cell]").length;

function open(list: boolean): ReturnType<typeof mount> {
  const props = { rowHeight: 200, list, now: 0, onopen: vi.fn(), onmenu: vi.fn() };
  const shown = mount(Grid, { target: document.body, props });
  flushSync();
  return shown;
}

beforeEach(async () => {
  vi.stubGlobal("ResizeObserver", NoSizes);
  width = 700;
  vi.mocked(layout.justify).mockClear();
  vi.mocked(scrubber.scrub).mockClear();
  const first = Array.from({ length: 100 }, (_, at) => cellOf(at + 1));
  vi.mocked(commands.library_query).mockResolvedValueOnce(
    answerOf(
      first.map(({ key }) => key),
      { first },
    ),
  );
  await gallery.refresh();
});

afterEach(() => vi.unstubAllGlobals());

it("draws what is in sight, and once that was painted what is around it", async () => {
  const shown = open(true);
  expect(cells()).toBeGreaterThan(LINES);
  expect(cells()).toBeLessThan(LINES + 3);
  await vi.waitFor(() => expect(cells()).toBeGreaterThan(2 * LINES));
  await unmount(shown);
});

it("lays out nothing before it knows how wide it is, and the same once, also when it is opened again", async () => {
  width = 0;
  let shown = open(false);
  expect(cells()).toBe(0);
  await unmount(shown);
  width = 700;
  for (let at = 0; at < 2; at += 1) {
    shown = open(false);
    expect(cells()).toBeGreaterThan(5);
    await unmount(shown);
  }
  expect(layout.justify).toHaveBeenCalledTimes(1);
  // The test before may have shown the same.
  expect(vi.mocked(scrubber.scrub).mock.calls.length).toBeLessThan(2);
});

it("says that it is scrolled, so that no 3D file is drawn meanwhile", async () => {
  const scrolled = vi.spyOn(modelPictures, "scrolled");
  const shown = open(false);
  document.querySelector("[data-testid=gallery-grid]")?.dispatchEvent(new Event("scroll"));
  expect(scrolled).toHaveBeenCalledTimes(1);
  await unmount(shown);
});
