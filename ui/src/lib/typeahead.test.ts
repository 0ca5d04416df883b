import { expect, it } from "vitest";
import { lineOf, TypeAhead } from "./typeahead";

const press = (key: string, ctrlKey = false) => ({ key, ctrlKey, metaKey: false, altKey: false });

it("gathers letters until a pause, and leaves other keys alone", () => {
  const words = new TypeAhead();
  expect(words.take(press(" "), 10_000)).toBeNull();
  expect(words.take(press("C"), 10_100)).toBe("c");
  expect(words.take(press("f"), 10_500)).toBe("cf");
  expect(words.take(press(" "), 10_900)).toBe("cf ");
  expect(words.take(press("ArrowDown"), 11_000)).toBeNull();
  expect(words.take(press("c", true), 11_000)).toBeNull();
  expect(words.take(press("s"), 12_000)).toBe("s");
});

it("finds the line that begins with what is typed, from the one in use on", () => {
  const texts = ["CFG, KSampler", "Steps, KSampler", "Scheduler", "Strength, LoRA"];
  expect(lineOf(texts, 0, "st")).toBe(1);
  expect(lineOf(texts, 1, "ste")).toBe(1);
  expect(lineOf(texts, 1, "str")).toBe(3);
  expect([lineOf(texts, 0, "s"), lineOf(texts, 1, "ss"), lineOf(texts, 3, "sss")]).toEqual([
    1, 2, 1,
  ]);
  expect(lineOf(texts, 0, "lora")).toBe(3);
  expect(lineOf(texts, 0, "x")).toBe(-1);
});
