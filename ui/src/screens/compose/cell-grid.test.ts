import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import type { CellsView } from "../../bindings/CellsView";
import CellGrid from "./CellGrid.svelte";
import { emptyPlan } from "./fixtures";

vi.mock("../../host", () => ({ commands: {}, mediaUrl: (path: string) => path }));

globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
} as never;
// Here nothing has a size of its own.
vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(364);
vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(420);

let shown: object | null = null;
afterEach(async () => {
  if (shown !== null) await unmount(shown);
  shown = null;
  document.body.innerHTML = "";
});
const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at));
const nobody = vi.fn(() => new Promise<CellsView>(() => undefined));

it("can be scrolled with the keyboard", () => {
  const axes = [{ name: "CFG", values: ["4", "6"] }];
  const plan = emptyPlan({ cells: 2, axes });
  shown = mount(CellGrid, { target: document.body, props: { plan, ask: nobody } });
  flushSync();
  const scroller = document.querySelector("table")?.parentElement;
  expect(scroller?.tabIndex).toBe(0);
  expect(scroller?.getAttribute("role")).toBe("group");
  expect(scroller?.getAttribute("aria-label")).toBe("All cells");
});

it("has all cells of a large sweep, of which those in sight are drawn", async () => {
  const axes = [
    { name: "Steps", values: numbers(60) },
    { name: "CFG", values: numbers(50) },
  ];
  const shownCells = numbers(400).map((nth) => ({
    at: [Number(nth) % 60, Math.floor(Number(nth) / 60)],
    made: nth === "1" ? "a" : null,
    known: nth === "1",
  }));
  const plan = emptyPlan({ cells: 3000, made: 2, axes, order: [0, 1], shown: shownCells });
  const ask = vi.fn((first: number, limit: number) =>
    Promise.resolve({
      total: 3000,
      open: [],
      cells: numbers(limit).map((nth) => {
        const at = first + Number(nth);
        return { at: [at % 60, Math.floor(at / 60)], made: `b${at}`, known: true, values: [] };
      }),
    }),
  );
  shown = mount(CellGrid, { target: document.body, props: { plan, ask } });
  flushSync();
  const grid = document.querySelector<HTMLElement>("[data-testid=plan-grid]");
  expect([grid?.tabIndex, grid?.getAttribute("aria-label")]).toEqual([
    0,
    "Cells, by Steps and CFG. 50 by 60",
  ]);
  const cells = [...document.querySelectorAll<HTMLElement>(".cell")];
  expect(cells.length).toBeGreaterThan(20);
  expect(cells.length).toBeLessThan(400);
  expect(cells[1]?.getAttribute("aria-label")).toBe("1, 0: made before");
  expect(cells[0]?.getAttribute("aria-label")).toBe("0, 0: not made yet");
  // Only of those beyond what the plan tells of is asked.
  expect(ask.mock.calls).toEqual([[400, 200]]);
  if (grid === null) throw new Error("There is a grid.");
  grid.scrollTop = 20 * 44;
  grid.dispatchEvent(new Event("scroll"));
  flushSync();
  await vi.waitFor(() => {
    flushSync();
    expect(document.querySelector(".cell[aria-label='0, 20: made before'] img")).not.toBeNull();
  });
  expect(ask.mock.calls.slice(0, 3).map(([first]) => first)).toContain(1200);
});

it("asks for the right jobs of a sweep of which the first 400 are too few to see the order", async () => {
  const axes = [
    { name: "Prompt", values: numbers(30) },
    { name: "CFG", values: numbers(500) },
    { name: "Steps", values: numbers(3) },
  ];
  const ask = vi
    .fn<(first: number, limit: number) => Promise<CellsView>>()
    .mockRejectedValueOnce({ message: "The disk is away." })
    .mockImplementation(() => new Promise(() => undefined));
  const plan = emptyPlan({ cells: 45_000, made: 2, axes, order: [1, 2, 0] });
  shown = mount(CellGrid, { target: document.body, props: { plan, ask } });
  flushSync();
  expect(ask.mock.calls).toEqual([[0, 200]]);
  await vi.waitFor(() => {
    flushSync();
    expect(document.querySelector("[role=alert]")?.textContent).toContain("The disk is away.");
  });
  document.querySelector<HTMLElement>("[role=alert] button")?.click();
  flushSync();
  expect(document.querySelector("[role=alert]")).toBeNull();
  expect(ask).toHaveBeenCalledTimes(2);
  await unmount(shown);
  // The next prompt is 1,500 jobs on.
  const answered = vi.fn(() => Promise.resolve({ total: 45_000, open: [], cells: [] }));
  shown = mount(CellGrid, { target: document.body, props: { plan, ask: answered } });
  await vi.waitFor(() => expect(answered).toHaveBeenCalledWith(1400, 200));
});

it("reaches each of many layers", () => {
  const axes = [
    { name: "X", values: ["1", "2"] },
    { name: "Y", values: ["1"] },
    { name: "Z", values: numbers(12) },
  ];
  const plan = emptyPlan({ cells: 24, axes });
  shown = mount(CellGrid, { target: document.body, props: { plan, ask: nobody } });
  flushSync();
  const layer = document.querySelector<HTMLSelectElement>("select");
  expect(layer?.options).toHaveLength(12);
  if (layer === null) return;
  layer.value = "11";
  layer.dispatchEvent(new Event("change", { bubbles: true }));
  flushSync();
  expect([...document.querySelectorAll("td .cell")].map((one) => one.textContent.trim())).toEqual([
    "23",
    "24",
  ]);
});
