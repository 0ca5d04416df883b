import { beforeEach, describe, expect, it, vi } from "vitest";
import type { AssetView } from "../../bindings/AssetView";
import { commands } from "../../host";
import { toasts } from "../../state/toasts.svelte";
import { aboutFile } from "../report/fixtures";
import { openNodes } from "../../state/places";
import { actionsFor, rerun, viewNodes } from "./actions";

vi.mock("../../host", () => ({
  commands: { asset_rerun: vi.fn(), asset_reveal: vi.fn(), asset_get: vi.fn() },
}));
vi.mock("../../state/places", () => ({
  openJob: vi.fn(),
  openNodes: vi.fn(),
  openViewer: vi.fn(),
}));
vi.mock("../../state/toasts.svelte", () => ({ toasts: { add: vi.fn() } }));

const again = vi.mocked(commands.asset_rerun);
const told = vi.mocked(toasts.add);
const item = aboutFile("a");

beforeEach(() => {
  again.mockReset();
  told.mockReset();
});

describe("rerun", () => {
  it("queues all as one batch and counts what was queued", async () => {
    again.mockResolvedValueOnce({ items: [{ ...item, job_id: "j" }], left_out: 0, batch_id: "b" });
    again.mockResolvedValueOnce({
      items: [{ ...item, standing: "refused", message: "The workflow is not stored." }],
      left_out: 0,
      batch_id: null,
    });
    await rerun(["1", "2"]);
    expect(again.mock.calls[0]?.[0].batch_id).toBe(again.mock.calls[1]?.[0].batch_id);
    expect(told.mock.calls.map(([toast]) => [toast.title, toast.text])).toEqual([
      ["1 job queued again", "1 could not be queued. The workflow is not stored."],
    ]);
  });

  it("says that nothing was queued, and asks nothing for nothing", async () => {
    await rerun([]);
    expect(again).not.toHaveBeenCalled();
    again.mockRejectedValueOnce({ message: "The output is gone." });
    await rerun(["1"]);
    expect(told.mock.calls[0]?.[0]).toMatchObject({ tone: "bad", text: "The output is gone." });
  });
});

it("shows the nodes of what made a picture", async () => {
  vi.mocked(commands.asset_get).mockResolvedValueOnce([{ workflow: "abc" } as AssetView]);
  await viewNodes("1");
  expect(openNodes).toHaveBeenCalledWith("abc");
});

it("runs all that are chosen again, if the picture is among them", () => {
  const texts = (chosen: string[]): string[] =>
    actionsFor("1", chosen).flatMap((item) => (item === "line" ? [] : item.text));
  expect(texts(["1", "2"])).toContain("Run 2 again");
  expect(texts(["2", "3"])).toContain("Run again");
  expect(texts([])).toContain("View nodes");
});
