import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import { commands } from "../../host";
import TagSheet from "./TagSheet.svelte";

vi.mock("../../host", () => ({
  commands: {
    tag_list: vi.fn(() => Promise.resolve([{ name: "for print", count: 9 }])),
    collection_list: vi.fn(() => Promise.resolve([])),
    asset_mark: vi.fn(() => Promise.resolve({ undo: 1, changed: 0, copies: 0, cut_off: null })),
  },
  libraryColumns: vi.fn(),
  libraryStack: vi.fn(),
}));

it("takes a tag off many with the keyboard too, of which it is not known who has it", async () => {
  HTMLDialogElement.prototype.showModal = vi.fn();
  HTMLDialogElement.prototype.close = vi.fn();
  Element.prototype.scrollIntoView = vi.fn();
  const keys = Array.from({ length: 500 }, (_, at) => at);
  const shown = mount(TagSheet, { target: document.body, props: { keys, onclose: vi.fn() } });
  const line = await vi.waitFor(() => {
    const found = document.querySelector("[data-testid=tag-line]");
    expect(found).not.toBeNull();
    return found;
  });
  expect(line?.textContent).toContain("for print");
  const field = document.querySelector<HTMLInputElement>("[data-testid=tag-field]");
  if (field !== null) field.value = "for";
  field?.dispatchEvent(new Event("input", { bubbles: true }));
  flushSync();
  // The first line makes a tag of what was typed: nothing is taken off with it.
  const press = (key: string, shiftKey: boolean): unknown =>
    field?.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true }));
  press("Enter", true);
  expect(commands.asset_mark).not.toHaveBeenCalled();
  press("ArrowDown", false);
  press("Enter", true);
  await vi.waitFor(() =>
    expect(commands.asset_mark).toHaveBeenCalledWith({
      keys,
      mark: { mark: "tag_remove", name: "for print" },
    }),
  );
  await unmount(shown);
});
