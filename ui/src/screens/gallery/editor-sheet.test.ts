import { flushSync, mount, unmount } from "svelte";
import { beforeEach, expect, it, vi } from "vitest";
import type { AssetDetail } from "../../bindings/AssetDetail";
import type { EditorsView } from "../../bindings/EditorsView";
import type { ServerView } from "../../bindings/ServerView";
import type { WorkView } from "../../bindings/WorkView";
import { commands } from "../../host";
import { app } from "../../state/app.svelte";
import { toasts } from "../../state/toasts.svelte";
import EditorSheet from "./EditorSheet.svelte";

vi.mock("../../host", () => ({
  commands: {
    asset_detail: vi.fn(),
    editor_open: vi.fn(),
    editor_open_all: vi.fn(),
    work_cancel: vi.fn(() => Promise.resolve(null)),
    workflow_count: vi.fn(),
  },
}));

HTMLDialogElement.prototype.showModal = vi.fn();
HTMLDialogElement.prototype.close = vi.fn();

const open = vi.mocked(commands.editor_open_all);
const done: EditorsView = {
  url: "http://attic:8188",
  saved: 9,
  existed: 1,
  names: ["a 1", "b 2", "c 3", "d 4", "e 5"],
  left_out: { outputs: 2, why: "scan: no workflow is known of it." },
  cut_off: null,
};
const keys = Array.from({ length: 12 }, (_, at) => at + 1);

const text = (): string => {
  flushSync();
  const sheet = document.querySelector("[data-testid=editor-sheet]");
  return sheet?.textContent?.replace(/\s+/g, " ").trim() ?? "";
};
const click = (name: string): void => {
  flushSync();
  document.querySelector<HTMLElement>(name)?.click();
};

/** Lets the answer be given later. */
function answered(): (all: EditorsView) => void {
  let answer: (all: EditorsView) => void = () => undefined;
  open.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
  return (all) => answer(all);
}

function show(of: readonly number[]): () => Promise<void> {
  const shown = mount(EditorSheet, {
    target: document.body,
    props: { keys: of, onclose: vi.fn() },
  });
  return () => unmount(shown);
}

beforeEach(() => {
  open.mockReset();
  const server = { id: "s", name: "attic", kind: "comfy", link: "online", address: "http://attic" };
  vi.spyOn(app, "servers", "get").mockReturnValue([server as ServerView]);
  const asset = { id: "id-1", workflow: "abc", server_name: "attic" };
  vi.mocked(commands.asset_detail).mockResolvedValue({ asset } as AssetDetail);
  vi.mocked(commands.workflow_count).mockResolvedValue({ workflows: 10, left_out: done.left_out });
});

it("says how many workflows are saved, how far it is, and what is there then", async () => {
  const close = show(keys);
  await vi.waitFor(() => expect(text()).toContain("10 workflows made 10 of the 12 outputs."));
  expect(text()).toContain("Save 10 workflows there and open the page");
  const answer = answered();
  const work = { id: 3, kind: "workflows", state: "running", title: "Saving", done: 4, of: 10 };
  vi.spyOn(app, "works", "get").mockReturnValue(new Map([[3, work as WorkView]]));
  click("[data-testid=editor-open]");
  expect(open).toHaveBeenCalledWith({ keys, server: "s" });
  expect(text()).toContain("4 of 10");
  click("[data-testid=editor-stop]");
  expect(commands.work_cancel).toHaveBeenCalledWith({ id: 3 });

  answer({ ...done, cut_off: { left: 1, why: null } });
  await vi.waitFor(() => expect(text()).toContain("10 workflows are in the folder Safelight"));
  for (const part of ["a 1", "and 5 more", "2 outputs left out. scan", "1 is not saved, since you"])
    expect(text()).toContain(part);
  open.mockResolvedValueOnce(done);
  [...document.querySelectorAll("button")]
    .find((one) => one.textContent === "Save the rest")
    ?.click();
  await vi.waitFor(() => expect(text()).not.toContain("since you stopped it"));
  expect(open).toHaveBeenCalledTimes(2);
  await close();
});

it("tells what came of it where the sheet was closed meanwhile", async () => {
  const add = vi.spyOn(toasts, "add");
  const answer = answered();
  const close = show(keys);
  await vi.waitFor(() => expect(text()).toContain("Save 10 workflows"));
  click("[data-testid=editor-open]");
  await close();
  answer(done);
  await vi.waitFor(() => expect(add).toHaveBeenCalled());
  expect(add.mock.lastCall?.[0]).toMatchObject({
    title: "10 workflows are in the folder Safelight",
    text: expect.stringContaining("2 outputs left out") as string,
  });
});

it("saves one as ever, and nothing where no workflow is known", async () => {
  const saved = { name: "Lake 1", url: "http://attic", drawn: true, existed: false };
  vi.mocked(commands.editor_open).mockResolvedValueOnce(saved);
  let close = show([1]);
  await vi.waitFor(() =>
    expect(document.querySelector("[data-testid=editor-open]:enabled")).not.toBeNull(),
  );
  click("[data-testid=editor-open]");
  await vi.waitFor(() => expect(text()).toContain("Open “Lake 1” in ComfyUI"));
  expect(commands.editor_open).toHaveBeenCalledWith({ id: "id-1", server: "s" });
  expect(open).not.toHaveBeenCalled();
  await close();

  vi.mocked(commands.workflow_count).mockResolvedValueOnce({
    workflows: 0,
    left_out: { outputs: 12, why: "x" },
  });
  close = show(keys);
  await vi.waitFor(() => expect(text()).toContain("No workflow is known of these outputs"));
  expect(document.querySelector("[data-testid=editor-open]:enabled")).toBeNull();
  await close();
});
