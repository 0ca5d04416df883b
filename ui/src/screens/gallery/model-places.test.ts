import { flushSync, mount, unmount, type Component } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { AssetDetail } from "../../bindings/AssetDetail";
import type { AssetKind } from "../../bindings/AssetKind";
import type { AssetView } from "../../bindings/AssetView";
import type { WorkflowView } from "../../bindings/WorkflowView";
import Palette from "../../frame/Palette.svelte";
import { commands } from "../../host";
import { jobOf } from "../job/fixtures";
import JobSide from "../job/JobSide.svelte";
import NewJobSide from "../newjob/NewJobSide.svelte";
import NewRow from "../newjob/NewRow.svelte";
import PicturesSheet from "../pictures/PicturesSheet.svelte";
import Cell from "../sheet/Cell.svelte";
import Family from "../viewer/Family.svelte";
import Filmstrip from "../viewer/Filmstrip.svelte";
import { recipe } from "../viewer/fixtures";
import WorkflowRow from "../workflows/WorkflowRow.svelte";
import Chip from "./Chip.svelte";
import { answerOf, cellOf, columnsOf, NoSizes } from "./fixtures";
import { gallery } from "./gallery.svelte";
import InfoPanel from "./InfoPanel.svelte";
import ListRow from "./ListRow.svelte";
import { modelPictures } from "./model-pictures";

vi.mock("../../host", () => ({
  commands: {
    asset_detail: vi.fn(),
    asset_get: vi.fn(),
    job_list: vi.fn(() => Promise.resolve([])),
    library_cells: vi.fn(),
    library_query: vi.fn(),
    workflow_list: vi.fn(),
  },
  libraryColumns: vi.fn(),
  libraryStack: vi.fn(),
  mediaUrl: (path: string) => `media:/${path}`,
  openStream: vi.fn(),
}));
vi.mock("three", () => {
  throw new Error("It is large: it is loaded when something is drawn, and not with the screens.");
});

const want = vi.spyOn(modelPictures, "want");
const gone = vi.fn();
let shown: object | null = null;

beforeEach(() => {
  want.mockReset().mockReturnValue(gone);
  gone.mockReset();
  vi.stubGlobal("ResizeObserver", NoSizes);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(200);
  HTMLDialogElement.prototype.showModal = vi.fn();
  HTMLDialogElement.prototype.close = vi.fn();
});
afterEach(async () => {
  if (shown !== null) await unmount(shown);
  shown = null;
  document.body.innerHTML = "";
});

const facts = recipe().facts;
const noop = (): void => {};
const assetOf = (kind: AssetKind, part: Partial<AssetView> = {}): AssetView =>
  ({ id: "id-1", kind, title: "Sail", path: "Sail.glb", facts, ...part }) as AssetView;
const workflowOf = (kind: AssetKind): WorkflowView =>
  ({
    structure: "s",
    title: "Sail",
    facts,
    source: null,
    runs: 1,
    nodes: 1,
    last: assetOf(kind),
  }) as WorkflowView;
const rowOf = (kind: AssetKind) =>
  ({ key: "k", section: "", kind: "workflow", workflow: workflowOf(kind) }) as const;
/** A component, and what it is given to show an output of a kind, whose file is away or not. */
function show<P extends Record<string, unknown>>(component: Component<P>, props: P): void {
  shown = mount(component, { target: document.body, props });
  flushSync();
}
function side(part: Partial<Record<"assets" | "siblings", AssetView[]>>): void {
  const job = jobOf({ state: { kind: "ended", of: "succeeded" } });
  const detail = { job, progress: {}, events: [], assets: [], previews: [], siblings: [], ...part };
  show(JobSide, { job, detail: detail as never, previews: [], now: 0 });
}
function sheetCell(kind: AssetKind, among: number): void {
  show(Cell as Component<Record<string, unknown>>, {
    cell: { at: [0], job: null, asset: assetOf(kind), reused: false, mark: null, rating: 0 },
    job: undefined,
    label: "Sail",
    look: { scale: 1, x: 0.5, y: 0.5 },
    on: false,
    column: 1,
    among,
    ...{ onlook: noop, onfocus: noop, onopen: noop, onspot: noop, onrate: noop },
  });
}

