import { beforeEach, expect, it, vi } from "vitest";
import type { Fact } from "../bindings/Fact";
import type { JobView } from "../bindings/JobView";
import type { Snapshot } from "../bindings/Snapshot";
import type { StreamMessage } from "../bindings/StreamMessage";
import type { WorkView } from "../bindings/WorkView";
import { commands, openStream, type Settings } from "../host";
import { app } from "./app.svelte";
import { nothing } from "./reduce";

vi.mock("../host", () => ({
  commands: {
    settings_get: vi.fn(() => Promise.resolve({})),
    settings_set: vi.fn(),
    job_list: vi.fn(),
    work_list: vi.fn(() => Promise.resolve([])),
  },
  openStream: vi.fn(),
}));

/** The engine's side: a queue in order, and facts about it in numbers. */
let queue: JobView[] = [];
let seq = 0;
let tell: (message: StreamMessage) => void = () => undefined;
const list = vi.mocked(commands.job_list);
vi.mocked(openStream).mockImplementation((_, take) => {
  tell = take;
  return Promise.resolve();
});
beforeEach(() => {
  list.mockReset();
  list.mockImplementation(({ offset, limit }) =>
    Promise.resolve(queue.slice(offset, offset + limit)),
  );
});

const job = (position: number): JobView =>
  ({ id: `j${String(position).padStart(6, "0")}`, position, state: { kind: "held" } }) as JobView;
const counts = () => ({ ...nothing.counts, waiting: queue.length });
function facts(...told: Fact[]): void {
  const all: Fact[] = [...told, { type: "counts_changed", counts: counts() }];
  tell({ type: "facts", first: seq + 1, facts: all });
  seq += all.length;
}
function remove(ids: string[]): void {
  const gone = new Set(ids);
  queue = queue.filter(({ id }) => !gone.has(id));
  facts({ type: "jobs_removed", ids });
}
async function begin(jobs: number): Promise<void> {
  queue = Array.from({ length: jobs }, (_, at) => job(at + 1));
  seq = 0;
  const quiet = (): void => undefined;
  await app.start({ intake: quiet, job: quiet, batch: quiet, work: quiet });
  const snapshot = {
    ...nothing,
    seq,
    open: queue.slice(0, 1000),
    open_whole: jobs < 1000,
    finished: [],
    progress: [],
    places: [],
    waits: [],
    counts: counts(),
  } as unknown as Snapshot;
  tell({ type: "snapshot", snapshot });
}
const ids = (jobs: readonly JobView[]): string[] => jobs.map(({ id }) => id);

it("holds the first of ten thousand jobs and asks for all when they are wanted", async () => {
  await begin(10_000);
  expect([app.waiting.length, app.unloaded]).toEqual([1000, 9000]);
  // Asked twice at once, it asks once.
  await Promise.all([app.loadMore(), app.loadMore()]);
  expect(list).toHaveBeenCalledTimes(1);
  expect([app.waiting.length, app.unloaded]).toEqual([1980, 8020]);
  await app.loadAll();
  expect(ids(app.waiting)).toEqual(ids(queue));
  expect(app.unloaded).toBe(0);
  await app.loadMore();
  expect(list.mock.calls.length).toBeLessThan(12);
});

it("asks for nothing when all are there", async () => {
  await begin(999);
  await app.loadAll();
  expect(list).not.toHaveBeenCalled();
});

it("misses no job and shows none that went, whatever happens while it asks", async () => {
  await begin(5000);
  let turn = 0;
  list.mockImplementation(({ offset, limit }) => {
    turn += 1;
    if (turn === 1) {
      // 500 go, and the page has not heard of it when it is answered.
      const gone = ids(queue.slice(0, 500));
      queue = queue.slice(500);
      const answer = queue.slice(offset, offset + limit);
      facts({ type: "jobs_removed", ids: gone });
      return Promise.resolve(answer);
    }
    const answer = queue.slice(offset, offset + limit);
    // The answer is older than what is told before it arrives.
    if (turn % 2 === 0) remove(ids(answer.slice(-2)));
    const moved = queue.at(-1);
    if (turn === 5 && moved !== undefined) {
      queue = [{ ...moved, position: 0 }, ...queue.slice(0, -1)];
      facts({ type: "job_changed", job: { ...moved, position: 0 } });
    }
    return Promise.resolve(answer);
  });
  await app.loadAll();
  expect(ids(app.waiting)).toEqual(ids(queue));
  expect([app.unloaded, app.counts.waiting]).toEqual([0, queue.length]);
});

it("drops what it asked for before a snapshot", async () => {
  await begin(3000);
  const old = queue;
  list.mockImplementationOnce(async ({ offset, limit }) => {
    await begin(2000);
    queue = queue.map((one) => ({ ...one, title: "new" }));
    return old.slice(offset, offset + limit);
  });
  await app.loadAll();
  expect(app.waiting).toHaveLength(2000);
  expect(app.waiting.at(-1)?.title).toBe("new");
});

it("tells that more could not be asked for, and asks again the next time", async () => {
  await begin(2000);
  list.mockRejectedValueOnce({ message: "The database is busy." });
  await expect(app.loadAll()).rejects.toMatchObject({ message: "The database is busy." });
  expect(app.unloaded).toBe(1000);
  await app.loadAll();
  expect(app.unloaded).toBe(0);
});

it("tells of work that ended badly before there was a page", async () => {
  const work = (id: number, problems: string[]): WorkView =>
    ({ id, state: problems.length > 0 ? "failed" : "done", problems }) as WorkView;
  vi.mocked(commands.work_list).mockResolvedValueOnce([work(901, []), work(902, ["It is gone."])]);
  const quiet = (): void => undefined;
  const hear = vi.fn();
  await app.start({ intake: quiet, job: quiet, batch: quiet, work: hear });
  expect(hear.mock.calls).toEqual([[undefined, work(902, ["It is gone."])]]);
  expect([...app.works.keys()]).toEqual(expect.arrayContaining([901, 902]));
});

it("shows settings at once, as the last answer has them, and as they were if that fails", async () => {
  await begin(0);
  const set = vi.mocked(commands.settings_set);
  const answers: ((settings: Settings) => void)[] = [];
  set.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
  const theme = { ...app.settings, theme: "light" } as const;
  const both = { ...theme, row_height: 200 };
  const setting = [app.setSettings({ theme: "light" }), app.setSettings({ row_height: 200 })];
  expect(app.settings).toEqual(both);
  answers[0]?.(theme);
  await setting[0];
  expect(app.settings).toEqual(both);
  answers[1]?.(both);
  await setting[1];
  expect(app.settings).toEqual(both);

  set.mockRejectedValueOnce(new Error("The disk is full."));
  await expect(app.setSettings({ theme: "dark" })).rejects.toThrow("The disk is full.");
  expect(app.settings).toEqual(both);
});
