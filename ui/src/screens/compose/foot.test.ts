import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ComposeView } from "../../bindings/ComposeView";
import type { PlanView } from "../../bindings/PlanView";
import { commands } from "../../host";
import { openSheet } from "../../state/places";
import { toasts } from "../../state/toasts.svelte";
import { Composing } from "./composing.svelte";
import { aboutKnob, emptyPlan, emptyState } from "./fixtures";
import Foot from "./Foot.svelte";
import { withKnobAsAxis } from "./state";

vi.mock("../../host", () => ({
  commands: {
    compose_save: vi.fn(() => Promise.resolve(null)),
    compose_plan: vi.fn(),
    compose_queue: vi.fn(),
  },
  openStream: vi.fn(),
}));
vi.mock("../../state/places", () => ({
  openDraft: vi.fn(),
  openQueue: vi.fn(),
  openSheet: vi.fn(),
}));

const cfg = aboutKnob("3", "cfg", { label: "CFG" });
const made = emptyPlan({
  cells: 2,
  made: 2,
  jobs: 0,
  axes: [{ name: "CFG", values: ["4", "6"] }],
  order: [0],
});

let shown: object | null = null;
beforeEach(() => {
  vi.clearAllMocks();
  toasts.list = [];
});
afterEach(async () => {
  if (shown !== null) await unmount(shown);
  shown = null;
  document.body.innerHTML = "";
});

type Shown = { foot: { go: () => Promise<void> }; button: HTMLButtonElement };
async function show(plan: PlanView, state = withKnobAsAxis(emptyState(), cfg)): Promise<Shown> {
  vi.mocked(commands.compose_plan).mockResolvedValue(plan);
  const draft: Partial<ComposeView> = { draft: "d", knobs: [cfg], title: "Fox", state };
  const c = new Composing(draft as ComposeView);
  await c.planner.now(c.state);
  shown = mount(Foot, { target: document.body, props: { c, plain: false } });
  flushSync();
  const button = document.querySelector<HTMLButtonElement>("[data-testid=queue-all]");
  if (button === null) throw new Error("There is a button.");
  return { foot: shown as Shown["foot"], button };
}

it("shows the sheet of a sweep whose cells were all made before", async () => {
  vi.mocked(commands.compose_queue).mockResolvedValue({ batch_id: "b", jobs: 0, reused: 2 });
  const { foot, button } = await show(made);
  expect([button.disabled, button.textContent]).toEqual([false, "Show the sheetCtrl ↵"]);
  button.click();
  await vi.waitFor(() => expect(openSheet).toHaveBeenCalledWith("b"));
  expect(toasts.list).toEqual([]);
  await foot.go();
  expect(commands.compose_queue).toHaveBeenCalledTimes(2);
});

it("queues nothing where nothing is to be run and there is no sheet", async () => {
  const none = emptyPlan({ cells: 1, made: 1, jobs: 0 });
  const { foot, button } = await show(none, emptyState());
  expect([button.disabled, button.textContent]).toEqual([true, "Queue 0 jobsCtrl ↵"]);
  await foot.go();
  expect(commands.compose_queue).not.toHaveBeenCalled();
});
