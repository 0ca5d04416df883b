import { flushSync } from "svelte";
import { beforeEach, expect, it, vi } from "vitest";
import { actions } from "../../frame/actions";
import { looking } from "../../state/looking.svelte";
import { goTo } from "./goto";

vi.mock("../../host", () => ({ commands: {}, openStream: vi.fn() }));

beforeEach(() => {
  looking.setting = null;
  location.hash = "#/queue";
  Element.prototype.scrollIntoView = vi.fn();
});

it("is offered in the palette, setting by setting", () => {
  const run = (text: string): void =>
    actions(vi.fn())
      .find((one) => one.text === text)
      ?.run();
  run("When the bin is emptied…");
  flushSync();
  expect([location.hash, looking.setting]).toEqual(["#/settings", "setting-bin"]);
  run("Folders in the library…");
  expect(looking.setting).toBe("setting-folder-add");
  run("Folder of the library…");
  expect(looking.setting).toBe("setting-library");
});

it("gives the setting's first control that Tab leads to the focus", () => {
  document.body.innerHTML = `
    <button id="other"></button>
    <div id="setting-bin">
      <button disabled></button><button tabindex="-1"></button><button id="on" tabindex="0"></button>
    </div>`;
  goTo("setting-bin");
  expect(document.activeElement?.id).toBe("on");
});
