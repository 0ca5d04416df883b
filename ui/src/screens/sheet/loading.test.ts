import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { SheetView } from "../../bindings/SheetView";
import { commands } from "../../host";
import { LoadedSheet } from "./loading.svelte";

vi.mock("../../host", () => ({ commands: { sheet_get: vi.fn() } }));

const get = vi.mocked(commands.sheet_get);
const sheet = (title: string): SheetView => ({ title }) as SheetView;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.clearAllMocks();
});

it("reads once for many changes", async () => {
  get.mockResolvedValue(sheet("a"));
  const loaded = new LoadedSheet("b");
  for (let at = 0; at < 5; at += 1) {
    loaded.soon();
    await vi.advanceTimersByTimeAsync(60);
  }
  await vi.advanceTimersByTimeAsync(300);
  expect(get.mock.calls.length).toBeLessThanOrEqual(2);
  expect(loaded.view?.title).toBe("a");
});

it("shows the newest answer, and none after it was left", async () => {
  let late = (_: SheetView): void => {};
  get.mockImplementationOnce(() => new Promise((done) => (late = done)));
  get.mockResolvedValueOnce(sheet("new"));
  const loaded = new LoadedSheet("b");
  const old = loaded.now();
  await loaded.now();
  late(sheet("old"));
  await old;
  expect(loaded.view?.title).toBe("new");
  get.mockRejectedValueOnce({ message: "It is gone." });
  await loaded.now();
  expect([loaded.failure, loaded.view?.title]).toEqual(["It is gone.", "new"]);
  loaded.soon();
  loaded.stop();
  await vi.advanceTimersByTimeAsync(500);
  expect(get).toHaveBeenCalledTimes(3);
});
