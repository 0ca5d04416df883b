import { expect, it, vi } from "vitest";
import type { JobView } from "../bindings/JobView";
import { hits } from "./palette";

const job = (id: string, title: string): JobView =>
  ({ id, title, facts: { prompt: "red lamp" } }) as JobView;
const open = { pictures: vi.fn(), job: vi.fn() };
const commands = [{ icon: "pause" as const, text: "Pause queue", run: vi.fn() }];

it("finds pictures, jobs and commands by all words typed", () => {
  const jobs = [job("1", "Fjord"), job("2", "Bouquet")];
  expect(hits("", jobs, commands, open).map(({ text }) => text)).toEqual(["Pause queue"]);
  expect(hits("lamp fjord", jobs, commands, open).map(({ text }) => text)).toEqual([
    'Search pictures for "lamp fjord"',
    "Fjord",
  ]);
  hits("lamp fjord", jobs, commands, open)[1]?.run();
  expect(open.job).toHaveBeenCalledWith("1");
  expect(hits("pause", jobs, commands, open).at(-1)?.text).toBe("Pause queue");
});
