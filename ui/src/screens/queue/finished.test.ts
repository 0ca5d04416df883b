import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { JobDetail } from "../../bindings/JobDetail";
import type { JobView } from "../../bindings/JobView";
import type { StreamMessage } from "../../bindings/StreamMessage";
import { commands, openStream } from "../../host";
import { app } from "../../state/app.svelte";
import { openServers } from "../../state/places";
import Finished from "./Finished.svelte";
import { duplicate, remove, retry } from "./actions";

vi.mock("../../host", () => ({
  commands: {
    settings_get: vi.fn(() => Promise.resolve({})),
    work_list: vi.fn(() => Promise.resolve([])),
    job_get: vi.fn(),
  },
  mediaUrl: (path: string) => path,
  openStream: vi.fn(),
}));
vi.mock("./actions", () => ({ remove: vi.fn(), retry: vi.fn(), duplicate: vi.fn() }));
vi.mock("./menu", () => ({ edit: vi.fn() }));

const job = (id: string, of: "succeeded" | "failed", ended_at: number): JobView =>
  ({
    id,
    title: id,
    state: { kind: "ended", of },
    ended_at,
    seen: true,
    retried_by: null,
    newest: [
      { id: "t", kind: "text" },
      { id: "a", kind: "video" },
    ],
    asset_count: 1,
    facts: {},
    trouble: null,
    warnings: [],
  }) as unknown as JobView;
/** One of today, and one of before. */
const [good, bad] = [job("good", "succeeded", Date.now()), job("bad", "failed", 1)];

let shown: object | null = null;
beforeEach(async () => {
  vi.clearAllMocks();
  location.hash = "#/queue";
  let tell: (message: StreamMessage) => void = () => {};
  vi.mocked(openStream).mockImplementation((_, take) => {
    tell = take;
    return Promise.resolve();
  });
  const quiet = (): void => undefined;
  await app.start({ intake: quiet, job: quiet, batch: quiet, work: quiet });
  const facts = [good, bad].map((one) => ({ type: "job_changed", job: one }));
  tell({ type: "facts", first: 1, facts } as StreamMessage);
  shown = mount(Finished, { target: document.body });
  flushSync();
});
afterEach(async () => {
  if (shown !== null) await unmount(shown);
});

const rowOf = (id: string): HTMLElement | null => document.querySelector(`[data-job-id=${id}]`);
function press(id: string, key: string, more: KeyboardEventInit = {}): void {
  rowOf(id)?.focus();
  rowOf(id)?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more }));
  flushSync();
}

it.each([
  { key: "Delete", id: "good", beside: "bad" },
  { key: "Backspace", id: "bad", beside: "good" },
])("takes a job off the list with $key, and goes on beside it", ({ key, id, beside }) => {
  press(id, key);
  expect(remove).toHaveBeenCalledWith([id === "good" ? good : bad]);
  expect(document.activeElement).toBe(rowOf(beside));
});

it("retries what failed with R, and runs what did not again, as the menu says", () => {
  press("bad", "r");
  expect(retry).toHaveBeenCalledWith([bad]);
  press("good", "r");
  expect(duplicate).toHaveBeenCalledWith([good]);
  press("good", "r", { metaKey: true });
  expect([vi.mocked(retry).mock.calls.length, vi.mocked(duplicate).mock.calls.length]).toEqual([
    1, 1,
  ]);
});

it("opens the newest output, unless the artist went elsewhere meanwhile", async () => {
  let answer: (detail: JobDetail) => void = () => {};
  vi.mocked(commands.job_get).mockImplementation(
    () => new Promise((resolve) => (answer = resolve)),
  );
  const open = async (elsewhere: () => void): Promise<string> => {
    rowOf("good")?.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true }));
    flushSync();
    [...document.querySelectorAll<HTMLElement>("[role=menuitem]")]
      .find(({ textContent }) => textContent.includes("Open newest output"))
      ?.click();
    elsewhere();
    await new Promise((resolve) => setTimeout(resolve));
    answer({ assets: [] } as unknown as JobDetail);
    await new Promise((resolve) => setTimeout(resolve));
    return location.hash;
  };
  expect(await open(openServers)).toBe("#/servers");
  location.hash = "#/queue";
  await new Promise((resolve) => setTimeout(resolve));
  expect(await open(() => {})).toBe("#/viewer/a");
});

it("shows what a job made, each by its kind", () => {
  const cells = rowOf("good")?.querySelectorAll(".ths > .th");
  expect(cells?.length).toBe(2);
  expect(cells?.[0]?.querySelector("img")).toBe(null);
  expect(cells?.[1]?.querySelector("img")?.getAttribute("src")).toBe("asset/a/thumb");
});
