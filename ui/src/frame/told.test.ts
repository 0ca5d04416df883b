import { beforeEach, expect, it, vi } from "vitest";
import type { BatchEnd } from "../bindings/BatchEnd";
import type { JobView } from "../bindings/JobView";
import { app } from "../state/app.svelte";
import { route } from "../state/route.svelte";
import { toasts } from "../state/toasts.svelte";
import { tellBatch, tellJob } from "./told";

vi.mock("../host", () => ({ commands: {}, openStream: vi.fn() }));

const job = (state: object, batch_count: number): JobView =>
  ({
    id: "j",
    title: "Harbour",
    batch_count,
    state,
    thumbs: [],
    started_at: 0,
    ended_at: 1000,
    retried_by: null,
    trouble: null,
    warnings: [],
  }) as unknown as JobView;
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
  asset: "a",
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
    asset: "a",
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
