import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import { looking } from "../../state/looking.svelte";
import WelcomeScreen from "./WelcomeScreen.svelte";

vi.mock("../../host", () => ({
  commands: { server_probe: vi.fn(() => Promise.reject(new Error("Nothing answers."))) },
  openStream: vi.fn(),
}));

it("leads to where folders of older pictures are added", async () => {
  const shown = mount(WelcomeScreen, { target: document.body, props: { onshortcuts: vi.fn() } });
  flushSync();
  document.querySelector<HTMLElement>("[data-testid=welcome-older]")?.click();
  expect([location.hash, looking.setting]).toEqual(["#/settings", "setting-folder-add"]);
  await unmount(shown);
});
