import { expect, it, vi } from "vitest";
import type { ComposeView } from "../../bindings/ComposeView";
import { commands } from "../../host";
import { takeWaiting, useAsInput, useFileAsInput, viewOf } from "./open";

vi.mock("../../host", () => ({ commands: { compose_open: vi.fn() } }));

it("hands what was dragged onto the draft to the draft that was open last, once", async () => {
  const open = vi.mocked(commands.compose_open);
  open.mockResolvedValue({ draft: "d" } as ComposeView);
  // Before any draft was open there is none to put it into.
  await useFileAsInput("/boat.png");
  expect(open).not.toHaveBeenCalled();
  await viewOf("d");
  await useFileAsInput("/boat.png");
  expect(location.hash).toBe("#/compose/d");
  expect(takeWaiting("d")).toEqual({ path: "/boat.png" });
  expect(takeWaiting("d")).toBeNull();
  await useAsInput("a");
  expect(takeWaiting("other")).toBeNull();
  await useAsInput("a");
  expect(takeWaiting("d")).toEqual({ asset: "a" });
});
