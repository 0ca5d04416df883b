import { expect, it } from "vitest";
import { isDynamic, withWildcard } from "./words";

it.each([
  ['""', '"__colour__"'],
  ['"a boat"', '"a boat, __colour__"'],
  ['"a boat,  "', '"a boat, __colour__"'],
  ["null", '"__colour__"'],
])("sets a wildcard off from %s", (json, wanted) => {
  expect(withWildcard(json, "colour")).toBe(wanted);
});

it.each([
  ["__lichttöne__", true],
  ["a __色/夜__ sky", true],
  ["__o'neil & co__", true],
  ["__a.b+c_d-e*__", true],
  ["__colour\\warm__", true],
  ["é__season__", true],
  ["___season___", true],
  ["{{x}|b}", true],
  ["{-2$$__season__}", true],
  ["{a|b", true],
  ["my__old__style", false],
  ["__ season __", false],
  ["__a, b__", false],
  ["__/__ and ____", false],
  ["\\__season\\__", false],
  ["\\{red\\|blue\\}", false],
  ["{red\\|blue}", false],
  ['{"light": "soft"} | {}', false],
])("%j stands for several texts, as the engine reads it: %s", (text, is) => {
  expect(isDynamic(text)).toBe(is);
});

it("reads a long text of underscores and braces at once", () => {
  const start = performance.now();
  expect(isDynamic("__a".repeat(30_000) + "{ 1".repeat(30_000) + " ".repeat(30_000))).toBe(true);
  expect(isDynamic("_".repeat(90_000) + "{".repeat(90_000) + " ".repeat(90_000))).toBe(false);
  expect(performance.now() - start).toBeLessThan(1000);
});
