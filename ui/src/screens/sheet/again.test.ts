import { beforeEach, describe, expect, it, vi } from "vitest";
import type { JobView } from "../../bindings/JobView";
import type { SheetCell } from "../../bindings/SheetCell";
import type { SheetView } from "../../bindings/SheetView";
import { commands } from "../../host";
import { app } from "../../state/app.svelte";
import { toasts } from "../../state/toasts.svelte";
import { emptyState } from "../compose/fixtures";
import { againText, nothingIn, runAgain } from "./again";
import { LoadedSheet } from "./loading.svelte";

vi.mock("../../host", () => ({
  commands: {
    job_get: vi.fn(),
    job_remove: vi.fn(() => Promise.resolve(null)),
    sheet_again: vi.fn(),
    sheet_get: vi.fn(),
  },
  openStream: vi.fn(),
}));

const cell = (x: number, job: string | null, part: Partial<SheetCell> = {}): SheetCell => ({
  at: [x],
  job,
  asset: null,
  took_ms: null,
  reused: false,
  values: [{ node: "10", input: "strength", json: `0.${x}` }],
  mark: null,
  key: null,
  rating: 0,
  ...part,
});
const ended = (id: string, of: string, more: Partial<JobView> = {}): JobView =>
  ({ id, state: { kind: "ended", of }, retried_by: null, ...more }) as JobView;
const jobs: Record<string, JobView> = {
  lost: ended("lost", "lost"),
  failed: ended("failed", "failed"),
  cancelled: ended("cancelled", "cancelled"),
  retried: ended("retried", "failed", { retried_by: "next" }),
  waits: { id: "waits", state: { kind: "held" }, retried_by: null } as JobView,
};
const sheet = {
  batch_id: "b",
  workflow: "w",
  cells: [
    cell(0, "done", { asset: { id: "a" } as never }),
    cell(1, "failed"),
    cell(2, "cancelled"),
    cell(3, "retried"),
    cell(4, "waits"),
    cell(5, "lost"),
    cell(6, null),
  ],
  state: emptyState({ values: [{ node: "3", input: "seed", json: "7" }] }),
} as unknown as SheetView;
const places = (cells: readonly SheetCell[]): number[] => cells.map(({ at }) => at[0] ?? -1);

beforeEach(() => {
  vi.clearAllMocks();
});

describe("cells that came to nothing", () => {
  it("are told from those that have a picture, or get one", () => {
    const found = nothingIn(sheet, (id) => jobs[id]);
    expect(places(found.failed)).toEqual([1, 5]);
    expect(places(found.cancelled)).toEqual([2]);
    expect(places(found.none)).toEqual([6]);
  });

  it("are counted by what became of them", () => {
    const one = cell(0, null);
    const nothing = { failed: [], cancelled: [], none: [] };
    expect(againText({ ...nothing, failed: [one, one, one] })).toBe("Run 3 failed again");
    expect(againText({ ...nothing, failed: [one], cancelled: [one] })).toBe(
      "Run 1 failed and 1 cancelled again",
    );
    expect(againText({ ...nothing, none: [one, one] })).toBe("Queue 2 not queued");
    expect(againText({ failed: [one], cancelled: [], none: [one] })).toBe(
      "Run 1 failed and 1 not queued",
    );
  });

  it("are queued in one go, but those that have a job by now, and are taken back by Undo", async () => {
    vi.mocked(commands.sheet_get).mockResolvedValue(sheet);
    vi.mocked(commands.job_get).mockImplementation(({ id }) =>
      Promise.resolve({ job: jobs[id] } as never),
    );
    vi.mocked(commands.sheet_again).mockResolvedValue({ batch_id: "x", jobs: 3, reused: 0 });
    const loaded = new LoadedSheet("b");
    await loaded.now();
    const { failed, none } = nothingIn(sheet, (id) => loaded.job(id));
    expect(places(failed)).toEqual([1, 5]);
    await runAgain(loaded, [...failed, ...none, sheet.cells[4]!, sheet.cells[3]!]);
    expect(commands.sheet_again).toHaveBeenCalledTimes(1);
    const [given] = vi.mocked(commands.sheet_again).mock.calls[0] ?? [];
    expect(given).toMatchObject({ batch: "b", cells: [[1], [5], [6]] });
    expect(commands.sheet_get).toHaveBeenCalledTimes(2);

    const batch_id = given?.batch_id ?? "";
    const job = (id: string, more: Partial<JobView>): JobView =>
      ({ id, state: { kind: "held" }, batch_id, ...more }) as JobView;
    const open = [job("one", {}), job("two", {}), job("other", { batch_id: "b" })];
    vi.spyOn(app, "loadAll").mockResolvedValue(undefined);
    vi.spyOn(app, "open", "get").mockReturnValue(open);
    vi.spyOn(app, "job").mockImplementation((id) => open.find((one) => one.id === id));
    toasts.list.at(-1)?.action?.run();
    await vi.waitFor(() =>
      expect(commands.job_remove).toHaveBeenCalledWith({ ids: ["one", "two"] }),
    );
  });
});
