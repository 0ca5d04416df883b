import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import Menu from "./Menu.svelte";

it("says why an item is off where that is known, and lets it be gone to but not chosen", async () => {
  const [run, onclose] = [vi.fn(), vi.fn()];
  const item = { icon: "copy" as const, off: true, run };
  const items = [
    { ...item, text: "Copy" },
    { ...item, text: "Copy workflows", why: "One at a time." },
  ];
  const shown = mount(Menu, {
    target: document.body,
    props: { at: { x: 0, y: 0 }, items, onclose },
  });
  flushSync();
  const [plain, told] = [...document.querySelectorAll<HTMLButtonElement>(".menu button")];
  expect([plain?.disabled, told?.disabled]).toEqual([true, false]);
  // It is read on the screen, and with the item, by who has no pointer too.
  const why = document.getElementById(told?.getAttribute("aria-describedby") ?? "");
  expect(why?.textContent).toBe("One at a time.");
  expect(plain?.hasAttribute("aria-describedby")).toBe(false);
  expect(document.activeElement).toBe(told);
  told?.click();
  expect([run.mock.calls.length, onclose.mock.calls.length]).toEqual([0, 0]);
  await unmount(shown);
});
