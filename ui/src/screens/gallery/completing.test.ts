import { beforeEach, expect, it, vi } from "vitest";
import type { CompletionView } from "../../bindings/CompletionView";
import { commands } from "../../host";
import { Completing } from "./completing.svelte";

vi.mock("../../host", () => ({ commands: { library_complete: vi.fn() } }));
const complete = vi.mocked(commands.library_complete);
const offer = (label: string): CompletionView => ({ label, count: 1, text: label, caret: 0 });

beforeEach(() => {
  complete.mockReset();
  vi.useFakeTimers();
});

it("asks once for quick typing, and shows the newest answer", async () => {
  const completing = new Completing();
  complete.mockResolvedValueOnce([offer("model:")]);
  completing.ask("m", 1);
  completing.ask("mo", 2);
  await vi.runAllTimersAsync();
  expect(complete.mock.calls).toEqual([[{ text: "mo", caret: 2 }]]);
  expect(completing.list.map(({ label }) => label)).toEqual(["model:"]);
});

it("drops answers that come after it was closed, and failures", async () => {
  const completing = new Completing();
  complete.mockResolvedValueOnce([offer("late")]);
  completing.ask("m", 1);
  vi.advanceTimersByTime(100);
  completing.close();
  await vi.runAllTimersAsync();
  expect(completing.list).toEqual([]);
  complete.mockRejectedValueOnce(new Error("no"));
  completing.ask("m", 1);
  await vi.runAllTimersAsync();
  expect(completing.list).toEqual([]);
});

it("goes round, with nothing chosen before the first", () => {
  const completing = new Completing();
  completing.list = [offer("a"), offer("b")];
  const places = [1, 1, 1, -1].map((by) => {
    completing.move(by as 1 | -1);
    return completing.at;
  });
  expect(places).toEqual([0, 1, -1, 1]);
});
