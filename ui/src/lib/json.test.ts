import { describe, expect, it } from "vitest";
import { laidOut, print, read, same } from "./json";

const of = (text: string) => {
  const found = read(text);
  if (!found.ok) throw new Error(found.why);
  return found.value;
};

describe("laid out", () => {
  it("keeps every value and name to the letter", () => {
    const text =
      '{"3":{"inputs":{"seed":18446744073709551615,"cfg":7.50,"denoise":1e0,"text":"a \\u00e9 \\" b","model":["4",0],"\\u006e":-0.0,"none":null,"empty":{},"list":[]}}}';
    const laid = laidOut(text);
    expect(laid.split("\n")).toContain('      "seed": 18446744073709551615,');
    expect(laid).toContain('"model": ["4", 0]');
    // Only space differs, and there is none in the texts here that the first replace would touch.
    expect(laid.replaceAll(/\n\s*/g, "").replaceAll(": ", ":").replaceAll(", ", ",")).toBe(text);
    expect(laidOut(laid)).toBe(laid);
  });

  it("leaves what is no JSON as it is", () => {
    expect(laidOut('{"a": ')).toBe('{"a": ');
  });

  it("puts long lists and lists of objects into lines", () => {
    expect(print(of('[{"a":1}]'))).toBe('[\n  {\n    "a": 1\n  }\n]');
    expect(print(of(`[${"1,".repeat(60)}1]`)).split("\n")).toHaveLength(63);
  });
});

describe("what is wrong is named with its place", () => {
  const fault = (text: string): string => {
    const found = read(text);
    return found.ok ? "" : `${found.line}:${found.column} ${found.why}`;
  };
  it.each([
    ['{\n  "a": 1\n  "b": 2\n}', "3:3 a comma or } is expected here"],
    ['{"a": }', "1:7 a value is expected here"],
    ['{"a": 01}', "1:8 a comma or } is expected here"],
    ['{"a" 1}', "1:6 a colon is expected here"],
    ["{a: 1}", "1:2 a name in quotes is expected here"],
    ['{"a": 1,}', "1:9 a name in quotes is expected here"],
    ["[1,]", "1:4 a value is expected here"],
    ["[1", "1:3 a comma or ] is expected here"],
    ['"abc', "1:1 this text has no closing quote"],
    ['{"a": "b\n"}', "1:7 this text has no closing quote in its line"],
    ['"\\x"', "1:1 this text has a \\ with nothing it could mean after it"],
    ["{} {}", "1:4 nothing more is expected here"],
    ["", "1:1 a value is expected here"],
    ["[NaN]", "1:2 a value is expected here"],
  ])("%j", (text, why) => expect(fault(text)).toBe(why));

  it("depth has an end", () => {
    expect(fault("[".repeat(5000))).toMatch(/levels deep/);
  });

  it.each(["1", "-1.5e+7", '"x"', "true", " [ ] ", '{"a":{"b":[[1],{}]}}'])("%j is fine", (text) =>
    expect(fault(text)).toBe(""),
  );
});

describe("same", () => {
  it("compares texts by what they say, numbers by their letters, and names in any order", () => {
    expect(same(of('"\\u0041"'), of('"A"'))).toBe(true);
    expect(same(of("18446744073709551615"), of("18446744073709551614"))).toBe(false);
    expect(same(of("1.0"), of("1"))).toBe(false);
    expect(same(of('{"a":1,"b":[2]}'), of('{"b":[2],"a":1}'))).toBe(true);
    expect(same(of('{"a":1}'), of('{"a":1,"b":2}'))).toBe(false);
    expect(same(of("[1]"), of("[1,2]"))).toBe(false);
    expect(same(of("[1]"), of("1"))).toBe(false);
  });
});
