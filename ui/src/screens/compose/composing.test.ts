import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ComposeView } from "../../bindings/ComposeView";
import { commands } from "../../host";
import { toasts } from "../../state/toasts.svelte";
import { Composing } from "./composing.svelte";
import { aboutKnob, emptyPlan, emptyState } from "./fixtures";
import { valueOf, withRule } from "./state";

vi.mock("../../host", () => ({
  commands: {
    compose_open: vi.fn(),
    compose_save: vi.fn(() => Promise.resolve(null)),
    compose_plan: vi.fn(() => Promise.resolve(emptyPlan({ jobs: 3 }))),
    compose_queue: vi.fn(),
    compose_values: vi.fn(),
    draft_discard: vi.fn(() => Promise.resolve(null)),
    preset_save: vi.fn(() => Promise.resolve(null)),
    preset_remove: vi.fn(() => Promise.resolve(null)),
    knobs_arrange: vi.fn(() => Promise.resolve(null)),
    input_get: vi.fn(() => Promise.resolve(null)),
  },
}));

const seed = aboutKnob("3", "seed", { role: "seed", json: "1" });
const picture = aboutKnob("21", "image", {
  kind: { type: "file", what: "picture" },
  json: '"a.png"',
});
const view: ComposeView = {
  draft: "d",
  workflow: "w",
  structure: "s",
  title: "Portrait",
  source: null,
  nodes: 2,
  last_run: null,
  last: null,
  knobs: [seed, picture],
  presets: [],
  starter: null,
  chosen: [],
  notes: [],
  state: emptyState(),
};
const kept = (json: string) => ({ json, media: "input/x", width: 8, height: 8 });
const settled = (): Promise<void> => new Promise((done) => setTimeout(done));

beforeEach(() => {
  vi.clearAllMocks();
  toasts.list = [];
});

describe("a draft", () => {
  it("is changed, taken back and done again", () => {
    const c = new Composing(view);
    c.setValue(seed, "18446744073709551615");
    expect([c.value(seed), c.canUndo, c.saver.status]).toEqual([
      "18446744073709551615",
      true,
      "changed",
    ]);
    c.undo();
    expect([c.value(seed), c.canUndo, c.canRedo]).toEqual(["1", false, true]);
    c.redo();
    expect(c.value(seed)).toBe("18446744073709551615");
  });

  it("is kept before it is queued, and queued twice is the same batch until it was taken", async () => {
    const c = new Composing(view);
    c.setValue(seed, "7");
    vi.mocked(commands.compose_queue)
      .mockRejectedValueOnce({ message: "The disk is full." })
      .mockResolvedValue({ batch_id: "b", jobs: 1, reused: 0 });
    expect(await c.queue(false)).toBeNull();
    expect(toasts.list[0]?.text).toBe("The disk is full.");
    expect(vi.mocked(commands.compose_save).mock.calls[0]?.[0].state.values).toHaveLength(1);
    await c.queue(false);
    await c.queue(false);
    const batches = vi.mocked(commands.compose_queue).mock.calls.map(([{ batch_id }]) => batch_id);
    expect(batches[0]).toBe(batches[1]);
    expect(batches[2]).not.toBe(batches[1]);
  });

  it("goes on behind the seeds that were queued, and undo does not bring those back", async () => {
    vi.mocked(commands.compose_queue).mockResolvedValue({ batch_id: "b", jobs: 1, reused: 0 });
    const c = new Composing(view);
    c.set(withRule(c.state, seed, "increment"));
    c.setValue(picture, '"b.png"');
    for (let time = 0; time < 5; time += 1) await c.queue(false);
    const seeds = vi
      .mocked(commands.compose_queue)
      .mock.calls.map(([{ state }]) => valueOf(state, seed));
    expect(seeds).toEqual(["1", "2", "3", "4", "5"]);
    const saved = vi.mocked(commands.compose_save).mock.lastCall?.[0].state;
    expect(saved === undefined ? null : valueOf(saved, seed)).toBe("6");
    // It was queued, and is not among the drafts because of a seed.
    expect(commands.draft_discard).toHaveBeenCalledTimes(5);
    await c.queue(true);
    expect(c.value(seed)).toBe("6");
    c.undo();
    expect([c.value(picture), c.value(seed)]).toEqual(['"a.png"', "6"]);
    c.redo();
    expect([c.value(picture), c.value(seed)]).toEqual(['"b.png"', "6"]);
  });

  it("moves seeds by as many runs as were queued; a sweep is one", async () => {
    vi.mocked(commands.compose_queue).mockResolvedValue({ batch_id: "b", jobs: 3, reused: 1 });
    const c = new Composing(view);
    c.set(withRule(c.state, seed, "decrement"));
    c.setValue(seed, "18446744073709551615");
    c.set({ ...c.state, many: { kind: "batch", count: 4, lines: null, pictures: [] } });
    await c.queue(false);
    expect(c.value(seed)).toBe("18446744073709551611");
    c.set({ ...c.state, many: { kind: "sweep", axes: [] } });
    await c.queue(false);
    expect(c.value(seed)).toBe("18446744073709551610");
  });

  it("stays where a seed was typed while it was queued, and among the drafts", async () => {
    const c = new Composing(view);
    c.set(withRule(c.state, seed, "increment"));
    vi.mocked(commands.compose_queue).mockImplementation(() => {
      c.setValue(seed, "50");
      return Promise.resolve({ batch_id: "b", jobs: 1, reused: 0 });
    });
    await c.queue(false);
    expect(c.value(seed)).toBe("50");
    expect(commands.draft_discard).not.toHaveBeenCalled();
  });

  it("says how many jobs only while that is right", async () => {
    const c = new Composing(view);
    await settled();
    expect(c.jobs).toBe(3);
    c.set({ ...c.state, many: { kind: "sweep", axes: [] } });
    expect(c.jobs).toBeNull();
  });

  it("takes values from elsewhere, in one step, and says what was left", async () => {
    vi.mocked(commands.compose_values).mockResolvedValue({
      values: [
        { node: "3", input: "seed", json: "5" },
        { node: "9", input: "x", json: "1" },
      ],
      notes: ["The LoRA is not there."],
    });
    const c = new Composing(view);
    await c.takeValues({ from: "last" }, "the last run");
    expect(c.value(seed)).toBe("5");
    expect(toasts.list[0]?.text).toBe("1 taken over. 1 fit no knob. The LoRA is not there.");
    c.undo();
    expect(c.value(seed)).toBe("1");
  });
});

