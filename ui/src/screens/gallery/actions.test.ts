import { beforeEach, describe, expect, it, vi } from "vitest";
import type { AssetDetail } from "../../bindings/AssetDetail";
import type { AssetView } from "../../bindings/AssetView";
import type { JobView } from "../../bindings/JobView";
import { commands, writeClipboard } from "../../host";
import type { MenuItem } from "../../lib/Menu.svelte";
import { app } from "../../state/app.svelte";
import { toasts } from "../../state/toasts.svelte";
import { undo } from "../../state/undo";
import { aboutFile } from "../report/fixtures";
import { openCompare, openJob, openNodes } from "../../state/places";
import { route } from "../../state/route.svelte";
import { sheets } from "../../state/sheets.svelte";
import {
  compare,
  compareWith,
  copyCells,
  copyFact,
  copyFacts,
  COPY_MAX,
  copyWorkflowsOf,
  openEditors,
  openExport,
  rerunCells,
  revealCells,
  sendAsInput,
  sendCells,
  viewNodes,
} from "./actions";
import { actionsFor } from "./menu";
import { dragging } from "./dragging.svelte";
import { answerOf, cellOf } from "./fixtures";
import { gallery } from "./gallery.svelte";
import { KeySet } from "./key-set";
import { rerun, RERUN_MAX } from "./rerun";

vi.mock("../../host", () => ({
  commands: {
    asset_copy_files: vi.fn(),
    asset_reveal_all: vi.fn(),
    asset_rerun: vi.fn(),
    asset_detail: vi.fn(),
    asset_get: vi.fn(),
    asset_paths: vi.fn(),
    asset_drag: vi.fn(),
    job_cancel: vi.fn(() => Promise.resolve(null)),
    job_remove: vi.fn(() => Promise.resolve(null)),
    library_cells: vi.fn(),
    library_members: vi.fn(),
    library_query: vi.fn(),
    workflow_copy_all: vi.fn(),
  },
  writeClipboard: vi.fn(() => Promise.resolve()),
}));
vi.mock("../../state/places", () => ({
  openCompare: vi.fn(),
  openJob: vi.fn(),
  openNodes: vi.fn(),
  openViewer: vi.fn(),
}));
vi.mock("../../state/toasts.svelte", () => ({ toasts: { add: vi.fn() } }));

const again = vi.mocked(commands.asset_rerun);
const told = vi.mocked(toasts.add);
const written = vi.mocked(writeClipboard);
const item = aboutFile("a");

beforeEach(() => {
  again.mockReset();
  told.mockReset();
  written.mockClear();
});

describe("compare", () => {
  it.each([
    ["picture", "picture", true],
    ["picture", "video", true],
    ["video", "video", true],
    ["video", "audio", false],
    ["model", "picture", false],
  ])(
    "shows pictures and videos beside each other, without a second question: a %s and a %s, %s",
    async (one, other, shown) => {
      const kinds = [one, other] as const;
      const cells = kinds.map((kind, at) => cellOf(at + 1, { kind } as never));
      vi.mocked(commands.library_cells).mockResolvedValueOnce(cells);
      vi.mocked(openCompare).mockClear();
      vi.mocked(commands.library_cells).mockClear();
      const from = route.current;
      const compared = compare([1, 2]);
      // The artist goes elsewhere meanwhile.
      route.hash = `#/job/${one}${other}`;
      await compared;
      expect(vi.mocked(openCompare).mock.calls).toEqual(shown ? [["id-1", "id-2", from]] : []);
      const said = { title: "Only pictures and videos can be compared" };
      expect(told.mock.calls).toEqual(shown ? [] : [[expect.objectContaining(said)]]);
      expect(commands.library_cells).toHaveBeenCalledTimes(1);
      expect(commands.asset_get).not.toHaveBeenCalled();
    },
  );

  it("goes from where it was asked for to the neighbour", async () => {
    vi.mocked(openCompare).mockClear();
    vi.mocked(commands.library_cells).mockResolvedValueOnce([cellOf(2)]);
    vi.spyOn(gallery, "neighbour").mockReturnValueOnce(2).mockReturnValueOnce(null);
    const from = route.current;
    const compared = compareWith(cellOf(1));
    route.hash = "#/job/neighbour";
    await compared;
    expect(vi.mocked(openCompare).mock.calls).toEqual([["id-1", "id-2", from]]);
  });
});

