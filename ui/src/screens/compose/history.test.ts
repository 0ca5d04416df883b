import { expect, it, vi } from "vitest";
import { History } from "./history";

it("takes steps back and does them again, until something new is done", () => {
  const history = new History<string>();
  history.push("a", "b", null, 0);
  history.push("b", "c", null, 1);
  history.push("c", "c", null, 2);
  expect([history.undo(), history.undo(), history.undo()]).toEqual(["b", "a", null]);
  expect([history.canUndo, history.canRedo]).toEqual([false, true]);
  expect([history.redo(), history.redo(), history.redo()]).toEqual(["b", "c", null]);
  history.undo();
  history.push("b", "d", null, 3);
  expect(history.canRedo).toBe(false);
});

it("makes one step of what is typed into one field without a pause", () => {
  const history = new History<string>();
  history.push("", "h", "prompt", 0);
  history.push("h", "ha", "prompt", 500);
  history.push("ha", "har", "prompt", 5000);
  history.push("har", "harb", "negative", 5100);
  history.seal();
  history.push("harb", "harbo", "negative", 5200);
  const back = [history.undo(), history.undo(), history.undo(), history.undo()];
  expect(back).toEqual(["harb", "har", "ha", ""]);
});

it("takes deeds back in their place", () => {
  const history = new History<string>();
  const deed = { undo: vi.fn(), redo: vi.fn() };
  history.push("a", "b", null, 0);
  history.did(deed);
  expect(history.undo()).toBeNull();
  expect(deed.undo).toHaveBeenCalledOnce();
  expect(history.redo()).toBeNull();
  expect(deed.redo).toHaveBeenCalledOnce();
  history.undo();
  expect(history.undo()).toBe("a");
});

it("carries all states along when something goes on that is no step", () => {
  const history = new History<{ text: string; seed: number }>();
  const [a, b] = [
    { text: "a", seed: 1 },
    { text: "ab", seed: 1 },
  ];
  history.push(a, b, "prompt", 0);
  history.carry((state) => ({ ...state, seed: state.seed + 1 }));
  expect(history.undo()).toEqual({ text: "a", seed: 2 });
  const again = history.redo();
  expect(again).toEqual({ text: "ab", seed: 2 });
  // The chain holds: what is typed on is a step behind it.
  if (again !== null) history.push(again, { text: "abc", seed: 2 }, "prompt", 100);
  expect([history.undo(), history.undo()].map((state) => state?.text)).toEqual(["ab", "a"]);
});

it("ends a step however long it took, and forgets one that came to nothing", () => {
  const history = new History<string>((one, other) => one.trim() === other.trim());
  history.push("a", "b", "seed", 0);
  history.push("b", "c", "seed", 9000, true);
  history.push("c", "d", "steps", 9001);
  history.push("d", "c ", "steps", 99_000, true);
  expect([history.undo(), history.undo()]).toEqual(["a", null]);
});
