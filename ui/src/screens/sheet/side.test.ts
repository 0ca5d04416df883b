import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import type { SheetCell } from "../../bindings/SheetCell";
import type { SheetView } from "../../bindings/SheetView";
import { icons } from "../../lib/icons";
import { gridOf, whole } from "./sheet";
import SheetSide from "./SheetSide.svelte";

vi.mock("../../host", () => ({ commands: {}, mediaUrl: (path: string) => path }));

const cell = { at: [0], mark: "rejected", key: null, took_ms: null } as SheetCell;
const sheet = { axes: [{ name: "CFG", values: ["4"] }], cells: [cell] } as unknown as SheetView;
const noop = (): void => {};

it("rejects with the sign of rejecting: a cross is for closing", async () => {
  const onmark = vi.fn();
  const props = {
    ...{ sheet, grid: gridOf(sheet, 0, false), cell, job: undefined, left: null, busy: false },
    ...{ row: 0, column: 0, look: whole, closer: null, onmark, onagain: noop, onremix: noop },
    ...{ oncloser: noop, ondefaults: noop, onrate: noop, ongo: noop },
  };
  const shown = mount(SheetSide, { target: document.body, props });
  flushSync();
  const button = document.querySelector<HTMLElement>("[data-testid=sheet-reject]");
  const drawn = [...(button?.querySelectorAll("path") ?? [])].map((path) => path.getAttribute("d"));
  expect(drawn).toEqual(icons["flag-off"].map(([, { d }]) => d));
  button?.click();
  expect(onmark).toHaveBeenCalledWith("rejected");
  await unmount(shown);
});
