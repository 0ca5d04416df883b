import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ComposeView } from "../../bindings/ComposeView";
import { commands } from "../../host";
import AxisEditor from "./AxisEditor.svelte";
import { Composing } from "./composing.svelte";
import { aboutKnob, emptyPlan, emptyState } from "./fixtures";
import KnobField from "./KnobField.svelte";
import { axisFor, isWritten, withKnobAsAxis, withKnobOnAxis } from "./state";
import { isDynamic } from "./words";

vi.mock("../../host", () => ({
  commands: { compose_save: vi.fn(() => Promise.resolve(null)), compose_plan: vi.fn() },
  openStream: vi.fn(),
}));

const kind = { type: "text", multiline: true } as const;
const text = aboutKnob("6", "text", { kind, json: '"a {red|blue} fox"', label: "Prompt" });
const other = aboutKnob("7", "text", { kind, json: '"owl"', label: "Negative" });
const steps = aboutKnob("3", "steps");

let shown: object[] = [];
let c: Composing;
beforeEach(() => {
  vi.mocked(commands.compose_plan).mockImplementation(({ state }) => {
    const wordings = state.many.kind === "sweep" && state.many.axes[0]?.values.kind === "wordings";
    const dynamic = !state.values.some(({ node }) => node === "6");
    const values = !wordings ? ["a"] : dynamic ? ["a red fox", "a blue fox"] : ["a fox"];
    return Promise.resolve(emptyPlan({ axes: [{ name: "Prompt", values }] }));
  });
  const knobs = [text, other, steps];
  const draft: Partial<ComposeView> = { draft: "d", knobs, presets: [], state: emptyState() };
  c = new Composing(draft as ComposeView);
  c.set(withKnobAsAxis(c.state, text));
});
afterEach(async () => {
  for (const one of shown) await unmount(one);
  shown = [];
  document.body.innerHTML = "";
});
function show(): void {
  shown.push(mount(AxisEditor, { target: document.body, props: { c, at: 0 } }));
  const nothing = (): void => undefined;
  const item = { kind: "knob" as const, key: "k", knob: text, wide: 4 as const };
  const props = { c, item, onmenu: nothing, onpick: nothing, onpaint: nothing };
  shown.push(mount(KnobField, { target: document.body, props }));
  flushSync();
}
async function planned(): Promise<void> {
  await c.planner.now(c.state);
  flushSync();
}
const choose = (mode: string): void => {
  document.querySelector<HTMLElement>(`.mode [data-value=${mode}]`)?.click();
  flushSync();
};
const values = (): unknown => (c.state.many.kind === "sweep" ? c.state.many.axes[0]?.values : null);
const written = (): HTMLTextAreaElement | null =>
  document.querySelector<HTMLTextAreaElement>("[data-testid=knob] textarea");

it.each([
  ["a {red|blue} fox", true],
  ["a __colour__ fox", true],
  ["{2$$a|b}", true],
  ["a {red} fox", false],
  ["a fox", false],
])("%j may stand for several texts: %s", (prompt, is) => {
  expect(isDynamic(prompt)).toBe(is);
});

it("makes every wording of the text a step, which is still written at its knob", async () => {
  show();
  expect(written()).toBeNull();
  choose("wordings");
  await planned();
  expect(values()).toEqual({ kind: "wordings" });
  const list = [...document.querySelectorAll("ol li")].map((one) => one.textContent);
  expect(list).toEqual(["a red fox", "a blue fox"]);
  expect(document.querySelector("[data-testid=wordings]")?.textContent).toContain("2 texts");
  const field = written();
  expect(field?.value).toBe("a {red|blue} fox");
  expect(document.querySelector("[data-testid=knob]")?.textContent).toContain(
    "2 texts: a red fox, a blue fox",
  );
  if (field === null) throw new Error("It is written.");
  field.value = "a fox";
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await planned();
  expect(c.value(text)).toBe('"a fox"');
  const said = document.querySelector("[data-testid=wordings]")?.textContent ?? "";
  expect(said.replace(/\s+/g, " ")).toContain("This text stands for one text only.");
});

it("finds what was set up when it is chosen again, and the text stays", () => {
  show();
  choose("wordings");
  choose("list");
  expect(values()).toEqual(axisFor(c.state, text).values);
  choose("replace");
  expect(values()).toEqual({ kind: "replace", find: "", with: [] });
  // Also what is replaced in is written at its knob.
  expect(written()?.value).toBe("a {red|blue} fox");
  const find = document.querySelector<HTMLInputElement>("[data-testid=axis] .two input");
  if (find === null) throw new Error("There is a field.");
  find.value = "fox";
  find.dispatchEvent(new InputEvent("input", { bubbles: true }));
  flushSync();
  choose("list");
  choose("replace");
  expect(values()).toEqual({ kind: "replace", find: "fox", with: [] });
  expect(c.value(text)).toBe(text.json);
});

it("turns only texts together with every wording, and says so of several", async () => {
  show();
  choose("wordings");
  document.querySelector<HTMLElement>("[data-testid=axis-link]")?.click();
  flushSync();
  const items = [...document.querySelectorAll("[role=menuitem]")].map((one) => one.textContent);
  expect(items.map((one) => one.trim())).toEqual(["Negative, Node 7"]);
  c.set(withKnobOnAxis(c.state, 0, other));
  await planned();
  expect(values()).toEqual({ kind: "wordings" });
  expect([isWritten(c.many, text), isWritten(c.many, other), isWritten(c.many, steps)]).toEqual([
    true,
    true,
    false,
  ]);
  choose("list");
  expect(values()).toEqual({ kind: "list", steps: [[text.json, other.json]] });
});
