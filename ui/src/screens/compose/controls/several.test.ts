import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { asType, meantAs, typeOf } from "./several";
import SeveralKnob from "./SeveralKnob.svelte";

describe("a value of one of several types", () => {
  it.each([
    ["true", ["text", "boolean"], "boolean"],
    ['"true"', ["text", "boolean"], "text"],
    ["5", ["int", "float"], "int"],
    ["5.0", ["int", "float"], "float"],
    ["5", ["text", "float"], "float"],
    ["[1]", ["text", "json"], "json"],
    ["null", ["float", "text"], "float"],
    ["18446744073709551615", ["float", "int"], "int"],
  ] as const)("%s of %j is %s", (json, types, type) => {
    expect(typeOf(json, types)).toBe(type);
  });

  it("is a type that what is typed can be half of", () => {
    expect(typeOf('"a"', ["text", "json"], '{"a":')).toBe("json");
    expect(typeOf('"a"', ["text", "int"], "12e")).toBe("int");
    expect(typeOf("3", ["int", "json"], "12e")).toBe("int");
  });

  it.each([
    ["18446744073709551615", "text", '"18446744073709551615"'],
    ['"18446744073709551615"', "int", "18446744073709551615"],
    ["1.75", "int", "1"],
    ["-1.75", "int", "-1"],
    ["1", "float", "1.0"],
    ['" 0.250"', "float", "0.25"],
    ["true", "int", "1"],
    ["true", "text", '"true"'],
    ['"True"', "boolean", "true"],
    ["0.0", "boolean", "false"],
    ['"a fox"', "float", "0.0"],
    ['[1, "a"]', "text", '"[1, \\"a\\"]"'],
    ['"[1, \\"a\\"]"', "json", '[1, "a"]'],
    ['"5"', "json", '"5"'],
    ["null", "text", '""'],
    ["null", "int", "0"],
  ] as const)("%s as %s is %s", (json, type, made) => {
    expect(asType(json, type)).toBe(made);
  });

  it.each([
    ["5", ["int", "float", "text"], "5"],
    ["5.5", ["int", "float", "text"], "5.5"],
    ["5.5", ["int", "text"], '"5.5"'],
    ["true", ["boolean", "text"], "true"],
    ["[1]", ["text", "json"], "[1]"],
    ["a", ["int", "json"], null],
    ["", ["int", "text"], '""'],
  ] as const)("typed %j among %j means %s", (text, types, json) => {
    expect(meantAs(text, types)).toBe(json);
  });
});

describe("its field", () => {
  let shown: Record<string, unknown> | null = null;
  afterEach(() => {
    if (shown !== null) void unmount(shown);
    shown = null;
    document.body.innerHTML = "";
  });
  const show = (json: string, onvalue: (json: string) => void): void => {
    const types = ["int", "float", "boolean", "text", "json"] as const;
    const props = { id: "k", label: "Value", json, types, typed: null, onvalue, ontyped: vi.fn() };
    shown = mount(SeveralKnob, { target: document.body, props });
    flushSync();
  };

  it("is that of its type, and another type keeps what it can say", () => {
    const onvalue = vi.fn();
    show('"12"', onvalue);
    const field = document.querySelector<HTMLInputElement>("input");
    expect(field?.value).toBe("12");
    const type = document.querySelector<HTMLSelectElement>("[aria-label='Value, type']");
    if (type === null) throw new Error("There are types.");
    expect(type.value).toBe("text");
    type.value = "int";
    type.dispatchEvent(new Event("change", { bubbles: true }));
    expect(onvalue).toHaveBeenCalledWith("12");
  });

  it("stays that of a number while a point is typed", () => {
    const onvalue = vi.fn();
    show("1", onvalue);
    const type = document.querySelector<HTMLSelectElement>("select");
    if (type === null) throw new Error("There are types.");
    type.value = "float";
    type.dispatchEvent(new Event("change", { bubbles: true }));
    flushSync();
    expect(onvalue).toHaveBeenLastCalledWith("1.0");
    const field = document.querySelector<HTMLInputElement>("#k");
    if (field === null) throw new Error("There is a field.");
    field.value = "1.";
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    flushSync();
    expect([type.value, document.querySelector<HTMLInputElement>("#k")?.value]).toEqual([
      "float",
      "1.",
    ]);
  });
});
