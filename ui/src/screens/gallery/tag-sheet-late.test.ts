import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import type { AssetDetail } from "../../bindings/AssetDetail";
import { commands } from "../../host";
import TagSheet from "./TagSheet.svelte";

vi.mock("../../host", () => ({
  commands: {
    tag_list: vi.fn(() =>
      Promise.resolve([
        { name: "a", count: 1 },
        { name: "b", count: 1 },
      ]),
    ),
    collection_list: vi.fn(() => Promise.resolve([])),
    asset_mark: vi.fn(() => Promise.resolve({ undo: 1, changed: 0, copies: 0, cut_off: null })),
    asset_detail: vi.fn(),
  },
  libraryColumns: vi.fn(),
}));

const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

it("shows what all presses made of it, also where an answer from between them is late", async () => {
  HTMLDialogElement.prototype.showModal = vi.fn();
  HTMLDialogElement.prototype.close = vi.fn();
  const answers: ((tags: string[]) => void)[] = [];
  vi.mocked(commands.asset_detail).mockImplementation(
    () =>
      new Promise((resolve) => {
        answers.push((tags) => resolve({ tags, collections: [] } as unknown as AssetDetail));
      }),
  );
  const answer = async (at: number, tags: string[]): Promise<void> => {
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(at));
    answers[at]?.(tags);
    await wait();
    flushSync();
  };
  const shown = mount(TagSheet, {
    target: document.body,
    props: { keys: [1], onclose: vi.fn() },
  });
  const lines = (): HTMLElement[] => [
    ...document.querySelectorAll<HTMLElement>("[data-testid=tag-line]"),
  ];
  const labels = (): (string | null)[] => lines().map((line) => line.getAttribute("aria-label"));
  await answer(0, []);
  expect(labels()).toEqual(["a", "b"]);
  lines()[0]?.click();
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  lines()[1]?.click();
  await answer(2, ["a", "b"]);
  expect(labels()).toEqual(["a, on all", "b, on all"]);
  await answer(1, ["a"]);
  expect(labels()).toEqual(["a, on all", "b, on all"]);
  await unmount(shown);
});
