import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import { cellOf } from "../gallery/fixtures";
import Thumb from "./Thumb.svelte";

vi.mock("../../host", () => ({ mediaUrl: (path: string) => `media:/${path}`, commands: {} }));

it("has a sign in place of a picture that cannot be shown, until its disk is back", async () => {
  const props = $state({ cell: cellOf(1, { away: true }) });
  const shown = mount(Thumb, { target: document.body, props });
  flushSync();
  const has = (what: string): boolean => document.querySelector(what) !== null;
  document.querySelector("img")?.dispatchEvent(new Event("error"));
  flushSync();
  expect([has("img"), has("svg")]).toEqual([false, true]);
  // A mark of it is no reason to try again.
  props.cell = cellOf(1, { away: true, rating: 3 });
  flushSync();
  expect(has("img")).toBe(false);
  props.cell = cellOf(1, { rating: 3 });
  flushSync();
  expect([has("img"), has("svg")]).toEqual([true, false]);
  await unmount(shown);
});
