import { beforeEach, expect, it, vi } from "vitest";
import { openCompare, openJob, openViewer, viewedAmong } from "./places";
import { route } from "./route.svelte";

beforeEach(() => void (location.hash = ""));

it("compares two, and does not take the artist away from where they went meanwhile", async () => {
  const from = route.current;
  openCompare("a", "b", from);
  await vi.waitFor(() => expect(route.current).toEqual({ name: "viewer", id: "a+b" }));
  openJob("j");
  await vi.waitFor(() => expect(route.current).toEqual({ name: "job", id: "j" }));
  openCompare("a", "b", from);
  expect(location.hash).toBe("#/job/j");
});

it("keeps what the viewer was opened among while it walks, and forgets it after", async () => {
  const gone = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  openJob("j");
  await gone();
  openViewer("a", ["a", "b"]);
  await gone();
  openViewer("b");
  expect(viewedAmong()).toEqual(["a", "b"]);
  openJob("j");
  await gone();
  openViewer("c");
  expect(viewedAmong()).toEqual([]);
});
