import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { JobView } from "../bindings/JobView";
import { commands } from "../host";
import { openJob } from "../state/places";
import Palette from "./Palette.svelte";

vi.mock("../host", () => ({
  commands: {
    job_list: vi.fn(),
    workflow_list: vi.fn(() => Promise.resolve({ workflows: [] })),
    library_query: vi.fn(() => Promise.resolve({ first: [] })),
  },
  mediaUrl: (path: string) => path,
  openStream: vi.fn(),
}));
vi.mock("../state/places", () => ({
  openGallery: vi.fn(),
  openJob: vi.fn(),
  openServers: vi.fn(),
  openViewer: vi.fn(),
}));
vi.mock("../screens/gallery/gallery.svelte", () => ({ gallery: { search: vi.fn() } }));
vi.mock("../screens/compose/open", () => ({ openCompose: vi.fn() }));
const known = { id: "1", title: "Fjord 1", facts: { prompt: "" } } as JobView;
vi.mock("../state/app.svelte", () => ({
  app: {
    loadAll: () => Promise.resolve(),
    open: [],
    finished: [{ id: "1", title: "Fjord 1", facts: { prompt: "" } }],
    servers: [],
  },
}));
HTMLDialogElement.prototype.showModal ??= vi.fn();
HTMLDialogElement.prototype.close ??= vi.fn();

let shown: object | null = null;
beforeEach(() => void vi.clearAllMocks());
afterEach(async () => {
  if (shown !== null) await unmount(shown);
  shown = null;
  document.body.innerHTML = "";
});

async function type(text: string): Promise<void> {
  const field = document.querySelector<HTMLInputElement>("[data-testid=palette]");
  if (field === null) throw new Error("There is a field.");
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  flushSync();
  const asked = vi.mocked(commands.workflow_list).mock.calls.length;
  await vi.waitFor(() =>
    expect(vi.mocked(commands.workflow_list).mock.calls.length).toBeGreaterThan(asked),
  );
  await new Promise((done) => setTimeout(done));
  flushSync();
}
const found = (): string[] =>
  [...document.querySelectorAll("[role=option] .cut")].map((one) => one.textContent);

it("finds jobs that ended long ago by title and prompt, asked for once while it is open", async () => {
  const old = [
    known,
    { ...known, id: "2", title: "Fjord 2" },
    { ...known, id: "3", title: "Boat", facts: { prompt: "a fjord at dawn" } } as JobView,
    { ...known, id: "4", title: "Bouquet" },
  ];
  vi.mocked(commands.job_list).mockRejectedValueOnce({ message: "No." }).mockResolvedValue(old);
  shown = mount(Palette, { target: document.body, props: { commands: [], onclose: vi.fn() } });
  flushSync();
  expect(commands.job_list).not.toHaveBeenCalled();
  await type("fjo");
  expect(found()).toEqual(['Search pictures for "fjo"', "Fjord 1"]);
  await type("fjor");
  expect(found()).toEqual(['Search pictures for "fjor"', "Fjord 1", "Fjord 2", "Boat"]);
  await type("fjord");
  expect(vi.mocked(commands.job_list).mock.calls).toEqual(
    Array.from({ length: 2 }, () => [{ which: "finished", offset: 0, limit: 1000 }]),
  );
  document.querySelectorAll<HTMLElement>("[role=option]")[2]?.click();
  expect(openJob).toHaveBeenCalledWith("2");
});
