import { describe, expect, it } from "vitest";
import {
  decimal,
  numberFault,
  numberJson,
  randomSeed,
  reaching,
  rangeValues,
  ratio,
  reshaped,
  shortNumber,
  slider,
  stepped,
  tidy,
  write,
} from "./exact";

const LARGEST = "18446744073709551615";
const SEED = { min: "0", max: LARGEST, step: null };
const open = { min: null, max: null, step: null };

it.each([
  ["771204", "771204"],
  [LARGEST, LARGEST],
  ["-3", "-3"],
  [".5", "0.5"],
  ["1.50", "1.50"],
  ["1e3", "1000"],
  ["25e-2", "0.25"],
])("%s is read and written", (text, written) => {
  const value = decimal(text);
  expect(value === null ? null : write(value)).toBe(written);
});

it.each(["", "-", ".", "1,5", "0x1", "NaN", "1e999999", "1".repeat(500)])("%j is none", (text) =>
  expect(decimal(text)).toBeNull(),
);

it("keeps every digit of a seed, and of a float as it was typed", () => {
  expect(numberJson(LARGEST, true)).toBe(LARGEST);
  expect(numberJson("1.50", false)).toBe("1.50");
  expect(numberJson("007", false)).toBe("7");
  expect(numberJson(".5", false)).toBe("0.5");
  expect(numberJson("2.0", true)).toBe("2");
  expect(numberJson("2.5", true)).toBeNull();
  expect(numberJson("two", false)).toBeNull();
});

it("says what is wrong with a number", () => {
  expect(numberFault(LARGEST, true, SEED)).toBeNull();
  expect(numberFault("18446744073709551616", true, SEED)).toBe(`The most is ${LARGEST}.`);
  expect(numberFault("-1", true, SEED)).toBe("The least is 0.");
  expect(numberFault("1.5", true, SEED)).toBe("Only whole numbers go in here.");
  expect(numberFault(" ", true, SEED)).toBe("A number is needed here.");
  expect(numberFault("x", false, open)).toBe("This is no number.");
});

it("goes in steps and stays within the bounds", () => {
  expect(stepped(LARGEST, 1n, true, SEED)).toBe(LARGEST);
  expect(stepped("18446744073709551614", 1n, true, SEED)).toBe(LARGEST);
  expect(stepped("0.1", 2n, false, { ...open, step: "0.1" })).toBe("0.3");
  expect(stepped("5", -10n, true, { ...open, min: "1" })).toBe("1");
  expect(stepped("", 1n, true, open)).toBe("1");
});

describe("a slider", () => {
  it("stands where the value is and gives values back", () => {
    const steps = slider("24", true, { min: "1", max: "50", step: "1" });
    expect([steps?.count, steps?.at, steps?.value(0), steps?.value(49)]).toEqual([
      49,
      23,
      "1",
      "50",
    ]);
    const share = slider("0.35", false, { min: "0.0", max: "1.0", step: "0.01" });
    expect([share?.count, share?.at, share?.value(50)]).toEqual([100, 35, "0.5"]);
  });
  it("is not offered for seeds, nor without bounds", () => {
    expect(slider("1", true, SEED)).toBeNull();
    expect(slider("1", true, open)).toBeNull();
    expect(slider("1", true, { min: "2", max: "1", step: null })).toBeNull();
  });
});

it("draws seeds within the bounds", () => {
  expect(randomSeed(new Uint8Array(8).fill(255), SEED)).toBe(LARGEST);
  expect(randomSeed(new Uint8Array(8), SEED)).toBe("0");
  const small = randomSeed(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]), { ...SEED, max: "9" });
  expect(Number(small)).toBeLessThanOrEqual(9);
});

it.each<[string, string[] | null]>([
  ["0.25..1 step 0.25", ["0.25", "0.5", "0.75", "1"]],
  ["1, 2, 5..8", ["1", "2", "5", "6", "7", "8"]],
  ["3..1", ["3", "2", "1"]],
  ["0..1 step 0.4", ["0", "0.4", "0.8"]],
  ["0..0.3 step 0.1", ["0", "0.1", "0.2", "0.3"]],
  ["1..1000000000", null],
  ["1..2 step 0", null],
  ["a..b", null],
  ["", null],
])("%j is %j", (text, values) => expect(rangeValues(text)).toEqual(values));

it("knows shapes", () => {
  expect(ratio("896", "1152")).toBe("7:9");
  expect(ratio("1024", "0")).toBeNull();
  expect(reshaped("1024", "1024", [16, 9], 64)).toEqual({ width: "1344", height: "768" });
  expect(reshaped("x", "1024", [1, 1], 64)).toBeNull();
});

it("writes numbers for labels", () => {
  expect(shortNumber("0.30000")).toBe("0.3");
  expect(shortNumber(LARGEST)).toBe(LARGEST);
  expect(shortNumber("none")).toBe("none");
  expect(tidy({ digits: 20n, scale: 1 }, true)).toBe("2.0");
});

it("slides up to what is usual, unless the value is beyond it", () => {
  const wide = { min: "1", max: "10000", step: null };
  expect(slider("20", true, reaching(wide, "100", "20"))?.count).toBe(99);
  expect(slider("120", true, reaching(wide, "100", "120"))).toBeNull();
  expect(reaching({ ...wide, max: "50" }, "100", "20").max).toBe("50");
  expect(reaching(wide, null, "20")).toBe(wide);
});
