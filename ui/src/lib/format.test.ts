import { describe, expect, it } from "vitest";
import { brief, bytes, clock, model, size, took } from "./format";

describe("numbers as people read them", () => {
  it.each([
    [0, "0:00"],
    [41_900, "0:41"],
    [250_000, "4:10"],
    [3_723_000, "1:02:03"],
  ])("clock(%i) is %s", (ms, text) => expect(clock(ms)).toBe(text));

  it.each([
    [0, "0.0 s"],
    [400, "0.4 s"],
    [-5, "0.0 s"],
    [9_940, "9.9 s"],
    [9_950, "10 s"],
    [31_200, "31 s"],
    [59_499, "59 s"],
    [59_500, "1 min"],
    [91_000, "1 min 31 s"],
    [348_000, "5 min 48 s"],
    [360_000, "6 min"],
    [3_599_499, "59 min 59 s"],
    [3_599_500, "1 h"],
    [3_629_999, "1 h"],
    [3_630_000, "1 h 1 min"],
    [4_320_000, "1 h 12 min"],
    [7_169_999, "1 h 59 min"],
    [7_170_000, "2 h"],
    [90_000_000, "25 h"],
  ])("took(%i) is %s", (ms, text) => expect(took(ms)).toBe(text));

  it.each([
    [1, "1"],
    [999, "999"],
    [1_000, "1k"],
    [3_000, "3k"],
    [3_999, "3k"],
    [12_345, "12k"],
    [999_999, "999k"],
    [1_000_000, "1M"],
  ])("brief(%i) is %s", (n, text) => expect(brief(n)).toBe(text));

  it.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [999, "999 bytes"],
    [1_000, "1 kB"],
    [99_960, "100 kB"],
    [999_600, "1 MB"],
    [3_400_000, "3.4 MB"],
    [212_000_000_000, "212 GB"],
  ])("bytes(%i) is %s", (n, text) => expect(bytes(n)).toBe(text));

  it("sizes and models are short", () => {
    expect(size(1152, 864)).toBe("1152×864");
    expect(size(null, 864)).toBe("");
    expect(model("sdxl/sd_xl_base_1.0.safetensors")).toBe("sd_xl_base_1.0");
  });
});
