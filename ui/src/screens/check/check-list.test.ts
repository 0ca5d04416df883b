import { flushSync, mount, unmount } from "svelte";
import { expect, it } from "vitest";
import type { ServerCheck } from "../../bindings/ServerCheck";
import { aboutNode } from "../report/fixtures";
import CheckList from "./CheckList.svelte";

const lacks = (server_id: string, ...texts: string[]): ServerCheck => ({
  server_id,
  ability: "cannot",
  text: `${server_id} would refuse it.`,
  findings: texts.map((text) => aboutNode(text)),
});

/** Whether it is said above the servers what is in the way of all. */
async function saidAbove(blocked: string, ...servers: ServerCheck[]): Promise<boolean> {
  const props = { check: { blocked, servers }, failure: null };
  const shown = mount(CheckList, { target: document.body, props });
  flushSync();
  const said = document.querySelector("[data-testid=check-blocked]") !== null;
  await unmount(shown);
  return said;
}

it("says once what is in the way", async () => {
  expect(await saidAbove("No sd_xl.", lacks("studio", "No sd_xl."))).toBe(false);
  expect(await saidAbove("No server can.", lacks("studio", "No sd_xl."))).toBe(true);
  expect(await saidAbove("No server can.")).toBe(true);
  // Findings of a server further off are behind a button.
  const attic = lacks("attic", "No sd_xl.", "No vae.");
  expect(await saidAbove("No sd_xl.", lacks("studio", "No lora."), attic)).toBe(true);
});