describe("rerun", () => {
  it("queues all at once, counts what was queued, and leads to it", async () => {
    again.mockResolvedValueOnce({
      items: [
        { ...item, job_id: "j" },
        { ...item, standing: "refused", message: "No workflow is known of it." },
      ],
      left_out: 0,
      batch_id: "b",
      cut_off: null,
    });
    await rerun(["1", "2"]);
    expect(again.mock.calls[0]?.[0]).toMatchObject({ ids: ["1", "2"], new_seed: false });
    const [toast] = told.mock.calls[0] ?? [];
    expect([toast?.title, toast?.text]).toEqual([
      "1 job queued again",
      "1 could not be queued. No workflow is known of it.",
    ]);
    toast?.action?.run();
    expect(openJob).toHaveBeenCalledWith("j");
  });

  it("takes back what was queued of several, also where a server has some already", async () => {
    const items = ["a", "b"].map((job_id) => ({ ...item, job_id }));
    again.mockResolvedValueOnce({ items, left_out: 0, batch_id: "b", cut_off: null });
    await rerun(["1", "2"], true);
    expect(again.mock.calls[0]?.[0].new_seed).toBe(true);
    const [toast] = told.mock.calls[0] ?? [];
    expect(toast?.title).toBe("2 jobs queued with a new seed");
    expect(toast?.action?.label).toBe("Undo");
    const at = { a: "held", b: "running" };
    vi.spyOn(app, "job").mockImplementation(
      (id) => ({ state: { kind: at[id as "a" | "b"] } }) as JobView,
    );
    toast?.action?.run();
    await vi.waitFor(() => expect(commands.job_cancel).toHaveBeenCalledWith({ ids: ["b"] }));
    expect(commands.job_remove).toHaveBeenCalledWith({ ids: ["a", "b"] });
  });

  it("says what was queued where it was broken off, and goes on with the same batch", async () => {
    const items = ["a", "b"].map((job_id) => ({ ...item, job_id }));
    const cut_off = { left: 8800, why: null };
    again.mockResolvedValueOnce({ items, left_out: 0, batch_id: "b", cut_off });
    const ids = Array.from({ length: 10_000 }, (_, at) => String(at));
    await rerun(ids);
    const [toast] = told.mock.calls[0] ?? [];
    expect(toast).toMatchObject({
      title: "1,200 of 10,000 queued",
      text: "8,800 are not queued, since you stopped it.",
      stays: true,
    });
    vi.spyOn(app, "job").mockReturnValue(undefined);
    undo();
    await vi.waitFor(() => expect(commands.job_remove).toHaveBeenCalledWith({ ids: ["a", "b"] }));

    const failed = { left: 1, why: "The disk is full." };
    again.mockResolvedValueOnce({ items: [], left_out: 0, batch_id: null, cut_off: failed });
    toast?.action?.run();
    await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(2));
    expect(again.mock.calls[1]).toEqual(again.mock.calls[0]);
    expect(told.mock.lastCall?.[0]).toMatchObject({
      tone: "bad",
      title: "Nothing was queued",
      text: "1 is not queued. The disk is full.",
    });
  });

  it("says that nothing was queued, and asks nothing for nothing", async () => {
    await rerun([]);
    expect(again).not.toHaveBeenCalled();
    again.mockRejectedValueOnce({ message: "The output is gone." });
    await rerun(["1"]);
    expect(told.mock.calls[0]?.[0]).toMatchObject({ tone: "bad", text: "The output is gone." });
  });
});

