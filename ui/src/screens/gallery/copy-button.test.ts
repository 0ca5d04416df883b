import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import { writeClipboard } from "../../host";
import { app } from "../../state/app.svelte";
import { toasts } from "../../state/toasts.svelte";
import CopyButton from "./CopyButton.svelte";

vi.mock("../../host", () => ({
  commands: {},
  openStream: vi.fn(),
  writeClipboard: vi.fn(() => Promise.resolve()),
}));

const written = vi.mocked(writeClipboard);
let shown: object | null = null;

function press(): void {
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
});

it("copies and says so, also aloud", async () => {
  press();
  await vi.waitFor(() => expect(says()).toBe("Copied prompt"));
  expect(written).toHaveBeenCalledWith("a red lamp");
  expect(app.announcement).toBe("Copied prompt");
});

it("says that it could not", async () => {
  written.mockRejectedValueOnce(new Error("Not allowed."));
  press();
  await vi.waitFor(() => expect(toasts.list.map(({ text }) => text)).toEqual(["Not allowed."]));
  expect([says(), app.announcement]).toEqual(["Copy prompt", ""]);
});
