import { beforeEach, expect, it, vi } from "vitest";
import { toasts } from "./toasts.svelte";
import { offerUndo, rememberUndo, undo } from "./undo";

vi.mock("../host", () => ({ commands: {} }));

const back = (): ReturnType<typeof vi.fn<() => Promise<void>>> => vi.fn(() => Promise.resolve());

beforeEach(() => {
  toasts.list = [];
});

it("takes back the last thing first, each once", () => {
  const [first, second] = [back(), back()];
  rememberUndo(first);
  rememberUndo(second);
  undo();
  expect([first, second].map((one) => one.mock.calls.length)).toEqual([0, 1]);
  undo();
  undo();
  expect([first, second].map((one) => one.mock.calls.length)).toEqual([1, 1]);
});

it("takes back by its message, and then not again with a key", () => {
  const [loud, quiet] = [back(), back()];
  rememberUndo(quiet);
  offerUndo("3 jobs removed", "", loud);
  toasts.list[0]?.action?.run();
  undo();
  toasts.list[0]?.action?.run();
  expect([loud, quiet].map((one) => one.mock.calls.length)).toEqual([1, 1]);
});

it("takes the message away with what it offers to take back, and no other", () => {
  offerUndo("3 jobs removed", "", back());
  offerUndo("4 stars for 500 outputs", "", back());
  rememberUndo(back());
  const titles = (): string[] => toasts.list.map(({ title }) => title);
  undo();
  expect(titles()).toEqual(["3 jobs removed", "4 stars for 500 outputs"]);
  undo();
  expect(titles()).toEqual(["3 jobs removed"]);
  undo();
  expect(titles()).toEqual([]);
});
