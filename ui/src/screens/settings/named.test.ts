import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import type { RootView } from "../../bindings/RootView";
import FolderRow from "./FolderRow.svelte";
import { switches } from "./switches";

vi.mock("../../host", () => ({ commands: {} }));

const root = (path: string): RootView => ({
  id: 1,
  path,
  own: false,
  watched: true,
  state: "idle",
  seen: 0,
  to_read: 0,
  read: 0,
  unread: 0,
  assets: 3,
  scanned_at: null,
  trouble: null,
  report: {
    new: 0,
    same: 0,
    moved: 0,
    changed: 0,
    missing: 0,
    sidecars: 0,
    passed_over: 0,
    problems: [],
    more_problems: 0,
  },
});

it("says of which folder the buttons of a row are", async () => {
  const nothing = vi.fn();
  const props = {
    root: root("/art/prints"),
    current: false,
    onscan: nothing,
    onpause: nothing,
    onwatch: nothing,
    onmove: nothing,
    onreport: nothing,
    onforget: nothing,
  };
  const shown = mount(FolderRow, { target: document.body, props });
  flushSync();
  const group = document.querySelector("[data-testid=library-folder]");
  expect([group?.getAttribute("role"), group?.getAttribute("aria-label")]).toEqual([
    "group",
    "prints",
  ]);
  expect(document.querySelector("[data-testid=folder-state]")?.textContent?.trim()).toBe(
    "3 outputs. It was not gone through yet.",
  );
  await unmount(shown);
});

it.each(switches)("says in a sentence what $name does", ({ text }) => {
  expect(text).toMatch(/^[A-Z].*\.$/);
});
