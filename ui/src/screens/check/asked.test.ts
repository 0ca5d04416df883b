import { expect, it } from "vitest";
import { Asked } from "./asked.svelte";

const view = (blocked: string | null) => ({ blocked, servers: [] });

it("shows the answer to the newest question", async () => {
  const asked = new Asked();
  let late = (_: ReturnType<typeof view>): void => {};
  const old = asked.ask(() => new Promise((done) => (late = done)));
  await asked.ask(() => Promise.resolve(view(null)));
  late(view("old"));
  await old;
  expect(asked.view).toEqual(view(null));
});

it("says why there is none, and forgets", async () => {
  const asked = new Asked();
  await asked.ask(() => Promise.reject({ message: "The job is gone." }));
  expect(asked.failure).toBe("The job is gone.");
  await asked.ask(() => Promise.resolve(view("No server can.")));
  expect([asked.view?.blocked, asked.failure]).toEqual(["No server can.", null]);
  asked.forget();
  expect(asked.view).toBeNull();
});
