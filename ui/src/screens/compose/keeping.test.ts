import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { PlanView } from "../../bindings/PlanView";
import { emptyPlan } from "./fixtures";
import { Planner } from "./planner.svelte";
import { Saver } from "./saver.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Answers when told. */
function later<T>(): {
  ask: (of: string) => Promise<T>;
  asked: string[];
  answer: (with_: T) => void;
} {
  const waiting: ((value: T) => void)[] = [];
  const asked: string[] = [];
  return {
    asked,
    ask: (of) => {
      asked.push(of);
      return new Promise((done) => waiting.push(done));
    },
    answer: (value) => waiting.shift()?.(value),
  };
}

it("keeps the newest state once, soon after typing", async () => {
  const save = vi.fn(() => Promise.resolve());
  const saver = new Saver<string>(save);
  saver.changed("h");
  await vi.advanceTimersByTimeAsync(200);
  saver.changed("ha");
  expect(saver.status).toBe("changed");
  await vi.advanceTimersByTimeAsync(300);
  expect(save.mock.calls).toEqual([["ha"]]);
  expect(saver.status).toBe("saved");
});

it("keeps what is typed without a pause, too", async () => {
  const save = vi.fn<(state: string) => Promise<unknown>>(() => Promise.resolve());
  const saver = new Saver<string>(save);
  // A key press every 100 ms.
  for (let at = 1; at <= 25; at += 1) {
    saver.changed(String(at));
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(save.mock.calls).toEqual([["10"], ["20"]]);
  await vi.advanceTimersByTimeAsync(300);
  expect(save.mock.calls).toEqual([["10"], ["20"], ["25"]]);
});

it("never says saved for what the answer is not about", async () => {
  const { ask, asked, answer } = later<null>();
  const saver = new Saver<string>(ask);
  saver.changed("a");
  void saver.flush();
  saver.changed("b");
  answer(null);
  await vi.advanceTimersByTimeAsync(0);
  expect([asked, saver.status]).toEqual([["a"], "changed"]);
  await vi.advanceTimersByTimeAsync(300);
  answer(null);
  await vi.advanceTimersByTimeAsync(0);
  expect([asked, saver.status]).toEqual([["a", "b"], "saved"]);
});

it("waits for a save under way when it is asked to keep at once", async () => {
  const { ask, asked, answer } = later<null>();
  const saver = new Saver<string>(ask);
  saver.changed("a");
  void saver.flush();
  saver.changed("b");
  const done = saver.flush();
  expect(asked).toEqual(["a"]);
  answer(null);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual(["a", "b"]);
  answer(null);
  await done;
  expect(saver.status).toBe("saved");
});

it("says that it could not be kept, and tries again with the newest", async () => {
  const save = vi.fn<(state: string) => Promise<unknown>>();
  save.mockRejectedValueOnce({ message: "The disk is full." }).mockResolvedValue(null);
  const saver = new Saver<string>(save);
  saver.changed("a");
  await vi.advanceTimersByTimeAsync(300);
  expect([saver.status, saver.failure]).toEqual(["failed", "The disk is full."]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(save.mock.calls).toEqual([["a"], ["a"]]);
  expect([saver.status, saver.failure]).toEqual(["saved", null]);
});

it("drops the answer to an older question", async () => {
  const { ask, asked, answer } = later<PlanView>();
  const planner = new Planner<string>(ask);
  const first = planner.now("a");
  planner.changed("b");
  await vi.advanceTimersByTimeAsync(220);
  expect(asked).toEqual(["a", "b"]);
  answer(emptyPlan({ jobs: 1 }));
  expect(await first).toBeNull();
  expect(planner.plan).toBeNull();
  answer(emptyPlan({ jobs: 2 }));
  await vi.advanceTimersByTimeAsync(0);
  expect([planner.plan?.jobs, planner.about]).toEqual([2, "b"]);
});

it("keeps the answer before when asking fails", async () => {
  const planner = new Planner<string>((state) =>
    state === "bad" ? Promise.reject({ message: "No." }) : Promise.resolve(emptyPlan()),
  );
  await planner.now("good");
  await planner.now("bad");
  expect([planner.plan?.jobs, planner.failure, planner.about]).toEqual([1, "No.", "good"]);
});