type Place = (kind: AssetKind, away: boolean) => void;
/** Where a picture is shown, whether it is known there that its file is away, and for how many pixels. */
const PLACES: readonly (readonly [name: string, place: Place, knows: boolean, edge: number])[] = [
  [
    "a row of the gallery's list",
    (kind, away) =>
      show(ListRow, {
        of: 1,
        cell: cellOf(1, { kind, away }),
        ...{ stack: 1, position: 1, count: 1, top: 0, height: 48, now: 0 },
        ...{ selected: false, preview: false, tabbable: true },
      }),
    true,
    256,
  ],
  [
    "a token of the search",
    (kind, away) => {
      vi.mocked(commands.library_cells).mockResolvedValue([cellOf(1, { kind, away })]);
      show(Chip, { text: "like:1", problem: null, onchange: noop, onkeydown: noop });
    },
    true,
    256,
  ],
  [
    "the info panel",
    (kind, away) => {
      const cell = cellOf(1, { kind, away });
      const lists = { places: [], tags: [], collections: [], widgets: [], alike: [] };
      const workflow_title = null;
      vi.mocked(commands.asset_detail).mockResolvedValue({
        ...{ key: 1, cell, asset: assetOf(kind), workflow_title, made_from: [], went_into: [] },
        ...lists,
      } as AssetDetail);
      vi.spyOn(gallery, "looked", "get").mockReturnValue(1);
      show(InfoPanel, { now: 0 });
    },
    true,
    512,
  ],
  [
    "the filmstrip",
    (kind, away) => {
      vi.spyOn(gallery, "cell").mockReturnValue(cellOf(1, { kind, away }));
      vi.spyOn(gallery, "want").mockReturnValue();
      const columns = columnsOf([{ at: 0 }]);
      show(Filmstrip, { columns, at: 0, a: null, onpick: noop, onpickA: noop });
    },
    true,
    256,
  ],
  [
    "the family of an output",
    (kind, away) => {
      vi.mocked(commands.asset_get).mockResolvedValue([]);
      const cell = cellOf(1, { kind, away });
      const made_from = [cellOf(2, { kind: "text" })];
      const detail = { cell, made_from, went_into: [], alike: [] };
      show(Family, { detail: detail as never, onopen: noop, onsearch: noop });
    },
    true,
    256,
  ],
  ["the outputs of a job", (kind) => side({ assets: [assetOf(kind)] }), false, 256],
  [
    "the previews of a job",
    (kind) => side({ assets: [assetOf(kind, { preview: true })] }),
    false,
    256,
  ],
  ["others of a job's workflow", (kind) => side({ siblings: [assetOf(kind)] }), false, 256],
  [
    "a row of the workflows",
    (kind) =>
      show(WorkflowRow, {
        workflow: workflowOf(kind),
        ...{ pos: 1, of: 1, tabbable: true, checked: false, now: 0, oncheck: noop, onmenu: noop },
      }),
    false,
    256,
  ],
  [
    "a row of a new job",
    (kind) =>
      show(NewRow, {
        row: rowOf(kind),
        ...{ id: "row", on: false, onchoose: noop, onopen: noop, ondiscard: noop },
      }),
    false,
    256,
  ],
  [
    "beside a new job",
    (kind) =>
      show(NewJobSide, {
        row: rowOf(kind),
        ...{ cannot: null, start: null, busy: false, server: null, model: "", loras: 1 },
        onopen: noop,
      }),
    false,
    512,
  ],
  [
    "the workflows that take pictures",
    (kind) => {
      const page = { workflows: [workflowOf(kind)], total: 1 };
      vi.mocked(commands.workflow_list).mockResolvedValue(page as never);
      show(PicturesSheet, { paths: ["a.png"], what: "1 picture", jobs: 1, onclose: noop });
    },
    false,
    256,
  ],
  ["a cell of a sheet", (kind) => sheetCell(kind, 12), false, 256],
  ["a cell of a sheet by itself", (kind) => sheetCell(kind, 1), false, 512],
  [
    "what the search of the title bar finds",
    (kind, away) => {
      vi.mocked(commands.workflow_list).mockResolvedValue({ workflows: [] } as never);
      const first = [cellOf(1, { kind, away })];
      vi.mocked(commands.library_query).mockResolvedValue(answerOf([1], { first }));
      show(Palette, { commands: [], onclose: noop });
      const field = document.querySelector<HTMLInputElement>("[data-testid=palette]");
      if (field === null) throw new Error("There is a field.");
      field.value = "sail";
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    },
    true,
    256,
  ],
];

const pictures = (): string[] =>
  [...document.querySelectorAll("img")].map((picture) => picture.getAttribute("src") ?? "");
const has = (what: string): boolean => document.querySelector(what) !== null;

it.each(PLACES)("shows a 3D file as it was drawn: %s", async (_, place, knows, edge) => {
  place("model", true);
  await vi.waitFor(() => expect(want).toHaveBeenCalled());
  const wish = want.mock.lastCall?.[0];
  expect(wish).toMatchObject({ id: "id-1", edge, away: knows });
  expect(document.body.contains(wish?.element ?? null)).toBe(true);
  // The icon until it is there, and if it cannot be drawn.
  expect([pictures(), has(".model > svg")]).toEqual([[], true]);
  wish?.tell({ url: "data:image/png;base64,AAAA", edge });
  flushSync();
  expect([pictures(), has(".model > svg")]).toEqual([["data:image/png;base64,AAAA"], false]);
  wish?.tell(null);
  flushSync();
  expect([pictures(), has(".model > svg"), has("canvas")]).toEqual([[], true, false]);
  // Out of sight it is not drawn.
  expect(gone).not.toHaveBeenCalled();
  if (shown !== null) await unmount(shown);
  shown = null;
  expect(gone).toHaveBeenCalledTimes(want.mock.calls.length);
});

it.each(PLACES)("shows no picture of a sound, and draws none: %s", async (_, place) => {
  place("audio", false);
  await vi.waitFor(() => expect(document.body.innerHTML).toMatch(/Picture 1|Sail/));
  expect([pictures(), want.mock.calls.length]).toEqual([[], 0]);
});

it.each(PLACES)("shows a picture as ever: %s", async (_, place) => {
  place("picture", false);
  await vi.waitFor(() =>
    expect(pictures()).toEqual([expect.stringMatching(/^media:\/asset\/id-1\/(thumb|large)$/)]),
  );
  expect(want).not.toHaveBeenCalled();
});