describe("what is done beyond the state", () => {
  it("is taken back in its place: presets", async () => {
    const c = new Composing(view);
    await c.savePreset("Soft", [{ node: "3", input: "seed", json: "4" }]);
    expect(c.view.presets.map(({ name }) => name)).toEqual(["Soft"]);
    c.undo();
    await settled();
    expect(c.view.presets).toEqual([]);
    c.redo();
    await settled();
    expect(c.view.presets).toHaveLength(1);
    const [preset] = c.view.presets;
    if (preset !== undefined) await c.removePreset(preset);
    c.undo();
    await settled();
    expect(c.view.presets).toHaveLength(1);
  });

  it("leaves presets of other versions with their version", async () => {
    const other = { name: "Soft", values: [{ node: "3", input: "seed", json: "9" }], of: "s0" };
    const c = new Composing({ ...view, presets: [other] });
    await c.removePreset(other);
    expect(commands.preset_remove).toHaveBeenLastCalledWith({ structure: "s0", name: "Soft" });
    c.undo();
    await settled();
    expect(commands.preset_save).toHaveBeenLastCalledWith({
      structure: "s0",
      preset: { ...other, of: null },
    });
    expect(c.view.presets).toEqual([other]);
    // One of its name in this version is another; taken back, the first is seen again.
    await c.savePreset("Soft", []);
    expect(commands.preset_save).toHaveBeenLastCalledWith({
      structure: "s",
      preset: { name: "Soft", values: [], of: null },
    });
    c.undo();
    await settled();
    expect(commands.preset_remove).toHaveBeenLastCalledWith({ structure: "s", name: "Soft" });
    expect(c.view.presets).toEqual([other]);
  });

  it("is taken back in its place: the choice of knobs", async () => {
    vi.mocked(commands.compose_open).mockResolvedValue({
      ...view,
      knobs: [picture, { ...seed, hidden: true }],
    });
    const c = new Composing(view);
    c.setValue(seed, "2");
    await c.arrange([{ node: "3", input: "seed", label: null, hidden: true }]);
    expect(c.view.knobs.map(({ hidden }) => hidden)).toEqual([false, true]);
    expect(c.value(seed)).toBe("2");
    c.undo();
    await settled();
    // A name that was found does not become the artist's.
    expect(vi.mocked(commands.knobs_arrange).mock.calls[1]?.[0].knobs).toEqual([
      { node: "3", input: "seed", label: null, hidden: false },
      { node: "21", input: "image", label: null, hidden: false },
    ]);
  });
});

