import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import type { Trouble } from "../../bindings/Trouble";
import TroubleBox from "./TroubleBox.svelte";

vi.mock("../../host", () => ({ commands: {} }));

const trouble: Trouble = {
  code: "validation",
  message: "studio has no gone.safetensors.",
  details: null,
  node_id: "4",
  node_title: "Load Checkpoint",
  node_class: "CheckpointLoaderSimple",
  input_name: "ckpt_name",
  received: "gone.safetensors",
  allowed: ["marble", "dunes"],
  traceback: null,
};
const onuse = (): Promise<void> => Promise.resolve();

it.each([
  ["all of it", ['"dunes"', '"marble"'], onuse, ["Node", "Input", "It got", "Instead"]],
  ["some of it", ['"dunes"'], onuse, ["Node", "Input", "It got", "Instead", "It takes"]],
  ["nothing that could be done", ['"dunes"'], undefined, ["Node", "Input", "It got", "It takes"]],
])("lists what an input takes unless it is offered: %s", async (_, instead, use, names) => {
  const props = { trouble, instead, onuse: use };
  const shown = mount(TroubleBox, { target: document.body, props });
  flushSync();
  expect([...document.querySelectorAll("dt")].map((name) => name.textContent)).toEqual(names);
  await unmount(shown);
});
