import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ChoicesView } from "../../bindings/ChoicesView";
import type { ComposeView } from "../../bindings/ComposeView";
import { commands } from "../../host";
import AxisEditor from "./AxisEditor.svelte";
import { Composing } from "./composing.svelte";
import { aboutKnob, emptyPlan, emptyState } from "./fixtures";
import { leaveField } from "./leave-field";
import { withAxis, withKnobAsAxis, withKnobOnAxis } from "./state";

vi.mock("../../host", () => ({
  commands: {
    compose_save: vi.fn(() => Promise.resolve(null)),
    compose_plan: vi.fn(() => Promise.resolve(emptyPlan())),
    compose_choices: vi.fn(),
  },
}));

const text = aboutKnob("6", "text", { kind: { type: "text", multiline: true }, json: '"a fox"' });
const steps = aboutKnob("3", "steps", { json: "20" });
const sampler = aboutKnob("3", "sampler", {
  kind: { type: "choice", values: ['"euler"'], total: 2 },
  json: '"euler"',
});
const knobs = [text, steps, sampler];

let shown: object | null = null;
let c: Composing;
beforeEach(() => {
  const draft: Partial<ComposeView> = { draft: "d", knobs, presets: [], state: emptyState() };
  c = new Composing(draft as ComposeView);
});
afterEach(async () => {
  if (shown !== null) await unmount(shown);
  shown = null;
});

function show(): void {
  shown = mount(AxisEditor, { target: document.body, props: { c, at: 0 } });
  flushSync();
}
function field<T extends HTMLInputElement | HTMLTextAreaElement>(selector: string): T {
  const found = document.querySelector<T>(selector);
  if (found === null) throw new Error(`${selector} is not there.`);
  return found;
}
function type(into: HTMLInputElement | HTMLTextAreaElement, typed: string): void {
  into.focus();
  into.value = typed;
  into.dispatchEvent(new InputEvent("input", { bubbles: true }));
  flushSync();
}
const values = (): unknown => (c.state.many.kind === "sweep" ? c.state.many.axes[0]?.values : null);

it("takes the texts of an axis in as they are typed, as one step, and shows them as typed", () => {
  c.set(withKnobAsAxis(c.state, text));
  show();
  const texts = field<HTMLTextAreaElement>("[data-testid=axis-texts]");
  type(texts, "a fox\n");
  type(texts, "a fox\n\na cat ");
  expect(values()).toEqual({ kind: "list", steps: [['"a fox"'], ['"a cat"']] });
  expect(texts.value).toBe("a fox\n\na cat ");
  c.undo();
  flushSync();
  expect([values(), texts.value]).toEqual([{ kind: "list", steps: [['"a fox"']] }, "a fox"]);
});

it("Ctrl Enter takes in what is typed at an axis, and leaves queueing to the screen", () => {
  c.set(withKnobAsAxis(c.state, steps));
  show();
  const add = field<HTMLInputElement>("[data-testid=axis-add]");
  type(add, "30");
  const press = new KeyboardEvent("keydown", {
    key: "Enter",
    ctrlKey: true,
    bubbles: true,
    cancelable: true,
  });
  add.dispatchEvent(press);
  expect(press.defaultPrevented).toBe(false);
  leaveField();
  flushSync();
  expect(values()).toEqual({ kind: "list", steps: [["20"], ["30"]] });
  expect(document.activeElement).toBe(add);
});

it("lets nothing be queued without what was typed at an axis and is no value", async () => {
  c.set(withKnobAsAxis(c.state, steps));
  show();
  const add = field<HTMLInputElement>("[data-testid=axis-add]");
  type(add, "30 40");
  leaveField();
  flushSync();
  expect([...c.halves.values()][0]?.fault).toContain("Axis X: Write whole numbers");
  type(add, "30, 40");
  expect(c.halves.size).toBe(0);
  type(add, "30 40");
  leaveField();
  flushSync();
  if (shown !== null) await unmount(shown);
  // It is there again with its field.
  show();
  const again = field<HTMLInputElement>("[data-testid=axis-add]");
  expect([again.value, again.getAttribute("aria-invalid")]).toEqual(["30 40", "true"]);
  type(again, "30");
  leaveField();
  flushSync();
  expect([values(), c.state.typed]).toEqual([{ kind: "list", steps: [["20"], ["30"]] }, []]);
  c.undo();
  flushSync();
  expect([values(), c.state.typed]).toEqual([
    { kind: "list", steps: [["20"]] },
    [{ node: "3", input: "steps", text: "30 40" }],
  ]);
  // What was typed to be added is no value of the knob.
  c.set(withAxis(c.state, 0, null));
  expect(c.state.typed).toEqual([]);
});

it("takes the values of knobs that turn together in as they are typed; half a number is none yet", () => {
  c.set(withKnobOnAxis(withKnobAsAxis(c.state, steps), 0, text));
  show();
  const number = field<HTMLInputElement>("[aria-label='steps, step 1']");
  type(number, "31");
  expect(values()).toEqual({ kind: "list", steps: [["31", '"a fox"']] });
  type(number, "31e");
  expect(values()).toEqual({ kind: "list", steps: [["31", '"a fox"']] });
  expect(number.value).toBe("31e");
  // Left like that it is for the engine to refuse.
  number.blur();
  flushSync();
  expect(values()).toEqual({ kind: "list", steps: [['"31e"', '"a fox"']] });
  type(field("[aria-label='text, step 1']"), "a cat");
  expect(values()).toEqual({ kind: "list", steps: [['"31e"', '"a cat"']] });
});

it("offers what a knob can be where it turns together with others", async () => {
  const found = ['"euler"', '"heun"'].map((json) => ({ json, used: 0, only: [], gone: false }));
  const answer: ChoicesView = { choices: found, total: 2 };
  vi.mocked(commands.compose_choices).mockResolvedValue(answer);
  c.set(withKnobOnAxis(withKnobAsAxis(c.state, steps), 0, sampler));
  show();
  field<HTMLInputElement>("table [data-combo]").click();
  await vi.waitFor(() => expect(document.querySelectorAll("[role=option]")).toHaveLength(2));
  document.querySelectorAll<HTMLElement>("[role=option]")[1]?.click();
  expect(values()).toEqual({ kind: "list", steps: [["20", '"heun"']] });
});

it("links any free knob, found by typing how its name begins", () => {
  const many = Array.from({ length: 40 }, (_, at) => aboutKnob("9", `knob ${at}`));
  c.view = { ...c.view, knobs: [...knobs, ...many, aboutKnob("9", "zoom")] };
  c.set(withKnobAsAxis(c.state, steps));
  show();
  document.querySelector<HTMLElement>("[data-testid=axis-link]")?.click();
  flushSync();
  for (const key of "zo")
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  expect(document.activeElement?.textContent.trim()).toBe("zoom, Node 9");
  (document.activeElement as HTMLElement).click();
  expect(values()).toEqual({ kind: "list", steps: [["20", "1"]] });
});