describe("what made a picture", () => {
  const detail = vi.mocked(commands.asset_detail);
  const of = (asset: object): AssetDetail => ({ asset }) as AssetDetail;

  it("shows its nodes, or says that its file holds none", async () => {
    detail.mockResolvedValueOnce(of({ workflow: "abc" }));
    await viewNodes(1);
    expect(openNodes).toHaveBeenCalledWith("abc");
    detail.mockResolvedValueOnce(of({ workflow: null }));
    await viewNodes(1);
    expect(told.mock.calls[0]?.[0]).toMatchObject({ title: "No workflow" });
  });

  it("copies its texts, or says that there are none", async () => {
    detail.mockResolvedValue(of({ facts: { prompt: "a lamp", negative: null, seed: "7" } }));
    await copyFact(1, "prompt");
    await copyFact(1, "seed");
    await copyFact(1, "negative");
    expect(written.mock.calls).toEqual([["a lamp"], ["7"]]);
    expect(told.mock.calls.at(-1)?.[0].title).toBe("No negative prompt");
  });
});

it("copies the texts of several, a line each, and of no end of them none", async () => {
  vi.mocked(commands.library_cells).mockResolvedValueOnce([cellOf(1), cellOf(2), cellOf(3)]);
  const made = (id: string, prompt: string | null): AssetView =>
    ({ id, facts: { prompt } }) as AssetView;
  vi.mocked(commands.asset_get).mockResolvedValueOnce([
    made("id-3", "a pot"),
    made("id-2", null),
    made("id-1", "a lamp,\nlit"),
  ]);
  await copyFacts([1, 2, 3], "prompt");
  expect(written).toHaveBeenCalledWith("a lamp, lit\na pot");
  expect(told.mock.lastCall?.[0]).toMatchObject({
    title: "Copied 2 prompts",
    text: "1 output had no prompt.",
  });
  await copyFacts(
    Array.from({ length: COPY_MAX + 1 }, (_, at) => at),
    "seed",
  );
  expect(told.mock.lastCall?.[0].title).toBe("Too many at once");
  expect(written).toHaveBeenCalledTimes(1);
});

describe("the files of several", () => {
  const copied = vi.mocked(commands.asset_copy_files);
  const shown = vi.mocked(commands.asset_reveal_all);

  it("are copied, and it is said which cannot be reached", async () => {
    copied.mockResolvedValueOnce(3).mockResolvedValueOnce(1);
    await copyCells([1, 2, 3]);
    expect(told.mock.lastCall?.[0]).toMatchObject({ title: "Copied 3 files", text: "" });
    await copyCells([1, 2, 3]);
    expect(told.mock.lastCall?.[0]).toMatchObject({
      tone: "warn",
      title: "Copied 1 file",
      text: "2 outputs left out: the files cannot be reached now.",
    });
    const many = Array.from({ length: COPY_MAX + 1 }, (_, at) => at);
    copied.mockClear();
    await copyCells(many);
    expect(told.mock.lastCall?.[0]).toMatchObject({
      title: "Too many at once",
      text: "At most 10,000 files are copied at once; 10,001 outputs are selected.",
    });
    expect(copied).not.toHaveBeenCalled();
  });

  it("are shown in their folders, and it is said where these are too many or files are away", async () => {
    const cases = [
      { files: 3, folders: 10, said: [] },
      { files: 3, folders: 12, said: ["10 of 12 folders opened"] },
      { files: 1, folders: 1, said: ["2 outputs left out"] },
    ];
    for (const { said, ...answer } of cases) {
      told.mockClear();
      shown.mockResolvedValueOnce(answer);
      await revealCells([1, 2, 3]);
      expect(told.mock.calls.map(([{ title }]) => title)).toEqual(said);
    }
  });

  it("are offered for several, and of one that is no picture", () => {
    const texts = actionsFor(cellOf(1, { kind: "video" }), KeySet.EMPTY);
    expect(texts.find((one) => one !== "line" && one.keys === "Ctrl C")).toMatchObject({
      text: "Copy file",
    });
  });
});

