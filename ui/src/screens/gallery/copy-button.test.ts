import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import { app } from "../../state/app.svelte";
import { toasts } from "../../state/toasts.svelte";
import CopyButton from "./CopyButton.svelte";

vi.mock("../../host", () => ({ commands: {}, openStream: vi.fn() }));

const writeText = vi.fn<(text: string) => Promise<void>>(() => Promise.resolve());
let shown: object | null = null;

function press(): void {
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  toasts.list = [];
  app.announcement = "";
  const props = { text: "a red lamp", name: "prompt" };
  shown = mount(CopyButton, { target: document.body, props });
  document.querySelector<HTMLElement>("button")?.click();
}
const says = (): string => {
  flushSync();
  return document.querySelector("button")?.getAttribute("aria-label") ?? "";
};

afterEach(async () => {
  if (shown !== null) await unmount(shown);
  vi.unstubAllGlobals();
});

it("copies and says so, also aloud", async () => {
  press();
  await vi.waitFor(() => expect(says()).toBe("Copied prompt"));
  expect(writeText).toHaveBeenCalledWith("a red lamp");
  expect(app.announcement).toBe("Copied prompt");
});

it("says that it could not", async () => {
  writeText.mockRejectedValueOnce(new Error("Not allowed."));
  press();
  await vi.waitFor(() => expect(toasts.list.map(({ text }) => text)).toEqual(["Not allowed."]));
  expect([says(), app.announcement]).toEqual(["Copy prompt", ""]);
});
