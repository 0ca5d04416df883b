import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { AxisValues } from "../../bindings/AxisValues";
import type { SheetView } from "../../bindings/SheetView";
import { commands } from "../../host";
import { aboutKnob, emptyState } from "../compose/fixtures";
import { openComposeWith } from "../compose/open";
import Extend from "./Extend.svelte";

vi.mock("../../host", () => ({
  commands: {
    compose_open: vi.fn(),
    draft_discard: vi.fn(() => Promise.resolve(null)),
    sheet_extend: vi.fn(() => Promise.resolve({ batch_id: "x", jobs: 2, reused: 0 })),
  },
  openStream: vi.fn(),
}));
vi.mock("../compose/open", () => ({ openComposeWith: vi.fn(() => Promise.resolve(true)) }));

Element.prototype.scrollIntoView ??= vi.fn();

const cfg = aboutKnob("3", "cfg");
const value = { node: "3", input: "cfg", json: "1" };
beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(commands.compose_open).mockResolvedValue({
    draft: "d",
    knobs: [cfg],
    presets: [
      { name: "Soft", values: [value], of: null },
      { name: "Hard", values: [value, { ...value, input: "gone" }], of: "s0" },
      { name: "Sharp", values: [value], of: null },
    ],
  } as never);
});
let shown: object | null = null;
afterEach(async () => {
  if (shown !== null) await unmount(shown);
  shown = null;
  document.body.innerHTML = "";
});

async function show(values: AxisValues, ...labels: string[]): Promise<void> {
  const key = { node: "6", input: "text" };
  const axes = [{ knobs: [key], values }];
  const steps = values.kind === "list" ? values.steps : [];
  const sheet = {
    batch_id: "b",
    workflow: "w",
    title: "Fox",
    axes: [{ name: "Axis", values: labels }],
    cells: steps.map(([json], at) => ({ at: [at], values: [{ ...key, json }] })),
    state: emptyState({ many: { kind: "sweep", axes } }),
  } as unknown as SheetView;
  shown = mount(Extend, { target: document.body, props: { sheet, axis: 0, ondone: vi.fn() } });
  flushSync();
  document.querySelector<HTMLElement>("[data-testid=extend-0]")?.click();
  await tick();
  await tick();
  flushSync();
}
const buttons = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("form button")];
const queue = (): void => buttons().at(-1)?.click();

it("adds presets to an axis of presets, chosen by name", async () => {
  await show({ kind: "presets", names: ["Soft"] }, "Soft");
  expect(buttons().map((one) => one.textContent.trim())).toEqual([
    "Hardanother version",
    "Sharp",
    "Queue",
  ]);
  expect(buttons()[0]?.title).toBe("another version: 1 of 2 values has a place here");
  queue();
  flushSync();
  expect(document.querySelector("[role=alert]")?.textContent).toBe(
    "Choose a preset that is not there yet.",
  );
  buttons()[1]?.click();
  buttons()[0]?.click();
  flushSync();
  queue();
  await vi.waitFor(() => expect(commands.sheet_extend).toHaveBeenCalled());
  expect(vi.mocked(commands.sheet_extend).mock.calls[0]?.[0]).toMatchObject({
    batch: "b",
    axis: 0,
    values: { kind: "presets", names: ["Sharp", "Hard"] },
  });
  // It was asked with only.
  await vi.waitFor(() => expect(commands.draft_discard).toHaveBeenCalledWith({ id: "d" }));
});

it("adds words to an axis of search and replace", async () => {
  await show({ kind: "replace", find: "red", with: ["blue"] }, "red", "blue");
  const words = document.querySelector<HTMLTextAreaElement>("form textarea");
  expect(document.querySelector("form label")?.textContent).toBe("“red” becomes, one a line");
  if (words === null) throw new Error("There is a field.");
  words.value = "blue\ngreen\n";
  words.dispatchEvent(new InputEvent("input", { bubbles: true }));
  flushSync();
  queue();
  await vi.waitFor(() => expect(commands.sheet_extend).toHaveBeenCalled());
  expect(vi.mocked(commands.sheet_extend).mock.calls[0]?.[0].values).toEqual({
    kind: "replace",
    find: "red",
    with: ["green"],
  });
});

it("says of every wording that it is run anew with another text", async () => {
  await show({ kind: "wordings" }, "a", "b");
  expect(document.querySelector("form")?.textContent.replace(/\s+/g, " ")).toContain(
    "run it anew with another text",
  );
  queue();
  expect(openComposeWith).toHaveBeenCalledWith("w", expect.objectContaining({ typed: [] }));
  expect(commands.sheet_extend).not.toHaveBeenCalled();
});

const LISTS: AxisValues = { kind: "list", steps: [['["fox"]']] };

it("adds lists to an axis of several values together, one a line", async () => {
  await show(LISTS, "fox");
  const lists = document.querySelector<HTMLTextAreaElement>("form textarea");
  expect(document.querySelector("form label")?.textContent.trim()).toBe(
    "More values for Axis, one list a line",
  );
  if (lists === null) throw new Error("There is a field.");
  lists.value = "owl";
  lists.dispatchEvent(new InputEvent("input", { bubbles: true }));
  queue();
  flushSync();
  expect(document.querySelector("[role=alert]")?.textContent).toContain("one a line");
  lists.value = '["owl"]\n["fox", "owl"]';
  lists.dispatchEvent(new InputEvent("input", { bubbles: true }));
  queue();
  await vi.waitFor(() => expect(commands.sheet_extend).toHaveBeenCalled());
  expect(vi.mocked(commands.sheet_extend).mock.calls[0]?.[0].values).toEqual({
    kind: "list",
    steps: [['["owl"]'], ['["fox", "owl"]']],
  });
});

it("has the names to choose from where an axis is of several of many", async () => {
  const kind = { type: "choices", values: ['"fox"', '"owl"'], total: 2 } as const;
  const animals = aboutKnob("6", "text", { kind: { ...kind, values: [...kind.values] } });
  vi.mocked(commands.compose_open).mockResolvedValue({
    draft: "d",
    knobs: [animals],
    presets: [],
  } as never);
  await show(LISTS, "fox");
  const field = document.querySelector<HTMLInputElement>("form [role=group] input");
  expect(document.querySelector("form textarea")).toBeNull();
  field?.focus();
  field?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
  flushSync();
  const owl = [...document.querySelectorAll<HTMLElement>("[role=option]")].find((one) =>
    one.textContent.includes("owl"),
  );
  owl?.click();
  flushSync();
  expect(document.querySelector("form .val")?.textContent).toContain("owl");
  queue();
  await vi.waitFor(() => expect(commands.sheet_extend).toHaveBeenCalled());
  expect(vi.mocked(commands.sheet_extend).mock.calls[0]?.[0].values).toEqual({
    kind: "list",
    steps: [['["owl"]']],
  });
});
