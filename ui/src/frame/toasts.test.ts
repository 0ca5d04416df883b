import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { toasts } from "../state/toasts.svelte";
import Toasts from "./Toasts.svelte";

vi.mock("../host", () => ({ mediaUrl: (path: string) => path }));

let shown: object | null = null;
let field: HTMLElement;

beforeEach(() => {
  vi.useFakeTimers();
  toasts.list = [];
  field = document.body.appendChild(document.createElement("input"));
  field.focus();
  shown = mount(Toasts, { target: document.body });
});
afterEach(async () => {
  vi.useRealTimers();
  if (shown !== null) await unmount(shown);
  field.remove();
});

const add = (title: string, run?: () => void): void => {
  toasts.add({
    tone: "plain",
    title,
    text: "",
    ...(run === undefined ? {} : { action: { label: "Show", run } }),
  });
  flushSync();
};
const titles = (): string[] => toasts.list.map(({ title }) => title);
const buttons = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(".toast button")];
function pass(seconds: number): void {
  vi.advanceTimersByTime(seconds * 1000);
  flushSync();
}
/** Presses a button by the keyboard. */
function press(button: HTMLElement | undefined): void {
  button?.focus();
  flushSync();
  button?.click();
  flushSync();
}

it("goes on to the next one and back where the focus came from, and others still go by themselves", () => {
  add("first");
  add("second");
  press(buttons()[1]);
  expect(document.activeElement).toBe(buttons()[0]);
  pass(60);
  expect(titles()).toEqual(["first"]);
  press(buttons()[0]);
  expect(document.activeElement).toBe(field);
  add("third");
  pass(6.1);
  expect(titles()).toEqual([]);
});

it("has given the focus back when it leads elsewhere", () => {
  let had: Element | null = null;
  add("other");
  add("problems", () => (had = document.activeElement));
  press(buttons()[1]);
  expect(had).toBe(field);
});

it("stays while either the pointer or the focus is on it", () => {
  add("first");
  const region = document.querySelector(".toasts");
  buttons()[0]?.focus();
  region?.dispatchEvent(new Event("pointerenter"));
  region?.dispatchEvent(new Event("pointerleave"));
  flushSync();
  pass(60);
  expect(titles()).toEqual(["first"]);
  field.focus();
  flushSync();
  pass(6.1);
  expect(titles()).toEqual([]);
});

it("forgets the pointer with the last one", () => {
  add("first");
  document.querySelector(".toasts")?.dispatchEvent(new Event("pointerenter"));
  toasts.list = [];
  flushSync();
  add("second");
  pass(6.1);
  expect(titles()).toEqual([]);
});