describe("the workflows of several", () => {
  const copied = vi.mocked(commands.workflow_copy_all);
  const item = (text: string, chosen: number[], cell = cellOf(1)): MenuItem | undefined =>
    actionsFor(cell, KeySet.of(chosen)).find((one) => one !== "line" && one.text === text);
  const run = (text: string, chosen: number[]): void => {
    const found = item(text, chosen);
    if (found === undefined || found === "line") throw new Error(`no ${text}`);
    found.run();
  };
  const all = { left_out: { outputs: 0, why: null }, cut_off: null };

  it("are copied at once, and it is said how many they are and who had none", async () => {
    copied.mockResolvedValueOnce({ ...all, workflows: 2 });
    run("Copy workflows of 3", [1, 2, 3]);
    await vi.waitFor(() => expect(told).toHaveBeenCalled());
    expect(copied.mock.lastCall?.[0]).toEqual({ keys: [1, 2, 3] });
    expect(told.mock.lastCall?.[0]).toMatchObject({ tone: "plain", title: "Copied 2 workflows" });
    const failed = { code: "internal", message: "No clipboard." };
    copied.mockRejectedValueOnce(failed);
    await copyWorkflowsOf([1, 2]);
    expect(told.mock.lastCall?.[0]).toMatchObject({ tone: "bad", text: "No clipboard." });
    expect(written).not.toHaveBeenCalled();
  });

  it("are copied one choice at a time: a second one is told so at once", async () => {
    copied.mockClear();
    for (const answer of [
      () => Promise.resolve({ ...all, workflows: 3 }),
      () => Promise.reject(new Error("No clipboard.")),
    ]) {
      let end: () => void = () => undefined;
      copied.mockReturnValueOnce(new Promise<void>((go) => (end = go)).then(answer));
      told.mockClear();
      const first = copyWorkflowsOf([1, 2, 3]);
      await copyWorkflowsOf([4, 5]);
      expect(copied.mock.calls).toEqual([[{ keys: [1, 2, 3] }]]);
      expect(told.mock.calls.map(([{ text }]) => text)).toEqual([
        "Workflows are being copied already. Wait until that is done, or stop it.",
      ]);
      end();
      await first;
      copied.mockClear();
      expect(told).toHaveBeenCalledTimes(2);
    }
    copied.mockResolvedValueOnce({ ...all, workflows: 2 });
    await copyWorkflowsOf([4, 5]);
    expect(copied.mock.calls).toEqual([[{ keys: [4, 5] }]]);
  });

  it("are opened by one sheet, and of one as ever", async () => {
    run("Open 3 in ComfyUI's own page…", [1, 2, 3]);
    await vi.waitFor(() => expect(sheets.current).toEqual({ kind: "editor", keys: [1, 2, 3] }));
    run("Open in ComfyUI's own page…", []);
    expect(sheets.current).toEqual({ kind: "editor", keys: [1] });
  });

  it("are no end of them neither copied nor opened, and it is said why", async () => {
    const many = Array.from({ length: COPY_MAX + 1 }, (_, at) => at + 1);
    for (const text of ["Copy workflows of 10,001", "Open 10,001 in ComfyUI's own page…"])
      expect(item(text, many)).toMatchObject({ off: true, why: "At most 10,000 at once." });
    sheets.close();
    copied.mockClear();
    await copyWorkflowsOf(many);
    await openEditors(many);
    expect(told.mock.calls.map(([{ text }]) => text)).toEqual([
      "At most 10,000 workflows are copied at once; 10,001 outputs are selected.",
      "At most 10,000 workflows are opened at once; 10,001 outputs are selected.",
    ]);
    expect([copied.mock.calls.length, sheets.current]).toEqual([0, null]);
    expect(item("Copy workflow", [])).not.toHaveProperty("off", true);
  });
});

