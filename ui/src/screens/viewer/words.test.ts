import { describe, expect, it } from "vitest";
import { differingWords, type Piece } from "./words";

/** Both texts again from the pieces. */
const text = (pieces: readonly Piece[], side: "a" | "b"): string =>
  pieces
    .filter((piece) => piece.in === "both" || piece.in === side)
    .map((piece) => piece.text)
    .join("");

describe("differing words", () => {
  it("marks the words that differ, and no more", () => {
    expect(differingWords("a cat, on a mat", "a dog, on a mat")).toEqual([
      { text: "a ", in: "both" },
      { text: "cat", in: "a" },
      { text: "dog", in: "b" },
      { text: ", on a mat", in: "both" },
    ]);
  });

  it.each([
    ["", ""],
    ["", "a lake"],
    ["a lake", ""],
    ["one two three four", "four three two one"],
    ["(masterpiece:1.2), <lora:x:0.8>", "(masterpiece:1.3), <lora:y:0.8>, 雪の山"],
    ["same", "same"],
    ["a\n\nb", "a b"],
  ])("gives both texts back: %j, %j", (a, b) => {
    const pieces = differingWords(a, b);
    expect(pieces).not.toBeNull();
    expect(text(pieces ?? [], "a")).toBe(a);
    expect(text(pieces ?? [], "b")).toBe(b);
  });

  it("gives up on texts that would take long", () => {
    const long = (word: string): string => `${word} `.repeat(4000);
    expect(differingWords(long("a"), long("b"))).toBeNull();
    // What both begin and end with costs nothing.
    expect(differingWords(`${long("a")}x`, `${long("a")}y`)?.length).toBe(3);
  });
});
