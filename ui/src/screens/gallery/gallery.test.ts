import { beforeEach, describe, expect, it, vi } from "vitest";
import type { AssetIndex } from "../../bindings/AssetIndex";
import type { AssetQuery } from "../../bindings/AssetQuery";
import { commands } from "../../host";
import { gallery } from "./gallery.svelte";

vi.mock("../../host", () => ({ commands: { asset_query: vi.fn() } }));
vi.mock("./actions", () => ({ errorText: (error: Error) => error.message }));

const asked = vi.mocked(commands.asset_query);

function answer(ids: string[], part: Partial<AssetIndex> = {}): AssetIndex {
  return {
    cells: ids.map((id, at) => ({
      id,
      w: 4,
      h: 3,
      at: 100 - at,
      kind: "picture",
      practice: false,
    })),
    total: 9,
    models: [],
    loras: [],
    ...part,
  };
}

function queryOf(call: number): AssetQuery | undefined {
  return asked.mock.calls[call]?.[0].query;
}

beforeEach(async () => {
  asked.mockReset();
  asked.mockResolvedValue(answer([]));
  gallery.clear();
  await gallery.refresh();
  asked.mockClear();
});

describe("gallery", () => {
  it("drops an answer that arrives after a newer question", async () => {
    let late: (index: AssetIndex) => void = () => undefined;
    asked.mockReturnValueOnce(new Promise((resolve) => (late = resolve)));
    asked.mockResolvedValueOnce(answer(["new"]));
    const first = gallery.refresh();
    await gallery.refresh();
    late(answer(["old"]));
    await first;
    expect(gallery.cells.map((cell) => cell.id)).toEqual(["new"]);
  });

  it("asks with the whole filter", async () => {
    gallery.words = " red ";
    gallery.model = "m";
    gallery.kind = "video";
    await gallery.refresh();
    expect(queryOf(0)).toEqual({
      words: "red",
      model: "m",
      lora: null,
      job_id: null,
      kind: "video",
      oldest_first: false,
    });
    expect(gallery.filtered).toBe(true);
  });

  it("asks once for many reasons to ask soon", async () => {
    vi.useFakeTimers();
    gallery.refreshSoon("arrival");
    gallery.refreshSoon("arrival");
    gallery.refreshSoon("typing");
    gallery.refreshSoon("typing");
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it("keeps other models to choose from while one is chosen", async () => {
    const models = [
      { name: "a", count: 5 },
      { name: "b", count: 4 },
    ];
    asked.mockResolvedValueOnce(answer(["1"], { models }));
    await gallery.refresh();
    gallery.model = "b";
    asked.mockResolvedValueOnce(answer(["1"], { models: [{ name: "b", count: 4 }] }));
    await gallery.refresh();
    expect(gallery.models).toEqual(models);
    // Another part of the filter changed: the old counts would be wrong.
    gallery.words = "red";
    asked.mockResolvedValueOnce(answer([], { models: [] }));
    await gallery.refresh();
    expect(gallery.models).toEqual([{ name: "b", count: 0 }]);
  });

  it("keeps focus and choice by picture, and lets go of those that no longer match", async () => {
    asked.mockResolvedValueOnce(answer(["1", "2", "3"]));
    await gallery.refresh();
    expect(gallery.focus).toBe("1");
    gallery.focusOn("2");
    gallery.selected = new Set(["2", "3"]);
    asked.mockResolvedValueOnce(answer(["new", "1", "2"]));
    await gallery.refresh();
    expect(gallery.focus).toBe("2");
    expect([...gallery.selected]).toEqual(["2"]);
    expect(gallery.neighbour("2", -1)).toBe("1");
    expect(gallery.neighbour("2", 1)).toBeNull();
  });

  it("says why the library did not answer, and forgets it with the next answer", async () => {
    asked.mockRejectedValueOnce(new Error("The library folder is gone."));
    await gallery.refresh();
    expect(gallery.failure).toBe("The library folder is gone.");
    asked.mockResolvedValueOnce(answer(["1"]));
    await gallery.refresh();
    expect(gallery.failure).toBeNull();
  });
});
