import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import CellGrid from "./CellGrid.svelte";
import { emptyPlan } from "./fixtures";

vi.mock("../../host", () => ({ commands: {} }));

it("can be scrolled with the keyboard", async () => {
  const axes = [{ name: "CFG", values: ["4", "6"] }];
  const plan = emptyPlan({ cells: 2, axes });
  const shown = mount(CellGrid, { target: document.body, props: { plan } });
  flushSync();
  const scroller = document.querySelector("table")?.parentElement;
  expect(scroller?.tabIndex).toBe(0);
  expect(scroller?.getAttribute("role")).toBe("group");
  expect(scroller?.getAttribute("aria-label")).toBe("All cells");
  await unmount(shown);
});
