import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import type { ComposeView } from "../../bindings/ComposeView";
import type { KnobView } from "../../bindings/KnobView";
import { Composing } from "./composing.svelte";
import { aboutKnob, emptyPlan, emptyState } from "./fixtures";
import KnobField from "./KnobField.svelte";
import type { Item } from "./layout";
import { withKnobAsAxis, withKnobOnAxis } from "./state";

vi.mock("../../host", () => ({
  commands: {
    compose_save: vi.fn(() => Promise.resolve(null)),
    compose_plan: vi.fn(() => Promise.resolve(emptyPlan())),
    input_get: vi.fn(() => Promise.resolve(null)),
  },
  openStream: vi.fn(),
}));

const width = aboutKnob("5", "width", { role: "width", json: "896" });
const height = aboutKnob("5", "height", { role: "height", json: "1152" });
const draft: Partial<ComposeView> = { draft: "d", knobs: [width, height], state: emptyState() };

let shown: object | null = null;
afterEach(async () => {
  if (shown !== null) await unmount(shown);
});

it("shows the side of a size that is an axis as one, and the other as a field", () => {
  const c = new Composing(draft as ComposeView);
  c.set(withKnobAsAxis(c.state, height));
  const item = { kind: "size" as const, key: "s", width, height, wide: 2 as const };
  const props = { c, item, onmenu: nothing, onpick: nothing, onpaint: nothing };
  shown = mount(KnobField, { target: document.body, props });
  flushSync();
  const field = document.querySelector<HTMLInputElement>("[data-testid=knob] input");
  expect(field?.value).toBe("896");
  expect(document.querySelector(".ax")?.textContent).toBe("11521 value");
  c.set(withKnobAsAxis(c.state, width));
  flushSync();
  const texts = [...document.querySelectorAll(".ax")].map((one) => one.textContent);
  expect(texts).toEqual(["8961 value", "11521 value"]);
  expect(document.querySelector("[data-testid=knob] input")).toBeNull();
  c.set(withKnobOnAxis(withKnobAsAxis({ ...c.state, many: { kind: "single" } }, width), 0, height));
  flushSync();
  expect([...document.querySelectorAll(".axm")].map((one) => one.textContent)).toEqual(["X"]);
});

const nothing = (): void => undefined;
function field(c: Composing, item: Item): HTMLInputElement {
  const props = { c, item, onmenu: nothing, onpick: nothing, onpaint: nothing };
  shown = mount(KnobField, { target: document.body, props });
  flushSync();
  const found = document.querySelector<HTMLInputElement>(
    "[data-testid=knob] :is(textarea, input:not([type=range]))",
  );
  if (found === null) throw new Error("There is a field.");
  return found;
}
function type(into: HTMLInputElement, text: string): void {
  into.value = text;
  into.dispatchEvent(new InputEvent("input", { bubbles: true }));
  flushSync();
}
const said = (): string => document.querySelector(".said")?.textContent.trim() ?? "";

it.each([
  ["a number", { kind: { type: "float", min: "0", max: "9", step: null }, json: "1.5" }, "1.e"],
  ["a seed", { kind: { type: "int", min: null, max: null, step: null }, role: "seed" }, "1x"],
  ["JSON", { kind: { type: "json" }, json: "[1]" }, "[1,"],
  ["one of several", { kind: { type: "several", types: ["text", "int"] }, json: "1" }, "1x"],
] as const)("keeps half of %s, with what is wrong, also after a restart", async (_, more, half) => {
  const knob = aboutKnob("5", "x", more as Partial<KnobView>);
  const item: Item = { kind: "knob", key: "k", knob, wide: 1 };
  const draft: Partial<ComposeView> = { draft: "d", knobs: [knob], state: emptyState() };
  const c = new Composing(draft as ComposeView);
  type(field(c, item), half);
  expect(said()).not.toBe("");
  expect(c.state.typed).toEqual([{ node: "5", input: "x", text: half }]);
  const why = said();
  if (shown !== null) await unmount(shown);
  const again = new Composing({ ...draft, state: c.state } as ComposeView);
  const found = field(again, item);
  expect([found.value, found.getAttribute("aria-invalid"), said()]).toEqual([half, "true", why]);
  again.setValue(knob, knob.json);
  flushSync();
  expect([again.state.typed, found.value, said()]).toEqual([[], knob.json, ""]);
});

it("keeps half a side of a size while the other is set", () => {
  const c = new Composing(draft as ComposeView);
  const first = field(c, { kind: "size", key: "s", width, height, wide: 2 });
  type(first, "8x");
  const second = document.querySelectorAll<HTMLInputElement>("[data-testid=knob] input")[1];
  if (second === undefined) throw new Error("There is a height.");
  type(second, "1024");
  expect([first.value, c.value(height), c.typed(width)]).toEqual(["8x", "1024", "8x"]);
  document.querySelector<HTMLElement>("[aria-label='Swap width and height']")?.click();
  flushSync();
  expect([first.value, second.value, c.state.typed]).toEqual(["1024", "896", []]);
});

it("shows denoise beside the picture", () => {
  const picture = aboutKnob("21", "image", { kind: { type: "file", what: "picture" } });
  const beside = aboutKnob("3", "denoise", {
    role: "denoise",
    kind: { type: "float", min: "0", max: "1", step: "0.01" },
    json: "0.35",
  });
  const c = new Composing({ ...draft, knobs: [picture, beside] } as ComposeView);
  const props = { c, onmenu: nothing, onpick: nothing, onpaint: nothing };
  const item: Item = { kind: "knob", key: "k", knob: picture, wide: 4, beside };
  shown = mount(KnobField, { target: document.body, props: { ...props, item } });
  flushSync();
  const inner = document.querySelector<HTMLInputElement>(
    "[data-testid=file-knob] [data-testid=knob] input[type=range]",
  );
  expect([inner?.value, inner?.max]).toEqual(["35", "100"]);
});

it("tells what an input is for without a pointer, too", () => {
  const kind = { type: "boolean", on: null, off: null } as const;
  const knob = aboutKnob("5", "tiled", { kind, json: "true", tooltip: "For small cards." });
  const c = new Composing({
    draft: "d",
    knobs: [knob],
    state: emptyState(),
  } as unknown as ComposeView);
  const item = { kind: "knob" as const, key: "k", knob, wide: 1 as const };
  const props = { c, item, onmenu: nothing, onpick: nothing, onpaint: nothing };
  shown = mount(KnobField, { target: document.body, props });
  flushSync();
  const control = document.querySelector("[role=switch]");
  const about = document.getElementById(control?.getAttribute("aria-describedby") ?? "");
  expect(about?.textContent).toBe("For small cards.");
});
