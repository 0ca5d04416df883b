import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import type { ComposeView } from "../../bindings/ComposeView";
import type { PresetView } from "../../bindings/PresetView";
import { toasts } from "../../state/toasts.svelte";
import AxisEditor from "./AxisEditor.svelte";
import { Composing } from "./composing.svelte";
import { aboutKnob, emptyPlan, emptyState } from "./fixtures";
import { placedText } from "./presets";
import PresetSheet from "./PresetSheet.svelte";

vi.mock("../../host", () => ({
  commands: {
    compose_save: vi.fn(() => Promise.resolve(null)),
    compose_plan: vi.fn(() => Promise.resolve(emptyPlan())),
  },
  openStream: vi.fn(),
}));
HTMLDialogElement.prototype.showModal ??= vi.fn();
HTMLDialogElement.prototype.close ??= vi.fn();

const knobs = [
  aboutKnob("3", "cfg"),
  aboutKnob("3", "steps"),
  aboutKnob("3", "seed", { linked: "x" }),
];
const of = (inputs: readonly string[], other: string | null = "s0"): PresetView => ({
  name: "Soft",
  values: inputs.map((input) => ({ node: "3", input, json: "2" })),
  of: other,
});

let shown: object | null = null;
afterEach(async () => {
  if (shown !== null) await unmount(shown);
  shown = null;
  document.body.innerHTML = "";
});
const composing = (presets: PresetView[], state = emptyState()): Composing =>
  new Composing({ draft: "d", knobs, presets, state } as Partial<ComposeView> as ComposeView);

it.each([
  [["cfg", "steps"], "all its values have a place here"],
  [["cfg", "steps", "seed"], "2 of 3 values have a place here"],
  [["cfg", "seed"], "1 of 2 values has a place here"],
  [["gone"], "none of its values has a place here"],
])("says how many of %j have a place", (inputs, text) => {
  expect(placedText(of(inputs), knobs)).toBe(text);
});

it("is marked where it is of another version, and says what was left out", () => {
  const c = composing([of(["cfg", "gone"]), { ...of(["cfg"], null), name: "Own" }]);
  shown = mount(PresetSheet, { target: document.body, props: { c, onclose: vi.fn() } });
  flushSync();
  const [other, own] = [...document.querySelectorAll<HTMLElement>("li")];
  expect(other?.textContent).toContain("another version");
  expect(other?.textContent).toContain("1 of 2 values has a place here");
  expect(own?.textContent).not.toContain("version");
  other?.querySelector<HTMLElement>("button")?.click();
  expect(c.state.values).toEqual([{ node: "3", input: "cfg", json: "2" }]);
  expect(toasts.list.at(-1)?.text).toContain("1 of 2 values set. The rest fits no knob");
});

it("is offered as a step of an axis, also one that is not there any more, to be taken out", () => {
  const values = { kind: "presets", names: ["Gone"] } as const;
  const axes = [{ knobs: [], values: { ...values, names: [...values.names] } }];
  const c = composing([of(["cfg"])], emptyState({ many: { kind: "sweep", axes } }));
  shown = mount(AxisEditor, { target: document.body, props: { c, at: 0 } });
  flushSync();
  const buttons = [...document.querySelectorAll<HTMLElement>(".vals button")];
  expect(buttons.map((one) => one.textContent.trim())).toEqual(["Softanother version", "Gone"]);
  for (const button of buttons) {
    button.click();
    flushSync();
  }
  expect(c.state.many).toMatchObject({ axes: [{ values: { names: ["Soft"] } }] });
});
