import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { WorkView } from "../bindings/WorkView";
import { writeClipboard } from "../host";
import ProblemsSheet from "./ProblemsSheet.svelte";

vi.mock("../host", () => ({ writeClipboard: vi.fn(() => Promise.resolve()) }));

const work: WorkView = {
  id: 1,
  kind: "export",
  title: "Exporting 1,000 files to prints",
  done: 1000,
  of: 1000,
  bytes: null,
  state: "done",
  // Two files of one name in two folders.
  problems: ["a.png is gone.", "a.png is gone.", "b.png cannot be read."],
  more_problems: 0,
  result: null,
};
const written = vi.mocked(writeClipboard);

let shown: object | null = null;
function show(part: Partial<WorkView> = {}): void {
  const props = { work: { ...work, ...part }, onclose: vi.fn() };
  shown = mount(ProblemsSheet, { target: document.body, props });
  flushSync();
}
const lines = (): (string | null)[] =>
  [...document.querySelectorAll("li")].map(({ textContent }) => textContent);
const press = (): void =>
  document.querySelector<HTMLElement>("[data-testid=problems-copy]")?.click();

beforeEach(() => {
  HTMLDialogElement.prototype.showModal ??= vi.fn();
  HTMLDialogElement.prototype.close ??= vi.fn();
});
afterEach(async () => {
  if (shown !== null) await unmount(shown);
  shown = null;
});

it("lists every problem and copies the list", async () => {
  show();
  expect(document.querySelector("h2")?.textContent).toBe(
    "Exporting 1,000 files to prints ended with 3 problems",
  );
  expect(lines()).toEqual(work.problems);
  press();
  await vi.waitFor(() =>
    expect(document.querySelector("[role=status]")?.textContent).toBe("Copied the list"),
  );
  expect(written).toHaveBeenLastCalledWith(work.problems.join("\n"));
});

it("says how many are not in the list, in the copy too", () => {
  show({ more_problems: 1040 });
  expect(lines()).toEqual([...work.problems, "and 1,040 more"]);
  press();
  expect(written).toHaveBeenLastCalledWith([...work.problems, "and 1,040 more"].join("\n"));
});

it("says within the sheet that nothing was copied", async () => {
  written.mockRejectedValueOnce(new Error("Not allowed."));
  show();
  press();
  await vi.waitFor(() =>
    expect(document.querySelector("[role=alert]")?.textContent).toBe(
      "It could not be copied. Not allowed.",
    ),
  );
});
