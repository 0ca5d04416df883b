import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import type { ComposeView } from "../../bindings/ComposeView";
import { Composing } from "./composing.svelte";
import { aboutKnob, emptyPlan, emptyState } from "./fixtures";
import KnobField from "./KnobField.svelte";
import { withKnobAsAxis } from "./state";

vi.mock("../../host", () => ({
  commands: {
    compose_save: vi.fn(() => Promise.resolve(null)),
    compose_plan: vi.fn(() => Promise.resolve(emptyPlan())),
  },
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
  const nothing = (): void => undefined;
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
});

it("tells what an input is for without a pointer, too", () => {
  const kind = { type: "boolean", on: null, off: null } as const;
  const knob = aboutKnob("5", "tiled", { kind, json: "true", tooltip: "For small cards." });
  const c = new Composing({
    draft: "d",
    knobs: [knob],
    state: emptyState(),
  } as unknown as ComposeView);
  const nothing = (): void => undefined;
  const item = { kind: "knob" as const, key: "k", knob, wide: 1 as const };
  const props = { c, item, onmenu: nothing, onpick: nothing, onpaint: nothing };
  shown = mount(KnobField, { target: document.body, props });
  flushSync();
  const control = document.querySelector("[role=switch]");
  const about = document.getElementById(control?.getAttribute("aria-describedby") ?? "");
  expect(about?.textContent).toBe("For small cards.");
});
