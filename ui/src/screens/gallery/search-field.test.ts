import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import { gallery } from "./gallery.svelte";
import SearchField from "./SearchField.svelte";

vi.mock("../../host", () => ({
  commands: { library_query: vi.fn(), library_complete: vi.fn(() => Promise.resolve([])) },
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
