import { describe, expect, it } from "vitest";
import { SCROLL_MAX, scrollHeight, toContent, toScroll } from "./virtual";

describe("virtual scrolling", () => {
  it("changes nothing below the cap", () => {
    expect(scrollHeight(50_000)).toBe(50_000);
    expect(toContent(1234, 50_000, 700)).toBe(1234);
    expect(toScroll(1234, 50_000, 700)).toBe(1234);
  });

  it("reaches the top, the bottom and back above the cap", () => {
    const tall = SCROLL_MAX * 5;
    expect(scrollHeight(tall)).toBe(SCROLL_MAX);
    expect(toContent(0, tall, 700)).toBe(0);
    expect(toContent(SCROLL_MAX - 700, tall, 700)).toBeCloseTo(tall - 700);
    expect(toContent(toScroll(43_210_987, tall, 700), tall, 700)).toBeCloseTo(43_210_987, 3);
  });

  it("stays within what can be scrolled", () => {
    expect(toScroll(-5, 5_000, 700)).toBe(0);
    expect(toScroll(9_999, 5_000, 700)).toBe(4_300);
    expect(toScroll(100, 300, 700)).toBe(0);
  });
});