it("sends pictures as inputs by their files, and says which cannot be reached", async () => {
  const paths = ["/p/id-1.png", "/p/id-2.png"];
  vi.mocked(commands.asset_paths).mockResolvedValue(paths);
  vi.mocked(commands.library_cells).mockResolvedValue([cellOf(1), cellOf(2)]);
  await sendAsInput([1, 2]);
  expect(sheets.current).toEqual({ kind: "pictures", paths, what: "2 pictures", jobs: 2 });
  expect(told).not.toHaveBeenCalled();
  await sendAsInput([1, 2, 3]);
  expect(told.mock.lastCall?.[0].title).toBe("1 output left out");
  expect(sheets.current).toMatchObject({ kind: "pictures", jobs: 2 });
  // What is left out does not count for the word.
  const films = [
    cellOf(1, { kind: "video" }),
    cellOf(2, { kind: "video" }),
    cellOf(3, { away: true }),
  ];
  vi.mocked(commands.library_cells).mockResolvedValue(films);
  await sendAsInput([1, 2, 3]);
  expect(sheets.current).toMatchObject({ what: "2 videos" });
  vi.mocked(commands.library_cells).mockRejectedValueOnce(new Error("busy"));
  await sendAsInput([1, 2]);
  expect(sheets.current).toMatchObject({ what: "2 outputs" });
});

it("runs all that are chosen again, if the picture is among them", () => {
  const texts = (chosen: number[], cell = cellOf(1)): string[] =>
    actionsFor(cell, KeySet.of(chosen)).flatMap((one) => (one === "line" ? [] : one.text));
  expect(texts([1, 2])).toEqual(
    expect.arrayContaining(["Rerun 2", "Rerun 2 with a new seed", "Compare", "Export 2…"]),
  );
  // What is for one only says for which.
  expect(texts([1, 2])).toEqual(
    expect.arrayContaining([
      "Open Picture 1",
      "View nodes of Picture 1",
      "Copy 2 negative prompts",
      "Copy 2 files",
      "Copy workflows of 2",
      "Open 2 in ComfyUI's own page…",
      "Show 2 files in their folders",
    ]),
  );
  expect(texts([2, 3])).toContain("Rerun");
  expect(texts([2, 3])).not.toContain("Compare");
  expect(texts([])).toEqual(expect.arrayContaining(["View nodes", "Pick", "Move to bin"]));
  expect(texts([], cellOf(1, { binned: true, flag: 1 }))).toEqual(
    expect.arrayContaining(["Not picked any more", "Take out of the bin"]),
  );
});

