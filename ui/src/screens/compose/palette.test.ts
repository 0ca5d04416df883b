import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import type { ComposeView } from "../../bindings/ComposeView";
import { here } from "../../state/here.svelte";
import BeforeItRuns from "./BeforeItRuns.svelte";
import { Composing } from "./composing.svelte";
import FileKnob from "./controls/FileKnob.svelte";
import { aboutKnob, emptyPlan, emptyState } from "./fixtures";
import ManyPanel from "./ManyPanel.svelte";

vi.mock("../../host", () => ({
  commands: {
    compose_plan: vi.fn(() => Promise.resolve(emptyPlan())),
    compose_save: vi.fn(() => Promise.resolve(null)),
    input_get: vi.fn(() => Promise.resolve({ json: '"a.png"', media: "a", width: 8, height: 8 })),
  },
  mediaUrl: (path: string) => path,
  openStream: vi.fn(),
}));

let shown: object[] = [];
afterEach(async () => {
  for (const one of shown) await unmount(one);
  shown = [];
  document.body.innerHTML = "";
});

const kind = { type: "file", what: "picture" } as const;
const picture = aboutKnob("9", "image", { kind, json: '"a.png"', label: "Picture" });
const composing = (): Composing =>
  new Composing({
    draft: "d",
    knobs: [aboutKnob("3", "cfg"), picture],
    presets: [],
    state: emptyState(),
  } as Partial<ComposeView> as ComposeView);
const texts = (): string[] => here.commands.map(({ text }) => text);
const run = (text: string): void => here.commands.find((one) => one.text === text)?.run();

it("has the kinds, and a further axis", async () => {
  const c = composing();
  shown.push(mount(ManyPanel, { target: document.body, props: { c, onjobs: vi.fn() } }));
  flushSync();
  expect(texts()).toEqual([
    "Batch: several runs, prompts or pictures",
    "Sweep: knobs across many jobs",
    "Add axis X of a sweep…",
  ]);
  run("Add axis X of a sweep…");
  await tick();
  await tick();
  expect(c.state.many.kind).toBe("sweep");
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Add a knob as axis X");
});

it("lists all jobs from where they are counted", async () => {
  const c = composing();
  c.planner.plan = emptyPlan({ cells: 12 });
  c.set({ ...c.state, many: { kind: "batch", count: 12, lines: null, pictures: [] } });
  const onjobs = vi.fn();
  shown.push(mount(ManyPanel, { target: document.body, props: { c, onjobs } }));
  shown.push(mount(BeforeItRuns, { target: document.body, props: { c, onjobs } }));
  flushSync();
  const list = document.querySelector<HTMLElement>("[data-testid=list-jobs]");
  expect(list?.textContent.trim()).toBe("List all 12 jobs");
  list?.click();
  document.querySelector<HTMLElement>("[data-testid=count-jobs]")?.click();
  expect(onjobs).toHaveBeenCalledTimes(2);
  await tick();
});

it("has where to send it, and when", async () => {
  const c = composing();
  c.set({ ...c.state, server: "gone" });
  const panel = mount(BeforeItRuns, { target: document.body, props: { c, onjobs: vi.fn() } });
  flushSync();
  expect(texts()).toEqual(["Send to any that can run it", "When: next", "When: on hold"]);
  run("Send to any that can run it");
  run("When: on hold");
  expect([c.state.server, c.state.when]).toEqual([null, "hold"]);
  await unmount(panel);
  expect(texts()).toEqual([]);
});

it("paints a mask on a picture that is there", async () => {
  const c = composing();
  const onpaint = vi.fn();
  const props = { c, knob: picture, id: "k", what: "picture" as const, to: null, onpaint };
  shown.push(mount(FileKnob, { target: document.body, props: { ...props, onpick: vi.fn() } }));
  flushSync();
  await tick();
  await tick();
  run("Paint a mask on Picture…");
  expect(onpaint).toHaveBeenCalledTimes(1);
});
