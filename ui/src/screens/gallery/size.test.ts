import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import { here } from "../../state/here.svelte";
import { ROW_HEIGHT_MAX } from "./layout";
import SizeSlider from "./SizeSlider.svelte";

it("offers in the palette what changes the size", async () => {
  const onchange = vi.fn();
  const shown = mount(SizeSlider, { target: document.body, props: { value: 100, onchange } });
  flushSync();
  here.commands.find(({ text }) => text === "Bigger pictures")?.run();
  expect(onchange.mock.lastCall?.[0]).toBeGreaterThan(100);
  here.commands.find(({ text }) => text === "Smaller pictures")?.run();
  expect(onchange.mock.lastCall?.[0]).toBeLessThan(100);
  await unmount(shown);
  const largest = { value: ROW_HEIGHT_MAX, onchange };
  const other = mount(SizeSlider, { target: document.body, props: largest });
  flushSync();
  expect(here.commands.map(({ text }) => text)).toEqual(["Smaller pictures"]);
  await unmount(other);
});