describe("a closed stack", () => {
  const members = vi.mocked(commands.library_members);
  const texts = (chosen: number[], alone = false): string[] =>
    actionsFor(cellOf(1), KeySet.of(chosen), alone).flatMap((one) =>
      one === "line" || one.off ? [] : one.text,
    );
  const show = async (stack: number): Promise<void> => {
    const first = [cellOf(1, { stack }), cellOf(2)];
    vi.mocked(commands.library_query).mockResolvedValueOnce(answerOf([1, 2], { first }));
    await gallery.refresh();
  };

  beforeEach(async () => {
    await show(3);
    // As the library has them: the newest first.
    members.mockReset().mockResolvedValue([1, 12, 11]);
    vi.mocked(commands.asset_paths).mockImplementation(({ keys }) =>
      Promise.resolve(keys.map(String)),
    );
    vi.mocked(commands.library_cells).mockImplementation(({ keys }) =>
      Promise.resolve(keys.map((key) => cellOf(key))),
    );
  });

  it("is run again with all in it", async () => {
    again.mockResolvedValueOnce({ items: [], left_out: 0, batch_id: "b", cut_off: null });
    await rerunCells([1], true);
    expect(members.mock.lastCall?.[0].keys).toEqual([1]);
    expect(again.mock.lastCall?.[0]).toMatchObject({
      ids: ["id-1", "id-12", "id-11"],
      new_seed: true,
    });
  });

  it("is run again only when it is meant, where it is many", async () => {
    members.mockResolvedValueOnce(Array.from({ length: 2500 }, (_, at) => at + 1));
    await rerunCells([1], true);
    expect(again).not.toHaveBeenCalled();
    const asked = sheets.current;
    if (asked?.kind !== "ask") throw new Error("nothing is asked");
    expect([asked.title, asked.confirm]).toEqual([
      "Rerun 2,500 outputs with new seeds?",
      "Queue 2,500 again",
    ]);
    again.mockResolvedValueOnce({ items: [], left_out: 0, batch_id: "b", cut_off: null });
    asked.go();
    await vi.waitFor(() => expect(again.mock.lastCall?.[0].ids.length).toBe(2500));
  });

  it("is not run again where that is too many", async () => {
    members.mockResolvedValueOnce(Array.from({ length: RERUN_MAX + 1 }, (_, at) => at + 1));
    await rerunCells([1]);
    expect(again).not.toHaveBeenCalled();
    expect(told.mock.lastCall?.[0].title).toBe("Too many at once");
    await show(RERUN_MAX + 1);
    expect(texts([]).filter((text) => /^(Rerun|Send)/.test(text))).toEqual([]);
  });

  it("is exported, sent and dragged with all in it", async () => {
    await openExport([1, 2]);
    expect(sheets.current).toEqual({ kind: "export", keys: [1, 12, 11, 2] });
    await sendCells([1]);
    expect(sheets.current).toMatchObject({ kind: "pictures", jobs: 3 });
    await openEditors([1, 2]);
    expect(sheets.current).toEqual({ kind: "editor", keys: [1, 12, 11, 2] });
    const workflows = vi.mocked(commands.workflow_copy_all);
    workflows.mockRejectedValueOnce({ message: "no" });
    await copyWorkflowsOf([1, 2]);
    expect(workflows.mock.lastCall?.[0].keys).toEqual([1, 12, 11, 2]);
    dragging.start(new Event("dragstart") as DragEvent, [1]);
    await vi.waitFor(() => expect(commands.asset_drag).toHaveBeenCalledWith({ keys: [1, 12, 11] }));
    // Onto a tag it goes as what was taken hold of: the mark asks for what is in it.
    expect(dragging.keys).toEqual([1]);
  });

  it("says in its menu for how many each action is, unless one is looked at alone", () => {
    expect(texts([])).toEqual(
      expect.arrayContaining([
        "Rerun 3",
        "Rerun 3 with a new seed",
        "Send 3 as input…",
        "Favourite 3",
        "Export 3…",
        "Move 3 to bin",
        "Copy picture",
      ]),
    );
    expect(texts([1, 2])).toEqual(
      expect.arrayContaining(["Rerun 4", "Export 4…", "Copy workflows of 4"]),
    );
    expect(texts([], true)).toEqual(expect.arrayContaining(["Rerun", "Export…", "Move to bin"]));
  });

  it("is the picture alone where that is looked at alone", async () => {
    const run = (text: string): unknown =>
      actionsFor(cellOf(1), KeySet.EMPTY, true).find((one) => one !== "line" && one.text === text);
    (run("Export…") as { run: () => void }).run();
    expect(sheets.current).toEqual({ kind: "export", keys: [1] });
    again.mockResolvedValueOnce({ items: [], left_out: 0, batch_id: "b", cut_off: null });
    (run("Rerun") as { run: () => void }).run();
    await vi.waitFor(() => expect(again.mock.lastCall?.[0].ids).toEqual(["id-1"]));
    expect(members).not.toHaveBeenCalled();
  });
});
