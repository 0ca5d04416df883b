import { flushSync, mount, unmount } from "svelte";
import { expect, it, vi } from "vitest";
import { chooseSave, commands } from "../../host";
import { lastPlan } from "./export-plan.svelte";
import { BEGINNING } from "./exporting";
import ExportSheet from "./ExportSheet.svelte";

vi.mock("../../host", () => ({
  chooseFolder: vi.fn(),
  chooseSave: vi.fn(),
  commands: {
    asset_detail: vi.fn(() => Promise.reject(new Error("no"))),
    export_unstripped: vi.fn(() => Promise.resolve({ files: 2, endings: ["avi", "bmp"] })),
    export_start: vi.fn(() => Promise.resolve({ title: "Exporting a contact sheet" })),
  },
}));

HTMLDialogElement.prototype.showModal = vi.fn();
HTMLDialogElement.prototype.close = vi.fn();

it("says how many contact sheets there will be", async () => {
  lastPlan.plan = { ...BEGINNING, into: "contact_sheet" };
  const props = { keys: Array.from({ length: 1200 }, (_, at) => at), onclose: vi.fn() };
  const shown = mount(ExportSheet, { target: document.body, props });
  flushSync();
  const said = document.querySelector("[data-testid=export-sheets]")?.textContent ?? "";
  expect(said).toMatch(/3 sheets of up to 500 pictures/);
  await unmount(shown);
});

it("offers each form of a contact sheet once, and PNG where pictures stay as they are", async () => {
  lastPlan.plan = { ...BEGINNING, into: "contact_sheet", form: "original" };
  const props = { keys: [1, 2], onclose: vi.fn() };
  const shown = mount(ExportSheet, { target: document.body, props });
  flushSync();
  const forms = [...document.querySelectorAll("[aria-label='Pictures as'] [role=radio]")];
  expect(forms.map((one) => [one.textContent.trim(), one.getAttribute("aria-checked")])).toEqual([
    ["PNG", "true"],
    ["JPEG", "false"],
    ["WebP", "false"],
  ]);
  await unmount(shown);
});

it("writes a contact sheet as the path's ending says", async () => {
  lastPlan.plan = { ...BEGINNING, into: "contact_sheet", form: "png" };
  vi.mocked(chooseSave).mockResolvedValueOnce("/p/x.jpg");
  const shown = mount(ExportSheet, {
    target: document.body,
    props: { keys: [1], onclose: vi.fn() },
  });
  flushSync();
  const form = document.querySelector("[data-testid=export-sheet]");
  form?.dispatchEvent(new SubmitEvent("submit", { cancelable: true }));
  await vi.waitFor(() => expect(commands.export_start).toHaveBeenCalled());
  expect(vi.mocked(commands.export_start).mock.lastCall?.[0].plan).toMatchObject({
    to: "/p/x.jpg",
    form: "jpeg",
  });
  // What was chosen in the sheet is there again the next time.
  expect(lastPlan.plan.form).toBe("png");
  await unmount(shown);
});

it("says beforehand which files cannot be written without their recipes", async () => {
  lastPlan.plan = BEGINNING;
  const props = { keys: [1, 2, 3], onclose: vi.fn() };
  const shown = mount(ExportSheet, { target: document.body, props });
  const said = (): string =>
    document
      .querySelector("[data-testid=export-unstripped]")
      ?.textContent?.replace(/\s+/g, " ")
      .trim() ?? "";
  flushSync();
  expect([said(), vi.mocked(commands.export_unstripped).mock.calls.length]).toEqual(["", 0]);
  const keep = "[aria-label='Keep workflow and prompt in the files']";
  document.querySelector<HTMLElement>(keep)?.click();
  await vi.waitFor(() =>
    expect(said()).toBe(
      "2 files cannot be written without them and will be left out (.avi, .bmp).",
    ),
  );
  expect(vi.mocked(commands.export_unstripped).mock.lastCall?.[0]).toMatchObject({
    keys: [1, 2, 3],
    plan: { metadata: false, form: "original" },
  });
  await unmount(shown);
});
