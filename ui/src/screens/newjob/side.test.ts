import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import NewJobSide from "./NewJobSide.svelte";
import type { Row } from "./rows";

vi.mock("../../host", () => ({ commands: {} }));

it("says with the button why a starter cannot be opened", async () => {
  const starter = { id: "inpaint", title: "Inpaint", about: "Paints.", lacks: "It lacks a VAE." };
  const row: Row = { key: "k", section: "Starters", kind: "starter", starter };
  const props = {
    row,
    cannot: "attic: It lacks a VAE. It can be opened once a server has it.",
    start: null,
    busy: false,
    server: null,
    model: "",
    loras: 1,
    onopen: vi.fn(),
  };
  const shown = mount(NewJobSide, { target: document.body, props });
  flushSync();
  const button = document.querySelector("[data-testid=new-open]");
  expect(button?.getAttribute("aria-disabled")).toBe("true");
  const why = document.getElementById(button?.getAttribute("aria-describedby") ?? "");
  expect(why?.textContent.trim()).toBe(props.cannot);
  expect(document.body.textContent).not.toContain("all the same");
  await unmount(shown);
});
