import { beforeEach, describe, expect, it, vi } from "vitest";
import type { JobView } from "../../bindings/JobView";
import type { SheetCell } from "../../bindings/SheetCell";
import type { SheetView } from "../../bindings/SheetView";
import { commands } from "../../host";
import { emptyState } from "../compose/fixtures";
import { againText, nothingIn, runAgain, statesFor } from "./again";
import { LoadedSheet } from "./loading.svelte";

vi.mock("../../host", () => ({
  commands: {
    compose_open: vi.fn(() => Promise.resolve({ draft: "d" })),
    compose_queue: vi.fn(() => Promise.resolve({})),
    draft_discard: vi.fn(() => Promise.resolve(null)),
    job_get: vi.fn(),
    job_retry: vi.fn(() => Promise.resolve(null)),
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

  it("that no job is for are steps of one axis, as they are set in the sheet", () => {
    const other = cell(8, null, { values: [{ node: "4", input: "name", json: '"b"' }] });
    const states = statesFor(sheet, [cell(6, null), cell(7, null), other]);
    expect(states.map(({ values }) => values)).toEqual([sheet.state.values, sheet.state.values]);
    expect(states[0]?.many).toEqual({
      kind: "sweep",
      axes: [
        {
          knobs: [{ node: "10", input: "strength" }],
          values: { kind: "list", steps: [["0.6"], ["0.7"]] },
        },
      ],
    });
    expect(states[1]?.many).toMatchObject({ axes: [{ values: { steps: [['"b"']] } }] });
  });

  it("are tried again or queued, and leave no draft behind", async () => {
    vi.mocked(commands.sheet_get).mockResolvedValue(sheet);
    vi.mocked(commands.job_get).mockImplementation(({ id }) =>
      Promise.resolve({ job: jobs[id] } as never),
    );
    const loaded = new LoadedSheet("b");
    await loaded.now();
    const { failed, none } = nothingIn(sheet, (id) => loaded.job(id));
    expect(places(failed)).toEqual([1, 5]);
    await runAgain(loaded, [...failed, ...none]);
    expect(commands.job_retry).toHaveBeenCalledWith({ ids: ["failed", "lost"] });
    expect(commands.compose_queue).toHaveBeenCalledTimes(1);
    expect(commands.draft_discard).toHaveBeenCalledWith({ id: "d" });
  });
});
