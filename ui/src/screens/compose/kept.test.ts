import { beforeEach, expect, it, vi } from "vitest";
import type { ComposeState } from "../../bindings/ComposeState";
import type { ComposeView } from "../../bindings/ComposeView";
import { commands } from "../../host";
import type { Composing } from "./composing.svelte";
import { aboutKnob, emptyPlan, emptyState } from "./fixtures";
import { composing, forget } from "./kept";
import { leave } from "./open";

vi.mock("../../host", () => ({
  commands: {
    compose_open: vi.fn(),
    compose_save: vi.fn(),
    compose_plan: vi.fn(() => Promise.resolve(emptyPlan())),
    input_get: vi.fn(() => Promise.resolve(null)),
  },
}));

const picture = aboutKnob("21", "image", {
  kind: { type: "file", what: "picture" },
  json: '"a.png"',
});
const seed = aboutKnob("3", "seed");
const drafts = new Map<string, ComposeState>();

beforeEach(() => {
  for (const id of ["a", "b", "c", "d", "e"]) forget(id);
  drafts.clear();
  vi.mocked(commands.compose_open).mockImplementation(({ source }) => {
    const draft = source.from === "draft" ? source.id : "";
    const state = drafts.get(draft) ?? emptyState();
    const view: Partial<ComposeView> = { draft, knobs: [picture, seed], presets: [], state };
    return Promise.resolve(view as ComposeView);
  });
  vi.mocked(commands.compose_save).mockImplementation(({ draft, state }) => {
    // As it comes back: with its names in another order.
    drafts.set(draft, Object.fromEntries(Object.entries(state).reverse()) as ComposeState);
    return Promise.resolve(null);
  });
});

async function left(c: Composing): Promise<void> {
  const kept = c.close();
  leave(kept);
  await kept;
}
const file = (name: string) => ({ json: `"${name}"`, media: name, width: 8, height: 8 });

it("goes on as it was left: undo, what a picture was before it was fitted, what was painted", async () => {
  const c = await composing("a");
  c.take(picture, file("fit.png"), { original: file("whole.png"), how: "crop" });
  const held = c.heldAs('"fit.png"');
  if (held === null) throw new Error("It is held.");
  c.takeMasked(picture, held, file("masked.png"), [{ kind: "invert" }]);
  c.setTyped(seed, "12e", "seed");
  await left(c);
  const again = await composing("a");
  const masked = again.heldAs(again.value(picture));
  expect([masked?.original, masked?.how]).toEqual([file("whole.png"), "crop"]);
  expect(masked === null ? null : again.painted(masked)).toEqual([{ kind: "invert" }]);
  expect(again.typed(seed)).toBe("12e");
  again.undo();
  expect(again.typed(seed)).toBeNull();
  again.undo();
  expect(again.value(picture)).toBe('"fit.png"');
});

it("takes the draft as it is where it was changed elsewhere", async () => {
  const c = await composing("a");
  c.take(picture, file("b.png"));
  await left(c);
  drafts.set("a", emptyState({ skipped: ["21"] }));
  const again = await composing("a");
  expect([again.canUndo, again.state.skipped]).toEqual([false, ["21"]]);
});

it("goes on with what could not be kept", async () => {
  vi.mocked(commands.compose_save).mockRejectedValueOnce({ message: "The disk is full." });
  const c = await composing("a");
  c.take(picture, file("b.png"));
  await left(c);
  vi.mocked(commands.compose_save).mockRejectedValueOnce({ message: "The disk is full." });
  expect((await composing("a")).value(picture)).toBe('"b.png"');
});

it("begins anew with a draft that was removed, and with one that was left long ago", async () => {
  const c = await composing("a");
  c.take(picture, file("b.png"));
  await left(c);
  forget("a");
  const anew = await composing("a");
  expect(anew).not.toBe(c);
  await left(anew);
  for (const id of ["b", "c", "d"]) await left(await composing(id));
  expect(await composing("a")).toBe(anew);
  for (const id of ["b", "c", "d", "e"]) await left(await composing(id));
  expect(await composing("a")).not.toBe(anew);
});

it("asks anew for files that were not there", async () => {
  const c = await composing("a");
  c.heldAs('"gone.png"');
  await left(c);
  vi.mocked(commands.input_get).mockClear();
  (await composing("a")).heldAs('"gone.png"');
  expect(commands.input_get).toHaveBeenCalledOnce();
});
