import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { commands, writeClipboard } from "../../host";
import { openServers } from "../../state/places";
import { toasts } from "../../state/toasts.svelte";
import { undo } from "../../state/undo";
import { jobOf } from "./fixtures";
import JobScreen from "./JobScreen.svelte";

vi.mock("../../host", () => ({
  commands: {
    job_get: vi.fn(),
    job_remove: vi.fn(() => Promise.resolve(null)),
    job_restore: vi.fn(() => Promise.resolve(null)),
  },
  mediaUrl: (path: string) => path,
  writeClipboard: vi.fn(() => Promise.resolve()),
}));

const gone = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
let shown: object | null = null;

beforeEach(async () => {
  vi.clearAllMocks();
  toasts.list = [];
  location.hash = "#/job/j";
  await gone();
  const job = jobOf({ state: { kind: "ended", of: "cancelled" } });
  vi.mocked(commands.job_get).mockResolvedValue({
    job,
    progress: null,
    events: [],
    assets: [],
    previews: [],
    siblings: [],
  } as never);
  shown = mount(JobScreen, { target: document.body, props: { id: "j" } });
  await gone();
  flushSync();
});
afterEach(async () => {
  if (shown !== null) await unmount(shown);
});

const press = (text: string): void =>
  [...document.querySelectorAll("button")].find((one) => one.textContent.includes(text))?.click();

it("takes a job off the list, goes to the queue, and takes that back", async () => {
  press("Remove");
  await vi.waitFor(() => expect(location.hash).toBe("#/queue"));
  expect(toasts.list.map(({ title }) => title)).toEqual(["1 job removed"]);
  undo();
  expect(commands.job_restore).toHaveBeenCalledWith({ ids: ["j"] });
});

it("does not take the artist away from where they went meanwhile", async () => {
  let answer: () => void = () => {};
  vi.mocked(commands.job_remove).mockReturnValueOnce(
    new Promise((resolve) => (answer = () => resolve(null))),
  );
  press("Remove");
  openServers();
  await gone();
  answer();
  await gone();
  expect(location.hash).toBe("#/servers");
});

it("says that the ID could not be copied", async () => {
  vi.mocked(writeClipboard).mockRejectedValueOnce(new Error("Not allowed."));
  press("Copy ID");
  await vi.waitFor(() => expect(toasts.list.map(({ text }) => text)).toEqual(["Not allowed."]));
});
