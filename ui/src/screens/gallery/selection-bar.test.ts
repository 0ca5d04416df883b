import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import { gallery } from "./gallery.svelte";
import { KeySet } from "./key-set";
import SelectionBar from "./SelectionBar.svelte";

vi.mock("../../host", () => ({ commands: {}, libraryColumns: vi.fn() }));

it("is not covered by messages, which lie above it as long as it is there", async () => {
  const under = (): string => document.documentElement.style.getPropertyValue("--under");
  gallery.selected = KeySet.of([1, 2]);
  const shown = mount(SelectionBar, { target: document.body, props: { binned: false } });
  flushSync();
  expect(under()).toBe("60px");
  await unmount(shown);
  expect(under()).toBe("");
});
