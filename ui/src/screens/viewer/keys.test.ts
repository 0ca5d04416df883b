import { describe, expect, it } from "vitest";
import { actOf, type Act } from "./keys";

const press = (text: string): Act | null => {
  const parts = text === "+" ? ["+"] : text.split("+");
  const held = (name: string): boolean => parts.includes(name);
  return actOf({
    key: parts.at(-1) ?? "",
    ctrlKey: held("Ctrl"),
    metaKey: held("Meta"),
    altKey: held("Alt"),
    shiftKey: held("Shift"),
  });
};

describe("a key", () => {
  it.each([
    ["ArrowRight", "next"],
    ["Shift+ArrowRight", "right"],
    ["+", "in"],
    ["Z", "fit"],
    ["Ctrl+c", "copy"],
    ["Ctrl+Shift+C", null],
    ["Ctrl+e", "reveal"],
    ["Ctrl+Shift+E", "export"],
    ["c", "compare"],
    ["Alt+ArrowLeft", null],
    ["Ctrl+ArrowLeft", null],
    [".", "frame"],
    [",", "frame-before"],
    [" ", "play"],
    ["Delete", "bin"],
    ["Backspace", "bin"],
    ["Ctrl+Backspace", null],
    ["q", null],
    ["toString", null],
  ])("%s: %s", (text, act) => {
    expect(press(text)).toBe(act);
  });

  it("0 to 5 are stars, and no others", () => {
    for (let stars = 0; stars <= 5; stars += 1) expect(press(String(stars))).toEqual({ stars });
    expect(press("6")).toBeNull();
    expect(press("Ctrl+1")).toBeNull();
  });
});
