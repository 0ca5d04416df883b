import { afterEach, beforeEach, expect, it } from "vitest";
import { toolbar } from "./toolbar";

let bar: HTMLElement;
let end: () => void;

beforeEach(() => {
  document.body.innerHTML = `<div role="toolbar">
    <button id="a"></button>
    <button id="b" disabled></button>
    <input id="slider" type="range" />
    <button id="c"></button>
    <div role="radiogroup"><button id="radio" tabindex="0"></button></div>
    <button id="d"></button>
  </div>`;
  bar = document.querySelector<HTMLElement>("[role=toolbar]")!;
  end = toolbar(bar);
});
afterEach(() => end());

const of = (id: string): HTMLElement => document.getElementById(id)!;
const stops = (): string[] =>
  [...bar.querySelectorAll<HTMLElement>("button:not(:disabled), input")]
    .filter(({ tabIndex }) => tabIndex === 0)
    .map(({ id }) => id)
    .sort();
/** Presses a key where the focus is, and gives where it went. Nothing: the key was not taken. */
function press(key: string, more: KeyboardEventInit = {}): string | null {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  document.activeElement?.dispatchEvent(event);
  return event.defaultPrevented ? (document.activeElement?.id ?? "") : null;
}

it("is one stop for Tab, but for what takes arrow keys for itself", () => {
  expect(stops()).toEqual(["a", "radio", "slider"]);
});

it("goes from button to button with arrow keys, around the ends, and Tab comes back there", () => {
  of("a").focus();
  expect(press("ArrowRight")).toBe("c");
  expect(press("ArrowRight")).toBe("d");
  expect(press("ArrowRight")).toBe("a");
  expect(press("ArrowLeft")).toBe("d");
  expect(press("Home")).toBe("a");
  expect(press("End")).toBe("d");
  expect(stops()).toEqual(["d", "radio", "slider"]);
});

it("leaves other keys and other controls alone", () => {
  of("a").focus();
  expect(press("ArrowDown")).toBeNull();
  expect(press("ArrowRight", { ctrlKey: true })).toBeNull();
  of("slider").focus();
  expect(press("ArrowRight")).toBeNull();
  of("radio").focus();
  expect(press("ArrowRight")).toBeNull();
});

it("leaves the arrow keys to what is behind it where a button was pressed with the pointer", () => {
  of("a").dispatchEvent(new Event("pointerdown", { bubbles: true }));
  of("a").focus();
  expect(press("ArrowRight")).toBeNull();
  of("a").blur();
  of("a").focus();
  expect(press("ArrowRight")).toBe("c");
});

it("has a stop also when the button that was it goes or is disabled", async () => {
  of("d").focus();
  of("d").remove();
  await Promise.resolve();
  expect(stops()).toEqual(["a", "radio", "slider"]);
  of("a").toggleAttribute("disabled", true);
  of("b").toggleAttribute("disabled", false);
  await Promise.resolve();
  expect(stops()).toEqual(["b", "radio", "slider"]);
});
