import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import type { ComposeView } from "../../bindings/ComposeView";
import type { FileKind } from "../../bindings/FileKind";
import type { LibraryAnswer } from "../../bindings/LibraryAnswer";
import { commands } from "../../host";
import { Composing } from "./composing.svelte";
import FileKnob from "./controls/FileKnob.svelte";
import { aboutKnob, emptyPlan, emptyState } from "./fixtures";
import PickPicture from "./PickPicture.svelte";

vi.mock("../../host", () => ({
  commands: {
    compose_plan: vi.fn(() => Promise.resolve(emptyPlan())),
    compose_save: vi.fn(() => Promise.resolve(null)),
    input_get: vi.fn(() => Promise.resolve(null)),
    input_take_asset: vi.fn(() => new Promise(() => {})),
    library_query: vi.fn(() => Promise.resolve(answer)),
  },
  mediaUrl: (path: string) => path,
}));

const answer = {
  shown: 1,
  first: [{ id: "asset", kind: "video", title: "Waves", at: 0, duration_ms: 4000 }],
};
let shown: object | null = null;
afterEach(async () => {
  if (shown !== null) await unmount(shown);
  document.body.innerHTML = "";
});

function show(what: FileKind): HTMLButtonElement | null {
  // What the page of tests has no way to show over the rest.
  HTMLDialogElement.prototype.showModal = vi.fn();
  HTMLDialogElement.prototype.close = vi.fn();
  const knob = aboutKnob("5", "file", { kind: { type: "file", what }, json: '""' });
  const view: Partial<ComposeView> = { draft: "d", knobs: [knob], state: emptyState() };
  const nothing = (): void => undefined;
  const c = new Composing(view as ComposeView);
  const props = { c, knob, id: "k", what, to: null, onpick: nothing, onpaint: nothing };
  shown = mount(FileKnob, { target: document.body, props });
  flushSync();
  return document.querySelector("[data-testid=from-gallery]");
}

it("takes a video of the gallery", async () => {
  show("video")?.click();
  flushSync();
  await tick();
  await tick();
  flushSync();
  const [call] = vi.mocked(commands.library_query).mock.calls;
  expect(call?.[0].query.text).toBe("kind:video");
  const option = document.querySelector<HTMLElement>("[role=option]");
  expect(option?.getAttribute("aria-label")).toMatch(/^Video 1, /);
  option?.click();
  expect(commands.input_take_asset).toHaveBeenCalledWith({ id: "asset" });
});

it("offers sounds too, and nothing where the gallery has none of the kind", () => {
  expect(show("audio")).not.toBeNull();
  document.body.innerHTML = "";
  expect(show("model3d")).toBeNull();
});

it("tells what was chosen as long as it is known what for", async () => {
  HTMLDialogElement.prototype.showModal = vi.fn();
  HTMLDialogElement.prototype.close = vi.fn();
  let knob: { label: string } | null = { label: "Image" };
  const told = vi.fn();
  const onchoose = (id: string): void => told(id, knob?.label);
  const onclose = (): void => void (knob = null);
  const props = { title: "Image", onchoose, onclose };
  shown = mount(PickPicture, { target: document.body, props });
  await vi.waitFor(() => expect(document.querySelector("[role=option]")).not.toBe(null));
  document.querySelector<HTMLElement>("[role=option]")?.click();
  expect(told).toHaveBeenCalledWith("asset", "Image");
  expect(knob).toBe(null);
});

it("chooses by Enter what the words find that were typed just now", async () => {
  HTMLDialogElement.prototype.showModal = vi.fn();
  HTMLDialogElement.prototype.close = vi.fn();
  const onchoose = vi.fn();
  const props = { title: "Image", onchoose, onclose: vi.fn() };
  shown = mount(PickPicture, { target: document.body, props });
  await vi.waitFor(() => expect(document.querySelector("[role=option]")).not.toBe(null));
  const other = { ...answer, first: answer.first.map((cell) => ({ ...cell, id: "waves" })) };
  vi.mocked(commands.library_query).mockResolvedValueOnce(other as LibraryAnswer);
  const field = document.querySelector("input");
  if (field === null) throw new Error("There is no field.");
  field.value = "waves";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  await vi.waitFor(() => expect(onchoose).toHaveBeenCalled());
  expect(onchoose.mock.calls).toEqual([["waves"]]);
});
