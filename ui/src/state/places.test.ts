import { beforeEach, expect, it, vi } from "vitest";
import type { AssetView } from "../bindings/AssetView";
import { commands } from "../host";
import { openCompare, openJob, openViewer, viewedAmong } from "./places";
import { toasts } from "./toasts.svelte";

vi.mock("../host", () => ({ commands: { asset_get: vi.fn() } }));
vi.mock("./toasts.svelte", () => ({ toasts: { add: vi.fn() } }));

const told = vi.mocked(toasts.add);

beforeEach(() => {
  location.hash = "";
  told.mockReset();
});

it.each([
  { kinds: ["picture", "picture"], opened: true },
  { kinds: ["picture", "video"], opened: true },
  { kinds: ["video", "video"], opened: true },
  { kinds: ["text", "picture"], opened: false },
])("compares what is seen: $kinds", async ({ kinds, opened }) => {
  vi.mocked(commands.asset_get).mockResolvedValueOnce(kinds.map((kind) => ({ kind }) as AssetView));
  openCompare("a", "b");
  if (opened) await vi.waitFor(() => expect(location.hash).toBe("#/viewer/a+b"));
  else
    await vi.waitFor(() =>
      expect(told).toHaveBeenCalledWith(
        expect.objectContaining({ title: "Only pictures and videos can be compared" }),
      ),
    );
  expect(location.hash === "").toBe(!opened);
});

it("does not take the artist away from where they went meanwhile", async () => {
  const pictures = [{ kind: "picture" }, { kind: "picture" }] as AssetView[];
  let answer: (assets: AssetView[]) => void = () => {};
  vi.mocked(commands.asset_get).mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
  openCompare("a", "b");
  openJob("j");
  await vi.waitFor(() => expect(location.hash).toBe("#/job/j"));
  await new Promise((resolve) => setTimeout(resolve));
  answer(pictures);
  await new Promise((resolve) => setTimeout(resolve));
  expect(location.hash).toBe("#/job/j");
});

it("keeps what the viewer was opened among while it walks, and forgets it after", async () => {
  const gone = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  openJob("j");
  await gone();
  openViewer("a", ["a", "b"]);
  await gone();
  openViewer("b");
  expect(viewedAmong()).toEqual(["a", "b"]);
  openJob("j");
  await gone();
  openViewer("c");
  expect(viewedAmong()).toEqual([]);
});
