import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import type { WorkView } from "../../bindings/WorkView";
import { sheets } from "../../state/sheets.svelte";
import WorkLine from "./WorkLine.svelte";

vi.mock("../../host", () => ({ commands: {}, openStream: vi.fn() }));

it("says the first problem of work that is over, and leads to the rest", async () => {
  const work: WorkView = {
    id: 1,
    kind: "backup",
    title: "Backing up the library to disk",
    done: 240,
    of: 240,
    bytes: null,
    state: "done",
    problems: ["a.png cannot be read.", "b.png cannot be read."],
    more_problems: 238,
    result: null,
  };
  const shown = mount(WorkLine, { target: document.body, props: { work } });
  flushSync();
  expect(document.querySelector("[data-testid=work-end] span")?.textContent).toBe(
    "a.png cannot be read.",
  );
  const all = document.querySelector<HTMLElement>("[data-testid=work-problems]");
  expect(all?.textContent).toBe("Show all 240");
  all?.click();
  expect(sheets.current).toEqual({ kind: "problems", work });
  await unmount(shown);
});
