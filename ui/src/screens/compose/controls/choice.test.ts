import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ChoicesView } from "../../../bindings/ChoicesView";
import ChoiceKnob from "./ChoiceKnob.svelte";
import { bare, goneIn, goneOf } from "./choices.svelte";

vi.mock("../../../host", () => ({ commands: {}, openStream: vi.fn() }));

const many = Array.from({ length: 40 }, (_, at) => JSON.stringify(`model ${at}`));

describe("a value that no server has", () => {
  it("is known by the first values, where they are all", () => {
    expect(goneOf('"a"', ['"a"', '"b"'], 2)).toBe(false);
    expect(goneOf('"c"', ['"a"', '"b"'], 2)).toBe(true);
    expect(goneOf('"c"', many, 40)).toBe(true);
    expect(goneOf('"c"', many, 41)).toBeNull();
    expect(goneOf('"c"', [], 0)).toBe(false);
    expect(goneOf('""', ['"a"'], 1)).toBe(false);
  });

  it("is known by what has its words, where that is all", () => {
    expect(goneIn('"c"', { choices: [], total: 0 })).toBe(true);
    expect(goneIn('"c"', { choices: [bare('"c"')], total: 1 })).toBe(false);
    expect(goneIn('"c"', { choices: [bare('"cc"')], total: 90 })).toBe(false);
  });
});

describe("the field of a choice", () => {
  let shown: Record<string, unknown> | null = null;
  afterEach(() => {
    if (shown !== null) void unmount(shown);
    shown = null;
    document.body.innerHTML = "";
  });
  const show = (json: string, values: readonly string[], ask: () => Promise<ChoicesView>): void => {
    shown = mount(ChoiceKnob, {
      target: document.body,
      props: {
        id: "k",
        json,
        values,
        total: values.length < 40 ? values.length : 90,
        ask,
        describedby: "said",
        onvalue: vi.fn(),
      },
    });
    flushSync();
  };
  const described = (): string =>
    (document.querySelector("input")?.getAttribute("aria-describedby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id)?.textContent ?? "")
      .join("");

  it("says so before its list was opened, and asks nothing", () => {
    const ask = vi.fn(() => Promise.resolve({ choices: [], total: 0 }));
    show('"c"', ['"a"'], ask);
    expect(described()).toBe("No server has it");
    expect(ask).not.toHaveBeenCalled();
  });

  it("asks once where the first values do not tell", async () => {
    const ask = vi.fn(() => Promise.resolve({ choices: [], total: 0 }));
    show('"c"', many, ask);
    expect(described()).toBe("");
    await tick();
    await tick();
    flushSync();
    expect(described()).toBe("No server has it");
    expect(ask).toHaveBeenCalledTimes(1);
    expect(ask).toHaveBeenCalledWith("c");
  });
});
