import { describe, expect, it } from "vitest";
import { addressOf, pairOf, swapped } from "./pair";

describe("the viewer's address", () => {
  it.each([
    ["b", { a: null, b: "b" }],
    ["a+b", { a: "a", b: "b" }],
    ["a+a", { a: "a", b: "a" }],
    ["+b", { a: null, b: "b" }],
  ])("%s", (address, pair) => {
    expect(pairOf(address)).toEqual(pair);
  });

  it("is what it was read from", () => {
    for (const address of ["b", "a+b"]) expect(addressOf(pairOf(address))).toBe(address);
  });

  it("can be swapped", () => {
    expect(addressOf(swapped(pairOf("a+b")))).toBe("b+a");
    expect(addressOf(swapped(pairOf("b")))).toBe("b");
  });
});
