import { beforeEach, describe, expect, it, vi } from "vitest";
import type { QueryPart } from "../../bindings/QueryPart";
import { commands } from "../../host";
import { answerOf } from "./fixtures";
import { dropsOf, nothingText } from "./nothing";

vi.mock("../../host", () => ({ commands: { library_query: vi.fn() } }));

/** Words with blanks between them, as the library tells their places. */
function partsOf(text: string, problem: Record<string, string> = {}): QueryPart[] {
  const words = text.split(" ");
  return words.map((word, at) => ({
    from: text.indexOf(word),
    to: text.indexOf(word) + word.length,
    key: null,
    negated: false,
    problem: problem[word] ?? null,
    unfinished: word.endsWith(":"),
    without: words.filter((_, other) => other !== at).join(" "),
  }));
}

const ask = vi.mocked(commands.library_query);
const left: Record<string, number> = {
  "lora:linocut": 201,
  "rating:5": 1284,
  "rating:5 lora:linocut": 0,
};

beforeEach(() => {
  ask.mockReset();
  ask.mockImplementation(({ query }) =>
    Promise.resolve(answerOf([], { shown: left[query.text] ?? 7 })),
  );
});

describe("a search that finds nothing", () => {
  it("offers to drop what leaves most first, with how much that is", async () => {
    const text = "rating:5 lora:linocut";
    expect(await dropsOf(text, partsOf(text))).toEqual([
      { text: "lora:linocut", without: "rating:5", left: 1284 },
      { text: "rating:5", without: "lora:linocut", left: 201 },
    ]);
    expect(nothingText(text, partsOf(text))).toBe(
      "rating:5 and lora:linocut find nothing together.",
    );
  });

  it("does not offer what leaves nothing, and what does not narrow", async () => {
    const text = "rating:5 lora:linocut lamp size:x tag:";
    const parts = partsOf(text, { "size:x": "No size." });
    left["lora:linocut lamp size:x tag:"] = 0;
    expect((await dropsOf(text, parts)).map((drop) => drop.text)).toEqual(["lora:linocut", "lamp"]);
    expect(nothingText(text, parts)).toBe("rating:5, lora:linocut and lamp find nothing together.");
  });

  it("asks no more than three times, or its own answer would be forgotten", async () => {
    const text = "a b c d e";
    expect(await dropsOf(text, partsOf(text))).toHaveLength(3);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  it("asks nothing of a single part, and offers parts uncounted where it cannot be counted", async () => {
    expect(await dropsOf("lamp", partsOf("lamp"))).toEqual([]);
    expect(nothingText("lamp ", partsOf("lamp"))).toBe("lamp finds nothing.");
    expect(ask).not.toHaveBeenCalled();
    ask.mockRejectedValue({ message: "no" });
    expect((await dropsOf("a b", partsOf("a b"))).map((drop) => drop.left)).toEqual([null, null]);
  });
});
