import { expect, it } from "vitest";
import { isLong, isText, plain } from "./value";

it.each([
  ['"a \\"b\\" \\u00e9"', 'a "b" é'],
  ["18446744073709551615", "18446744073709551615"],
  ["7.50", "7.50"],
  ["[1, 2]", "[1, 2]"],
  ["true", "true"],
  ['"cut off in the mid', "cut off in the mid"],
])("%s is shown as %s", (json, text) => expect(plain(json)).toBe(text));

it("tells texts from others, and long ones from short ones", () => {
  expect([isText('"a"'), isText("1")]).toEqual([true, false]);
  expect([isLong("short"), isLong("two\nlines"), isLong("x".repeat(121))]).toEqual([
    false,
    true,
    true,
  ]);
});
