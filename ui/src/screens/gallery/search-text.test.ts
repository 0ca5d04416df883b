import { describe, expect, it } from "vitest";
import type { QueryPart } from "../../bindings/QueryPart";
import {
  chipText,
  draftFrom,
  hasToken,
  isKeyed,
  joined,
  problems,
  renamed,
  split,
  toggled,
  tokenOf,
  tokens,
  typed,
  withChip,
} from "./search-text";

const part = (from: number, to: number, problem: string | null): QueryPart => ({
  from,
  to,
  key: null,
  negated: false,
  problem,
  unfinished: false,
  without: "",
});

describe("tokens", () => {
  it("are what stands between spaces, quotes keep them together", () => {
    expect(tokens('red  tag:"for print" -"a b').map(({ text, from }) => [text, from])).toEqual([
      ["red", 0],
      ['tag:"for print"', 5],
      ['-"a b', 21],
    ]);
    expect(tokens("   ")).toEqual([]);
  });

  it("have a key or not", () => {
    const keyed = [
      "model:flux",
      "-lora:film",
      "KSampler.steps>30",
      "*.denoise<=0.5",
      "size:",
      '"Power Lora Loader (rgthree)".lora_1:film',
    ];
    expect(keyed.map(isKeyed)).toEqual(keyed.map(() => true));
    const words = ["red", '"a: b"', "-red", ">30", "1.5", "://"];
    expect(words.map(isKeyed)).toEqual(words.map(() => false));
  });
});

describe("split", () => {
  it("makes chips of finished tokens, wherever they stand", () => {
    expect(split('red model:flux lamp tag:"for print"')).toEqual({
      chips: ["model:flux", 'tag:"for print"'],
      draft: "red lamp",
    });
    expect(split("rating:")).toEqual({ chips: [], draft: "rating:" });
  });

  it("leaves alone what is still typed", () => {
    expect(split("red model:fl", true)).toEqual({ chips: [], draft: "red model:fl" });
    expect(split("red model:flux ", true)).toEqual({ chips: ["model:flux"], draft: "red " });
    expect(split('tag:"for pr', true)).toEqual({ chips: [], draft: 'tag:"for pr' });
  });

  it("gives the same text again", () => {
    for (const text of ["", "red lamp", "model:flux", "model:flux rating:3+ red lamp"])
      expect(joined(split(text))).toBe(text);
  });
});

describe("editing", () => {
  const parts = split("model:flux rating:3+ red");

  it("takes typed tokens over", () => {
    expect(typed(parts, "red seed:12 ")).toEqual({
      chips: ["model:flux", "rating:3+", "seed:12"],
      draft: "red ",
    });
    expect(draftFrom(parts)).toBe("model:flux rating:3+ ".length);
  });

  it("changes a chip in place, or takes it away", () => {
    expect(withChip(parts, 0, "model:sdxl").chips).toEqual(["model:sdxl", "rating:3+"]);
    expect(joined(withChip(parts, 1, ""))).toBe("model:flux red");
    expect(withChip(parts, 0, "lamp seed:1")).toEqual({
      chips: ["seed:1", "rating:3+"],
      draft: "red lamp",
    });
  });

  it("draws key and value", () => {
    expect(chipText('tag:"for print"')).toEqual({ key: "tag:", value: "for print" });
    expect(chipText("-KSampler.steps>=30")).toEqual({ key: "-KSampler.steps>=", value: "30" });
  });
});

describe("problems", () => {
  it("stand at their token", () => {
    const parts = split("model:flux rating:9 size:x");
    const told = [
      part(0, 10, null),
      part(11, 19, "Stars go from 0 to 5."),
      part(20, 26, "Not a size."),
    ];
    expect(problems(parts, told)).toEqual({
      chips: [null, "Stars go from 0 to 5.", "Not a size."],
      draft: null,
    });
    expect(problems(split("red rating:"), [part(4, 11, "How many stars?")])).toEqual({
      chips: [],
      draft: "How many stars?",
    });
    const unfinished = { ...part(4, 11, "How many stars?"), unfinished: true };
    expect(problems(split("red rating:"), [unfinished]).draft).toBeNull();
  });
});

describe("tokens to turn on and off", () => {
  it("are quoted where they need it", () => {
    const of = (name: string): string => tokenOf("tag", name);
    expect(["print", "a:b", "for print", "a,b", "=a"].map(of)).toEqual([
      "tag=print",
      "tag=a:b",
      'tag="for print"',
      'tag="a,b"',
      'tag="=a"',
    ]);
    const odd = of('for "my print"');
    expect(odd).toBe('tag="for \\"my print\\""');
    expect(tokens(`red ${odd} lamp`).map(({ text }) => text)).toEqual(["red", odd, "lamp"]);
  });

  it("are added and taken away", () => {
    expect(toggled("red", "fav:yes")).toBe("red fav:yes");
    expect(toggled("red FAV:yes lamp", "fav:yes")).toBe("red lamp");
    expect(hasToken('tag:"fav:yes"', "fav:yes")).toBe(false);
  });
});

it.each([
  ["tag:art", "tag:ink"],
  ["red TAG=Art -tag:art lamp", "red TAG=ink -tag:ink lamp"],
  ['tag="art" tag:"art', "tag=ink tag:ink"],
  [
    "tag:artist tag:art,artist,=art art collection:art",
    "tag:artist tag:ink,artist,=ink art collection:art",
  ],
  ['"tag:art" name:art', '"tag:art" name:art'],
  ["", ""],
])("a tag that has another name is found by it: %s", (text, after) => {
  expect(renamed(text, "tag", "art", "ink")).toBe(after);
});

it("quotes names where they need it when they change", () => {
  const odd = tokenOf("collection", 'for "print"');
  expect(renamed("collection=a -collection:a", "collection", "a", "for print")).toBe(
    'collection="for print" -collection:"for print"',
  );
  expect(renamed(`red ${odd}`, "collection", 'for "print"', "b")).toBe("red collection=b");
});
