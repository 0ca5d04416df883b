import { beforeEach, describe, expect, it, vi } from "vitest";
import { commands, submitBytes } from "../host";
import { aboutFile } from "../screens/report/fixtures";
import { imported } from "./imported.svelte";
import { keepPaths, reportParts, submitFiles, submitPaths, submitText, tellReport } from "./intake";
import { route } from "./route.svelte";
import { sheets } from "./sheets.svelte";
import { toasts } from "./toasts.svelte";

vi.mock("../host", () => ({
  commands: {
    intake_submit: vi.fn(),
    intake_text: vi.fn(),
    intake_save: vi.fn(),
    settings_set: vi.fn(() => Promise.resolve({})),
  },
  submitBytes: vi.fn(),
}));

const report = (...items: ReturnType<typeof aboutFile>[]) => ({
  items,
  left_out: 0,
  batch_id: null,
  cut_off: null,
});
const good = aboutFile("a.json", { title: "A", job_id: "1" });
const look = aboutFile("b.json", { standing: "needs_look", message: "Look.", job_id: "2" });

beforeEach(() => {
  vi.clearAllMocks();
  imported.hide();
  toasts.list = [];
  sheets.close();
});

describe("a report", () => {
  it("opens where there is more to say, without taking the focus, and its message opens it again", () => {
    const { asked } = imported;
    tellReport(report(good, look));
    expect(imported.shown).toBe(true);
    expect(imported.asked).toBe(asked);
    imported.hide();
    const [toast] = toasts.list;
    expect(toast?.action?.label).toBe("Report");
    toast?.action?.run();
    expect(imported.shown).toBe(true);
    expect(imported.asked).toBe(asked + 1);
  });

  it("of one good file is a message only", () => {
    tellReport(report(good));
    expect(imported.shown).toBe(false);
    expect(toasts.list.map(({ title, text, action }) => [title, text, action])).toEqual([
      ["Added to the queue", "A", undefined],
    ]);
  });

  it("belongs to the place where it was opened", async () => {
    location.hash = "#/gallery";
    await vi.waitFor(() => expect(route.hash).toBe("#/gallery"));
    tellReport(report(look));
    expect(imported.shown).toBe(true);
    location.hash = "#/queue";
    await vi.waitFor(() => expect(imported.shown).toBe(false));
    location.hash = "#/gallery";
    await vi.waitFor(() => expect(imported.shown).toBe(true));
  });

  it("begins anew with each import, and takes in what changes", () => {
    tellReport(report(good, look));
    imported.fold(1, true);
    expect([...imported.open]).toEqual([1]);
    imported.change(1, { ...look, findings: [], message: "Mended." });
    expect(imported.report?.items[1]?.message).toBe("Mended.");
    tellReport(report(good, good));
    expect(imported.open.size).toBe(0);
  });
});

describe("what is handed in", () => {
  it("goes where it was let go", async () => {
    vi.mocked(commands.intake_submit).mockResolvedValue(report(good));
    await submitPaths(["/a"], "end");
    await submitPaths(["/a"], "next");
    await submitPaths([], "end");
    expect(
      vi.mocked(commands.intake_submit).mock.calls.map(([{ on_hold, next }]) => [on_hold, next]),
    ).toEqual([
      [false, false],
      [false, true],
    ]);
  });

  it("is kept without being queued", async () => {
    vi.mocked(commands.intake_save).mockResolvedValue(report({ ...good, job_id: null }));
    await keepPaths(["/a"]);
    expect(imported.kept).toBe(true);
    expect(toasts.list[0]?.title).toBe("Kept in the library");
  });

  it("is asked about first if it is a link", async () => {
    await submitText(" https://example.org/a.json\n");
    expect(sheets.current).toEqual({ kind: "link", url: "https://example.org/a.json" });
    expect(commands.intake_text).not.toHaveBeenCalled();
    vi.mocked(commands.intake_text).mockResolvedValue(report(good));
    await submitText("{}");
    expect(commands.intake_text).toHaveBeenCalledOnce();
  });

  it("is one batch and one report if several files are pasted, and one that fails stops none", async () => {
    const file = (name: string): File =>
      ({ name, arrayBuffer: () => Promise.resolve(new ArrayBuffer(1)) }) as unknown as File;
    vi.mocked(submitBytes)
      .mockResolvedValueOnce(report(good))
      .mockRejectedValueOnce({ message: "Too large." })
      .mockResolvedValueOnce(report(look));
    await submitFiles([file("a"), file("b"), file("c")]);
    const batches = vi.mocked(submitBytes).mock.calls.map(([, batch]) => batch);
    expect(new Set(batches).size).toBe(1);
    expect(imported.report?.items.map(({ name }) => name)).toEqual(["a.json", "b.json"]);
    expect(toasts.list.map(({ text }) => text)).toContain("Too large.");
  });
});

it("offers to go on with what was broken off, until all is queued", async () => {
  const queue = vi.fn();
  queue.mockResolvedValueOnce({ ...report(good), cut_off: { left: 8800, why: null } });
  queue.mockResolvedValueOnce(report(good));
  await reportParts(queue);
  const [told, rest] = toasts.list;
  expect(told?.text).toContain("8,800 are not queued, since you stopped it.");
  expect([rest?.title, rest?.action?.label]).toEqual(["8,800 not queued", "Queue the rest"]);
  rest?.action?.run();
  await vi.waitFor(() => expect(toasts.list.length).toBe(3));
  expect(queue).toHaveBeenCalledTimes(2);
  queue.mockRejectedValueOnce({ message: "The disk is full.", code: "storage" });
  await reportParts(queue);
  expect(toasts.list.at(-1)?.text).toBe("The disk is full.");
});
