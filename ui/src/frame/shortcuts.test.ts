import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import Shortcuts from "./Shortcuts.svelte";

HTMLDialogElement.prototype.showModal = vi.fn();
HTMLDialogElement.prototype.close = vi.fn();

it("shows each key that is held as a cap of its own", async () => {
  const shown = mount(Shortcuts, { target: document.body, props: { onclose: () => {} } });
  flushSync();
  const caps = [...document.querySelectorAll("kbd")].map(({ textContent }) => textContent);
  expect(caps).toContain("Ctrl");
  expect(caps.filter((cap) => /^(Ctrl|Shift|Alt) /.test(cap))).toEqual([]);
  await unmount(shown);
});
