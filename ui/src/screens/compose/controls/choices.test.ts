import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import type { ComposeView } from "../../../bindings/ComposeView";
import { commands } from "../../../host";
import { Composing } from "../composing.svelte";
import { aboutKnob, emptyPlan, emptyState } from "../fixtures";
import KnobField from "../KnobField.svelte";
import { chosenIn, namesOf } from "./list";

vi.mock("../../../host", () => ({
  commands: {
    compose_save: vi.fn(() => Promise.resolve(null)),
    compose_plan: vi.fn(() => Promise.resolve(emptyPlan())),
    compose_choices: vi.fn(),
  },
  openStream: vi.fn(),
}));

const names = ['"fox"', '"owl"', '"cat"'];
const tags = aboutKnob("7", "tags", {
  kind: { type: "choices", values: names, total: 3 },
  json: '["fox","owl"]',
  label: "Tags",
});
let shown: object | null = null;
afterEach(async () => {
  if (shown !== null) await unmount(shown);
  shown = null;
  document.body.innerHTML = "";
});
function show(): Composing {
  vi.mocked(commands.compose_choices).mockImplementation(({ words }) => {
    const found = [...names, '["fox","owl"]'].filter((name) => name.includes(words));
    const choices = found.map((json) => ({ json, used: 0, only: [], gone: false }));
    return Promise.resolve({ choices, total: choices.length });
  });
  const draft: Partial<ComposeView> = { draft: "d", knobs: [tags], state: emptyState() };
  const c = new Composing(draft as ComposeView);
  const nothing = (): void => undefined;
  const item = { kind: "knob" as const, key: "k", knob: tags, wide: 2 as const };
  const props = { c, item, onmenu: nothing, onpick: nothing, onpaint: nothing };
  shown = mount(KnobField, { target: document.body, props });
  flushSync();
  return c;
}
const chips = (): string[] =>
  [...document.querySelectorAll(".val")].map((one) => one.textContent.trim());
const field = (): HTMLInputElement => {
  const found = document.querySelector<HTMLInputElement>("[data-combo]");
  if (found === null) throw new Error("There is a field.");
  return found;
};
const press = (key: string): boolean =>
  document.activeElement?.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
  ) ?? false;
const options = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[role=option]")];

it("reads what is chosen, also where it is one and no list", () => {
  expect(chosenIn('["a", "b,c", 18446744073709551615]')).toEqual([
    '"a"',
    '"b,c"',
    "18446744073709551615",
  ]);
  expect(chosenIn('"a"')).toEqual(['"a"']);
  expect([chosenIn("null"), chosenIn("[]"), chosenIn("[")]).toEqual([[], [], []]);
  expect(['["a", "b"]', "[1, 2]", '"a"', "[]", "7"].map(namesOf)).toEqual([
    "a, b",
    "[1, 2]",
    "a",
    "[]",
    "7",
  ]);
});

it("adds names as they are searched, and takes one out again; the list stays open", async () => {
  const c = show();
  expect(chips()).toEqual(["fox", "owl"]);
  field().focus();
  field().click();
  await vi.waitFor(() => expect(options()).toHaveLength(3));
  expect(options().map((one) => one.getAttribute("aria-selected"))).toEqual([
    "true",
    "true",
    "false",
  ]);
  options()[2]?.click();
  flushSync();
  expect(c.value(tags)).toBe('["fox", "owl", "cat"]');
  expect(chips()).toEqual(["fox", "owl", "cat"]);
  options()[0]?.click();
  flushSync();
  expect([c.value(tags), options().length]).toEqual(['["owl", "cat"]', 3]);
  c.undo();
  flushSync();
  expect(chips()).toEqual(["fox", "owl", "cat"]);
});

it("loses its last with Backspace, and any at its chip, where the keyboard goes on", async () => {
  const c = show();
  field().focus();
  press("Backspace");
  flushSync();
  expect(c.value(tags)).toBe('["fox"]');
  c.undo();
  flushSync();
  press("ArrowLeft");
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Remove owl");
  press("ArrowLeft");
  press("Delete");
  await tick();
  await tick();
  flushSync();
  expect(c.value(tags)).toBe('["owl"]');
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Remove owl");
  (document.activeElement as HTMLElement).click();
  await tick();
  await tick();
  expect([c.value(tags), document.activeElement]).toEqual(["[]", field()]);
});

it("marks a name that no server has", () => {
  const gone = { ...tags, json: '["fox","gone"]' };
  const c = new Composing({ draft: "d", knobs: [gone], state: emptyState() } as never);
  const nothing = (): void => undefined;
  const item = { kind: "knob" as const, key: "k", knob: gone, wide: 2 as const };
  const props = { c, item, onmenu: nothing, onpick: nothing, onpaint: nothing };
  shown = mount(KnobField, { target: document.body, props });
  flushSync();
  const marked = [...document.querySelectorAll(".val.warn")].map((one) => one.textContent);
  expect(marked).toEqual(["goneNo server has it"]);
});
