import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import { commands } from "../../host";
import { answerOf, cellOf } from "./fixtures";
import { gallery } from "./gallery.svelte";
import { KeySet } from "./key-set";
import SelectionBar from "./SelectionBar.svelte";

vi.mock("../../host", () => ({
  commands: { library_query: vi.fn(), library_members: vi.fn() },
  libraryColumns: vi.fn(),
}));

it("is not covered by messages, which lie above it as long as it is there", async () => {
  const under = (): string => document.documentElement.style.getPropertyValue("--under");
  gallery.selected = KeySet.of([1, 2]);
  const shown = mount(SelectionBar, { target: document.body, props: { binned: false } });
  flushSync();
  expect(under()).toBe("60px");
  await unmount(shown);
  expect(under()).toBe("");
});

it("says how many outputs are chosen, also when their stacks are not listed any more", async () => {
  const first = [cellOf(1, { stack: 12 }), cellOf(2, { stack: 12 }), cellOf(3, { stack: 12 })];
  vi.mocked(commands.library_query)
    .mockResolvedValueOnce(answerOf([1, 2, 3], { first }))
    .mockResolvedValueOnce(answerOf([50]));
  const inside = Array.from({ length: 36 }, (_, at) => at + 1);
  vi.mocked(commands.library_members).mockResolvedValueOnce(inside);
  await gallery.refresh();
  gallery.choose(KeySet.of([1, 2, 3]), [1, 2, 3]);
  const shown = mount(SelectionBar, { target: document.body, props: { binned: false } });
  const said = (): string => {
    flushSync();
    return document.querySelector("[data-testid=selection-bar] b")?.textContent ?? "";
  };
  expect(said()).toBe("3 selected, 36 with what is in stacks");
  gallery.text = "other";
  await gallery.refresh();
  expect(said()).toBe("36 selected");
  await unmount(shown);
});

it.each([
  { keys: [1], text: "Its files are deleted", cancel: "Keep it" },
  { keys: [1, 2], text: "Their files are deleted", cancel: "Keep them" },
])(
  "asks before it deletes for good, of one or several: $cancel",
  async ({ keys, text, cancel }) => {
    gallery.selected = KeySet.of(keys);
    const shown = mount(SelectionBar, { target: document.body, props: { binned: true } });
    flushSync();
    document.querySelector<HTMLElement>("[data-testid=bin-delete]")?.click();
    flushSync();
    expect(document.body.textContent).toContain(text);
    expect(document.body.textContent).toContain(cancel);
    await unmount(shown);
  },
);
