import { flushSync, mount, unmount } from "svelte";
import { SvelteMap } from "svelte/reactivity";
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
  trouble: null,
};
const keys = Array.from({ length: 12 }, (_, at) => at + 1);
/** What the page knows of servers, in their order there, and of work. */
const servers = new SvelteMap<string, ServerView>();
const works = new SvelteMap<number, WorkView>();
const server = (id: string, link = "online"): ServerView =>
  ({ id, name: `${id}'s name`, kind: "comfy", link, address: `http://${id}` }) as ServerView;
const hear = (id: number, kind: string, so: Partial<WorkView>): unknown =>
  works.set(id, { id, kind, state: "running", title: "", done: 0, of: 10, ...so } as WorkView);

const text = (): string => {
  flushSync();
  const sheet = document.querySelector("[data-testid=editor-sheet]");
  return sheet?.textContent?.replace(/\s+/g, " ").trim() ?? "";
};
const click = (name: string): void => {
  flushSync();
  document.querySelector<HTMLElement>(name)?.click();
};
const saveTheRest = (): void =>
  [...document.querySelectorAll("button")]
    .find((one) => one.textContent.trim() === "Save the rest")
    ?.click();
const enabled = (): Element | null => {
  flushSync();
  return document.querySelector("[data-testid=editor-open]:enabled");
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
  servers.clear();
  works.clear();
  servers.set("attic", server("attic"));
  vi.spyOn(app, "servers", "get").mockImplementation(() => [...servers.values()]);
  vi.spyOn(app, "works", "get").mockReturnValue(works);
  const asset = { id: "id-1", workflow: "abc", server_name: "attic's name" };
  vi.mocked(commands.asset_detail).mockResolvedValue({ asset } as AssetDetail);
  vi.mocked(commands.workflow_count).mockResolvedValue({ workflows: 10, left_out: done.left_out });
});

it("says how many workflows are saved, how far it is, and what is there then", async () => {
  const close = show(keys);
  await vi.waitFor(() => expect(text()).toContain("10 workflows made 10 of the 12 outputs."));
  expect(text()).toContain("Save 10 workflows there and open the page");
  const answer = answered();
  // Another one that goes on already, and one of another kind.
  hear(2, "workflows", { done: 7 });
  click("[data-testid=editor-open]");
  expect(open).toHaveBeenCalledWith({ keys, server: "attic" });
  hear(4, "copies", { done: 8 });
  expect(text()).not.toContain("of 10 Stop");
  hear(3, "workflows", { done: 4 });
  expect(text()).toContain("4 of 10");
  click("[data-testid=editor-stop]");
  expect(commands.work_cancel).toHaveBeenCalledWith({ id: 3 });

  answer({ ...done, cut_off: { left: 1, why: null } });
  await vi.waitFor(() =>
    expect(text()).toContain("10 workflows are in the folder Safelight at attic's name"),
  );
  for (const part of ["a 1", "and 5 more", "2 outputs left out. scan", "1 is not saved, since you"])
    expect(text()).toContain(part);
  open.mockResolvedValueOnce({ ...done, saved: 1, existed: 10 });
  saveTheRest();
  await vi.waitFor(() => expect(text()).not.toContain("since you stopped it"));
  expect(open).toHaveBeenCalledTimes(2);
  expect(text()).toContain("11 workflows are in the folder Safelight at attic's name");
  // What was saved just now was not there before.
  expect(text()).toContain("1 workflow was saved there before");
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
    title: "10 workflows are in the folder Safelight at attic's name",
    text: expect.stringContaining("2 outputs left out") as string,
  });
});

it("saves one as ever, and nothing where no workflow is known", async () => {
  const at = { name: "Lake 1", url: "http://attic", drawn: true, existed: false };
  const away = "No browser could be opened here. The page is http://attic.";
  let close: () => Promise<void>;
  for (const [trouble, said] of [
    [null, "The page of attic's name is open in your browser. Open Workflows"],
    [away, `${away} Open Workflows`],
  ] as const) {
    vi.mocked(commands.editor_open).mockResolvedValueOnce({ ...at, trouble });
    close = show([1]);
    await vi.waitFor(() => expect(enabled()).not.toBeNull());
    click("[data-testid=editor-open]");
    await vi.waitFor(() => expect(text()).toContain("Open “Lake 1” in ComfyUI"));
    expect(text()).toContain(said);
    await close();
  }
  expect(commands.editor_open).toHaveBeenCalledWith({ id: "id-1", server: "attic" });
  expect(open).not.toHaveBeenCalled();

  vi.mocked(commands.workflow_count).mockResolvedValueOnce({
    workflows: 0,
    left_out: { outputs: 12, why: "x" },
  });
  close = show(keys);
  await vi.waitFor(() => expect(text()).toContain("No workflow is known of these outputs"));
  expect(enabled()).toBeNull();
  await close();
});

it("offers a server as soon as it is known which, and stays with it", async () => {
  let detail: (found: AssetDetail) => void = () => undefined;
  vi.mocked(commands.asset_detail).mockReturnValueOnce(new Promise((found) => (detail = found)));
  servers.clear();
  for (const id of ["first", "made", "third"]) servers.set(id, server(id));
  const chosen = (): string | undefined => {
    flushSync();
    return document.querySelector<HTMLSelectElement>("[data-testid=editor-server]")?.value;
  };
  const close = show(keys);
  await vi.waitFor(() => expect(text()).toContain("10 workflows made"));
  expect([enabled(), chosen()]).toEqual([null, undefined]);
  detail({ asset: { id: "id-1", workflow: "abc", server_name: "made's name" } } as AssetDetail);
  await vi.waitFor(() => expect(enabled()).not.toBeNull());
  expect(chosen()).toBe("made");
  // Another one stands first now.
  servers.set("made", server("made", "offline"));
  expect(chosen()).toBe("made");
  servers.delete("made");
  expect(chosen()).toBe("first");
  servers.set("made", server("made"));
  expect(chosen()).toBe("first");

  open.mockResolvedValue({ ...done, cut_off: { left: 3, why: "The server is away." } });
  click("[data-testid=editor-open]");
  await vi.waitFor(() => expect(text()).toContain("at first's name"));
  // Even where it is gone: that is told, and nothing goes to another one.
  servers.delete("first");
  flushSync();
  saveTheRest();
  await vi.waitFor(() => expect(open).toHaveBeenCalledTimes(2));
  expect(open.mock.calls.map(([{ server: at }]) => at)).toEqual(["first", "first"]);
  await close();
});

it("keeps what was saved where no browser could be opened, and shows equal names", async () => {
  const trouble = "No browser could be opened. The page is http://attic.";
  open.mockResolvedValueOnce({ ...done, names: ["a 1", "a 1"], trouble });
  const close = show(keys);
  await vi.waitFor(() => expect(enabled()).not.toBeNull());
  click("[data-testid=editor-open]");
  await vi.waitFor(() => expect(text()).toContain(trouble));
  expect(text()).toContain("10 workflows are in the folder Safelight");
  expect(text()).not.toContain("is open in your browser");
  const names = document.querySelectorAll("[data-testid=editor-names] .mono");
  expect([...names].map((name) => name.textContent)).toEqual(["a 1", "a 1"]);
  await close();
});
