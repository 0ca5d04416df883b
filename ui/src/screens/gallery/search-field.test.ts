import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import { commands } from "../../host";
import { cellOf } from "./fixtures";
import { gallery } from "./gallery.svelte";
import SearchField from "./SearchField.svelte";

vi.mock("../../host", () => ({
  commands: {
    library_query: vi.fn(),
    library_complete: vi.fn(() => Promise.resolve([])),
    library_cells: vi.fn(),
  },
  mediaUrl: (path: string) => `media:/${path}`,
  libraryColumns: vi.fn(),
  libraryStack: vi.fn(),
  openStream: vi.fn(),
}));

it("does not keep in the field what was pasted and became a chip", async () => {
  const search = vi.spyOn(gallery, "search").mockImplementation((text) => {
    gallery.text = text;
  });
  const props = { onsave: vi.fn(), ondown: vi.fn() };
  const shown = mount(SearchField, { target: document.body, props });
  flushSync();
  const field = document.querySelector<HTMLInputElement>("[data-testid=gallery-search]")!;
  const type = (text: string): void => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    flushSync();
  };
  type("rating:4 ");
  expect(field.value).toBe("");
  expect(document.querySelectorAll("[data-chip]")).toHaveLength(1);
  type("lamp");
  expect(search.mock.lastCall?.[0]).toBe("rating:4 lamp");
  expect(field.value).toBe("lamp");
  await unmount(shown);
});

it("shows the output that a chip is about, and not its number", async () => {
  vi.mocked(commands.library_cells).mockResolvedValue([cellOf(7, { title: "Night pot" })]);
  gallery.text = "like:7 rating:4 ";
  const props = { onsave: vi.fn(), ondown: vi.fn() };
  const shown = mount(SearchField, { target: document.body, props });
  const words = (): (string | undefined)[] =>
    [...document.querySelectorAll("[data-chip]")].map((chip) =>
      chip.textContent?.replace(/\s+/g, ""),
    );
  await vi.waitFor(() => expect(words()).toEqual(["like:Nightpot", "rating:4"]));
  const labels = [...document.querySelectorAll(".tok button")].map(({ ariaLabel }) => ariaLabel);
  expect(labels.slice(0, 2)).toEqual([
    "like:Night pot. Press Enter to edit",
    "Drop like:Night pot",
  ]);
  expect(document.querySelectorAll("[data-chip] img")).toHaveLength(1);
  expect(vi.mocked(commands.library_cells).mock.calls).toEqual([[{ keys: [7] }]]);
  await unmount(shown);
});

it("has a sign in a chip for an output that there is no small picture of", async () => {
  const props = { onsave: vi.fn(), ondown: vi.fn() };
  const has = (what: string): boolean => document.querySelector(`[data-chip] ${what}`) !== null;
  for (const kind of ["audio", "picture"] as const) {
    vi.mocked(commands.library_cells).mockResolvedValue([cellOf(7, { kind })]);
    gallery.text = "same-prompt:7 ";
    const shown = mount(SearchField, { target: document.body, props });
    await vi.waitFor(() => expect(has(":is(img, svg)")).toBe(true));
    expect(has("img")).toBe(kind === "picture");
    document.querySelector("[data-chip] img")?.dispatchEvent(new Event("error"));
    flushSync();
    expect([has("img"), has("svg")]).toEqual([false, true]);
    await unmount(shown);
  }
});
