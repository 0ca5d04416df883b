import { beforeEach, expect, it, vi } from "vitest";
import type { BatchEnd } from "../bindings/BatchEnd";
import type { JobView } from "../bindings/JobView";
import type { WorkView } from "../bindings/WorkView";
import { app } from "../state/app.svelte";
import { tellBegun } from "../state/begun";
import { route } from "../state/route.svelte";
import { sheets } from "../state/sheets.svelte";
import { toasts } from "../state/toasts.svelte";
import { tellBatch, tellJob, tellWork } from "./told";

vi.mock("../host", () => ({ commands: {}, openStream: vi.fn() }));

const job = (state: object, batch_count: number): JobView =>
  ({
    id: "j",
    title: "Harbour",
    batch_count,
    state,
    newest: [],
    started_at: 0,
    ended_at: 1000,
    retried_by: null,
    trouble: null,
    warnings: [],
  }) as unknown as JobView;
const work = (title: string, part: Partial<WorkView> = {}): WorkView => ({
  id: 1,
  kind: "export",
  title,
  done: 12,
  of: 12,
  bytes: null,
  state: "done",
  problems: [],
  more_problems: 0,
  result: null,
  ...part,
});
const running = { kind: "running" };
const ended = (of: string): object => ({ kind: "ended", of });
const over: BatchEnd = {
  batch_id: "b",
  title: "Harbour",
  last: "j",
  jobs: 12,
  done: 12,
  failed: 0,
  sheet: true,
  asset: { id: "a", kind: "picture" },
};
const goTo = (hash: string): void => {
  route.hash = hash;
};

beforeEach(() => {
  toasts.list = [];
  goTo("#/gallery");
  app.settings = { ...app.settings, stop_batch: false };
});

it("tells a job alone, and of a batch none but the batch", () => {
  tellJob(job(running, 1), job(ended("succeeded"), 1));
  expect(toasts.list).toHaveLength(1);
  for (const of of ["succeeded", "failed", "lost"]) tellJob(job(running, 12), job(ended(of), 12));
  expect(toasts.list).toHaveLength(1);
  tellBatch(over);
  expect(toasts.list.at(-1)).toMatchObject({
    tone: "ok",
    title: "Harbour",
    text: "12 of 12 done",
    asset: { id: "a", kind: "picture" },
  });
});

it("tells what failed of a batch where the artist sees the rest of it, and it stays", () => {
  goTo("#/sheet/b");
  tellBatch(over);
  expect(toasts.list).toHaveLength(0);
  tellBatch({ ...over, done: 10, failed: 2 });
  expect(toasts.list.at(-1)).toMatchObject({ tone: "bad", text: "10 of 12 done, 2 failed" });
});

it("tells a failure of a batch whose rest is held since", () => {
  app.settings = { ...app.settings, stop_batch: true };
  tellJob(job(running, 12), job(ended("failed"), 12));
  expect(toasts.list.at(-1)).toMatchObject({ tone: "bad", title: "Harbour failed" });
});

it("says of work that is over that it is over", () => {
  const told = (now: WorkView): string | undefined => {
    tellWork(undefined, now);
    return toasts.list.at(-1)?.title;
  };
  expect(told(work("Exporting 12 files to prints"))).toBe("Exported 12 files to prints");
  expect(told(work("Deleting 1 file for good"))).toBe("Deleted 1 file for good");
  expect(told(work("Backing up the library to d"))).toBe("Backed up the library to d");
  expect(told(work("Reading back the backup in d"))).toBe("Read back the backup in d");
  expect(told(work("Moving the library to d"))).toBe("Moved the library to d");
  // Not all twelve were written, so it is not said.
  expect(told(work("Exporting 12 files to prints", { problems: ["a.png is gone.", "b."] }))).toBe(
    "Exporting 12 files to prints ended with 2 problems",
  );
  expect(told(work("Exporting 12 files to prints", { state: "cancelled" }))).toBe(
    "Exporting 12 files to prints was stopped",
  );
  expect(told(work("Exporting 12 files to prints", { state: "failed" }))).toBe(
    "Exporting 12 files to prints failed",
  );
});

it("takes the message away that work has begun once it is over", () => {
  const titles = (): string[] => toasts.list.map(({ title }) => title);
  const first = work("Exporting 12 files to prints", { state: "running" });
  tellBegun(first);
  tellBegun({ ...first, id: 2, title: "Exporting 3 files to a.zip" });
  tellWork(undefined, first);
  expect(titles()).toEqual(["Exporting 12 files to prints", "Exporting 3 files to a.zip"]);
  tellWork(first, { ...first, state: "done" });
  expect(titles()).toEqual(["Exporting 3 files to a.zip", "Exported 12 files to prints"]);
});

it("says nothing of the beginning of what is over by then", () => {
  const done = work("Exporting 12 files to prints");
  vi.spyOn(app, "works", "get").mockReturnValueOnce(new Map([[done.id, done]]));
  tellBegun({ ...done, state: "running" });
  expect(toasts.list).toEqual([]);
});

it("says the first problem, leads to all of them, and stays", () => {
  const many = work("Exporting 1,000 files to prints", {
    problems: ["a.png is gone.", "b.png is gone."],
    more_problems: 1238,
  });
  tellWork(undefined, many);
  const [toast] = toasts.list;
  expect(toast).toMatchObject({
    tone: "warn",
    title: "Exporting 1,000 files to prints ended with 1,240 problems",
    text: "a.png is gone.",
    stays: true,
    action: { label: "Show all 1,240" },
  });
  toast?.action?.run();
  expect(sheets.current).toEqual({ kind: "problems", work: many });

  // What is said already needs no list.
  tellWork(undefined, { ...many, problems: ["a.png is gone."], more_problems: 0 });
  expect(toasts.list.at(-1)).toMatchObject({ stays: true });
  expect(toasts.list.at(-1)?.action).toBeUndefined();
  tellWork(undefined, { ...many, problems: [], more_problems: 0 });
  expect(toasts.list.at(-1)?.stays).toBe(false);
});

it("leaves work that somebody waits for to who asked for it", () => {
  for (const kind of ["queue", "mark", "workflows", "copies"] as const)
    tellWork(work("Marking 100,000 outputs", { kind, state: "running" }), work("", { kind }));
  expect(toasts.list).toEqual([]);
});