describe("files", () => {
  it("are known once they were taken, and keep what they were before they were fitted", () => {
    const c = new Composing(view);
    const original = kept('"safelight/a.png"');
    c.take(picture, original);
    c.take(picture, kept('"safelight/fit.png"'), { original, how: "pad" });
    expect(c.heldAs(c.value(picture))?.original).toEqual(original);
    expect(commands.input_get).not.toHaveBeenCalled();
  });

  it("that are at the server are asked for once", async () => {
    const c = new Composing(view);
    expect(c.heldAs('"a.png"')).toBeNull();
    c.heldAs('"a.png"');
    await settled();
    expect(commands.input_get).toHaveBeenCalledOnce();
    expect(c.heldAs('"a.png"')).toBeNull();
  });

  it("are painted on anew without the mask that is on them", () => {
    const c = new Composing(view);
    const plain = kept('"safelight/a.png"');
    c.take(picture, plain);
    const before = c.heldAs(plain.json);
    expect(before).not.toBeNull();
    if (before === null) return;
    c.takeMasked(picture, before, kept('"safelight/m1.png"'), [{ kind: "invert" }]);
    const masked = c.heldAs(c.value(picture));
    expect(masked === null ? null : c.unmasked(masked)).toEqual(plain);
    expect(masked === null ? null : c.painted(masked)).toEqual([{ kind: "invert" }]);
    expect(c.painted(before)).toEqual([]);
  });
});

describe("what is typed and is no value", () => {
  it("is kept with the draft, and taken out once it is one or the knob is set otherwise", () => {
    const c = new Composing(view);
    c.setTyped(seed, "12e", "seed");
    expect([c.value(seed), c.typed(seed)]).toEqual(["1", "12e"]);
    expect([...c.halves.values()].map(({ fault }) => fault)).toEqual(["This is no number."]);
    expect(c.saver.status).toBe("changed");
    // The same value as before takes it out, too.
    c.setValue(seed, "1", "seed");
    expect([c.state.typed, c.halves.size]).toEqual([[], 0]);
    c.setTyped(seed, "", "seed");
    expect([...c.halves.values()].map(({ fault }) => fault)).toEqual(["A number is needed here."]);
    const fresh = new Composing({ ...view, state: c.state });
    expect(fresh.typed(seed)).toBe("");
  });

  it("is one step with the value that becomes of it, however long that took", () => {
    const c = new Composing(view);
    const now = vi.spyOn(performance, "now").mockReturnValue(0);
    c.setTyped(seed, "", "seed");
    now.mockReturnValue(60_000);
    c.setTyped(seed, "-", "seed");
    now.mockReturnValue(90_000);
    c.setValue(seed, "7", "seed");
    c.undo();
    expect([c.value(seed), c.typed(seed), c.canUndo]).toEqual(["1", null, false]);
    c.redo();
    expect([c.value(seed), c.typed(seed)]).toEqual(["7", null]);
    c.left();
    c.setTyped(seed, "7e", "seed");
    c.left();
    c.undo();
    expect([c.value(seed), c.typed(seed)]).toEqual(["7", null]);
    now.mockRestore();
  });

  it("is no step where it became what was there", () => {
    const c = new Composing(view);
    c.setTyped(seed, "1e", "seed");
    c.setValue(seed, "1", "seed");
    expect(c.canUndo).toBe(false);
  });

  it("blocks nothing where no field would show it", () => {
    const c = new Composing({ ...view, knobs: [{ ...seed, linked: "Other" }] });
    c.setTyped(seed, "1e", "seed");
    expect(c.halves.size).toBe(0);
  });
});
