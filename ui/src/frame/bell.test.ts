import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { StreamMessage } from "../bindings/StreamMessage";
import type { WorkView } from "../bindings/WorkView";
import { commands, openStream } from "../host";
import { app } from "../state/app.svelte";
import { problems } from "../state/problems.svelte";
import { sheets } from "../state/sheets.svelte";
import { actions } from "./actions";
import Bell from "./Bell.svelte";

vi.mock("../host", () => ({
  commands: {
    settings_get: vi.fn(() => Promise.resolve({ theme: "dark" })),
    work_list: vi.fn(() => Promise.resolve([])),
    job_seen: vi.fn(() => Promise.resolve(null)),
  },
  openStream: vi.fn(),
}));

const work = (id: number, part: Partial<WorkView> = {}): WorkView => ({
  id,
  kind: "export",
  title: `Exporting ${id} files to prints`,
  done: id,
  of: id,
  bytes: null,
  state: "done",
  problems: ["a.png is gone."],
  more_problems: 0,
  result: null,
  ...part,
});

let shown: object | null = null;
let hear: (message: StreamMessage) => void = () => {};
let seq = 0;

function tell(...facts: object[]): void {
  const first = seq + 1;
  seq += facts.length;
  hear({ type: "facts", first, facts } as StreamMessage);
  flushSync();
}
const works = (...all: WorkView[]): void =>
  tell(...all.map((one) => ({ type: "work_changed", work: one })));
const failures = (unseen_failures: number): void =>
  tell({ type: "counts_changed", counts: { ...app.counts, unseen_failures } });

const bell = (): HTMLElement => document.querySelector("[data-testid=bell]") ?? document.body;
const badge = (): string => bell().querySelector("i")?.textContent ?? "";
const lists = (): HTMLElement[] => [
  ...document.querySelectorAll<HTMLElement>("[data-testid=bell-problems]"),
];
const click = (element: Element | null | undefined): void => {
  element?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  flushSync();
};

beforeEach(async () => {
  vi.mocked(openStream).mockImplementation((_, take) => {
    hear = take;
    return Promise.resolve();
  });
  const nobody = vi.fn();
  await app.start({ intake: nobody, job: nobody, work: nobody, batch: nobody });
  shown = mount(Bell, { target: document.body });
  flushSync();
});
afterEach(async () => {
  if (shown !== null) await unmount(shown);
  problems.seeAll();
  failures(0);
  sheets.close();
});

it("leads to every list of problems, newest first, for as long as the app runs", () => {
  works(work(1), work(2, { problems: [] }), work(3, { state: "running" }));
  works(work(4, { state: "failed", more_problems: 3 }));
  expect([badge(), bell().getAttribute("aria-label")]).toEqual([
    "2",
    "2 lists of problems not seen",
  ]);
  click(bell());
  expect(lists().map((one) => one.querySelector("b")?.textContent)).toEqual([
    "Exporting 4 files to prints failed",
    "Exporting 1 files to prints ended with 1 problem",
  ]);
  click(lists()[1]);
  expect(sheets.current).toEqual({ kind: "problems", work: work(1) });
  // The sheet gives the focus back to the bell.
  expect(document.activeElement).toBe(bell());
  expect([badge(), bell().getAttribute("aria-label")]).toEqual([
    "1",
    "1 list of problems not seen",
  ]);
  // Seen, it is still there.
  click(bell());
  expect(lists()).toHaveLength(2);
  click([...document.querySelectorAll("button")].at(-1));
  expect([badge(), bell().getAttribute("aria-label")]).toEqual(["", "No failures"]);
});

it("leads there from the palette, too", () => {
  works(work(5));
  const found = actions(vi.fn()).find(
    ({ text }) => text === "Problems: Exporting 5 files to prints",
  );
  found?.run();
  expect(sheets.current).toEqual({ kind: "problems", work: work(5) });
});

it("counts failed jobs as they are counted, and says one as one", () => {
  failures(1);
  expect(bell().getAttribute("aria-label")).toBe("1 failure not seen");
  failures(1200);
  expect(bell().getAttribute("aria-label")).toBe("1,200 failures not seen");
  works(work(6));
  expect([badge(), bell().getAttribute("aria-label")]).toEqual([
    "1,201",
    "1,200 failures and 1 list of problems not seen",
  ]);
});

it("keeps Escape from the screen below, and the focus at the bell", () => {
  const below = vi.fn();
  addEventListener("keydown", below);
  const press = (): void => {
    const event = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
    bell().dispatchEvent(event);
    flushSync();
  };
  click(bell());
  press();
  expect(document.querySelector("[data-testid=bell-panel]")).toBe(null);
  expect(document.activeElement).toBe(bell());
  expect(below).not.toHaveBeenCalled();
  press();
  expect(below).toHaveBeenCalledTimes(1);
  removeEventListener("keydown", below);
  expect(commands.job_seen).not.toHaveBeenCalled();
});
