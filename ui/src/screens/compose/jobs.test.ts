import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { CellsView } from "../../bindings/CellsView";
import type { ComposeView } from "../../bindings/ComposeView";
import { commands } from "../../host";
import AllJobs from "./AllJobs.svelte";
import { Cells, PAGE, runOrder } from "./cells.svelte";
import { Composing } from "./composing.svelte";
import { aboutKnob, emptyPlan, emptyState } from "./fixtures";
import { openText } from "./jobs";

vi.mock("../../host", () => ({
  commands: {
    compose_save: vi.fn(() => Promise.resolve(null)),
    compose_plan: vi.fn(() => Promise.resolve(emptyPlan({ cells: 1000 }))),
    compose_cells: vi.fn(),
  },
  mediaUrl: (path: string) => path,
  openStream: vi.fn(),
}));
HTMLDialogElement.prototype.showModal ??= vi.fn();
HTMLDialogElement.prototype.close ??= vi.fn();
globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
} as never;

const cfg = aboutKnob("3", "cfg", { label: "CFG", title: "KSampler" });
const seed = aboutKnob("3", "seed", { label: "Seed", title: "KSampler" });
const answer = (first: number, limit: number, total: number): CellsView => ({
  total,
  open: [{ node: "3", input: "seed" }],
  cells: Array.from({ length: Math.min(limit, total - first) }, (_, at) => ({
    at: [first + at],
    made: first + at === 1 ? "a" : null,
    known: first + at < 3 && first + at > 0,
    values: [{ node: "3", input: "cfg", json: String(first + at) }],
  })),
});

let shown: object | null = null;
afterEach(async () => {
  if (shown !== null) await unmount(shown);
  shown = null;
  document.body.innerHTML = "";
});

describe("pages of jobs", () => {
  it("are asked for once, one at a time, and those that were scrolled past not at all", async () => {
    const ask = vi.fn((first: number, limit: number) =>
      Promise.resolve(answer(first, limit, 1000)),
    );
    const cells = new Cells(ask);
    cells.want([0, 30]);
    cells.want([400]);
    cells.want([190, 210]);
    await vi.waitFor(() => expect(cells.known.size).toBe(2 * PAGE));
    expect(ask.mock.calls).toEqual([
      [0, PAGE],
      [PAGE, PAGE],
    ]);
    expect([cells.total, cells.known.get(210)?.at, cells.placed.get("399")?.at]).toEqual([
      1000,
      [210],
      [399],
    ]);
    cells.want([5]);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it("say what failed, and are asked for again when that is wished", async () => {
    const ask = vi.fn().mockRejectedValueOnce({ message: "No." });
    const cells = new Cells(ask);
    cells.want([0]);
    await vi.waitFor(() => expect(cells.failure).toBe("No."));
    cells.want([1]);
    expect(ask).toHaveBeenCalledTimes(1);
    ask.mockResolvedValue(answer(0, PAGE, 3));
    cells.again();
    await vi.waitFor(() => expect(cells.total).toBe(3));
    expect(cells.failure).toBeNull();
  });
});

describe("run order", () => {
  const axes = [3, 2, 2].map((size, at) => ({
    name: `${at}`,
    values: Array.from({ length: size }, String),
  }));

  it("counts with the axis first that changes fastest", () => {
    const order = runOrder(emptyPlan({ axes, order: [1, 2, 0] }));
    expect([order?.([0, 1, 1]), order?.([2, 1, 0]), order?.([2, 1, 1])]).toEqual([3, 9, 11]);
  });

  it("is none where there is no sweep", () => {
    expect(runOrder(emptyPlan())).toBeNull();
  });
});

it("says which inputs are drawn when it is queued", () => {
  const knobs = [cfg, seed];
  expect(openText([{ node: "3", input: "seed" }], knobs)).toBe(
    "Seed of KSampler is drawn when it is queued.",
  );
  expect(
    openText(
      [
        { node: "3", input: "seed" },
        { node: "9", input: "x" },
      ],
      knobs,
    ),
  ).toBe("Seed of KSampler and x of node 9 are drawn when it is queued.");
});

it("lists jobs with what tells them apart, and is walked with the keyboard", async () => {
  vi.mocked(commands.compose_cells).mockImplementation(({ first, limit }) =>
    Promise.resolve(answer(first, limit, 1000)),
  );
  const draft: Partial<ComposeView> = { draft: "d", knobs: [cfg, seed], state: emptyState() };
  const c = new Composing(draft as ComposeView);
  const onclose = vi.fn();
  shown = mount(AllJobs, { target: document.body, props: { c, onclose } });
  flushSync();
  await vi.waitFor(() => {
    flushSync();
    expect(document.querySelector("[data-testid=job-cell] .one")).not.toBeNull();
  });
  const rows = [...document.querySelectorAll<HTMLElement>("[data-testid=job-cell]")];
  expect(rows.length).toBeLessThan(60);
  expect(rows.slice(0, 3).map((row) => row.getAttribute("aria-label"))).toEqual([
    "Job 1, CFG 0",
    "Job 2, CFG 1, made before",
    "Job 3, CFG 2, waits or made",
  ]);
  expect(rows[1]?.querySelector("img")?.getAttribute("src")).toBe("asset/a/thumb");
  expect(rows[0]?.querySelector(".one")?.getAttribute("title")).toBe("CFG, KSampler: 0");
  expect(document.querySelector("h2")?.textContent).toBe("1,000 jobs");
  expect(document.querySelector("[data-testid=open-inputs]")?.textContent).toBe(
    "Seed of KSampler is drawn when it is queued.",
  );
  rows[0]?.focus();
  rows[0]?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
  await vi.waitFor(() => expect(document.activeElement).toBe(rows[1]));
  const call = vi.mocked(commands.compose_cells).mock.calls[0]?.[0];
  expect(call).toMatchObject({ draft: "d", first: 0, limit: 200 });
});
