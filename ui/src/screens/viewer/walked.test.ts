import { beforeEach, describe, expect, it, vi } from "vitest";
import { commands, libraryStack } from "../../host";
import { answerOf, cellOf, columnsOf, wire } from "../gallery/fixtures";
import { gallery } from "../gallery/gallery.svelte";
import { Walked } from "./walked.svelte";

vi.mock("../../host", () => ({
  commands: {
    asset_key: vi.fn(),
    library_cells: vi.fn(),
    library_query: vi.fn(),
  },
  libraryColumns: vi.fn(),
  libraryStack: vi.fn(),
}));

const asked = vi.mocked(commands.library_query);
const stack = vi.mocked(libraryStack);
const keys = (walked: Walked): number[] => [...walked.columns.keys];

/** What the library has: outputs by their numbers, `id-7` is 7. Those in the bin are binned. */
function library(binned: readonly number[] = [], gone: readonly number[] = []): void {
  vi.mocked(commands.library_cells).mockImplementation((wanted) =>
    Promise.resolve(
      wanted.keys
        .filter((key) => !gone.includes(key))
        .map((key) => cellOf(key, { binned: binned.includes(key) })),
    ),
  );
}

const inside = (...all: number[]): ArrayBuffer =>
  wire({ ...columnsOf(all.map(() => ({ at: 0 }))), keys: Uint32Array.from(all) });

/** The gallery shows 1, and 2 which stands for 2, 20 and 21. */
beforeEach(async () => {
  vi.resetAllMocks();
  library();
  vi.mocked(commands.asset_key).mockImplementation(({ id }) => {
    const key = Number(id.slice(3));
    return Number.isNaN(key) ? Promise.reject(new Error("gone")) : Promise.resolve(key);
  });
  asked.mockResolvedValue(answerOf([1, 2]));
  stack.mockImplementation((_, key) =>
    Promise.resolve(key >= 20 && key < 30 ? inside(2, 20, 21) : inside()),
  );
  await gallery.refresh();
});

/** Looks at an output, and waits for what the library says. */
async function look(walked: Walked, key: number): Promise<number[]> {
  walked.look(key);
  await new Promise((resolve) => setTimeout(resolve));
  return keys(walked);
}

describe("without a list", () => {
  it("walks the gallery's order", async () => {
    const walked = new Walked();
    await walked.give([]);
    expect(await look(walked, 2)).toEqual([1, 2]);
    expect(stack).not.toHaveBeenCalled();
  });

  it("walks one that is inside a closed stack through that stack, to the one on top as well", async () => {
    const walked = new Walked();
    expect(await look(walked, 20)).toEqual([2, 20, 21]);
    expect(await look(walked, 2)).toEqual([2, 20, 21]);
    expect(await look(walked, 1)).toEqual([1, 2]);
    expect(await look(walked, 2)).toEqual([1, 2]);
  });

  it("stays with the gallery's order for what is in none of its stacks", async () => {
    expect(await look(new Walked(), 99)).toEqual([1, 2]);
  });
});

describe("a list", () => {
  it("is walked in its own order, by ids or by numbers, each output once", async () => {
    for (const list of [
      ["id-9", "id-2", "id-7", "id-9"],
      [9, 2, 7, 9],
    ]) {
      const walked = new Walked();
      await walked.give(list);
      expect(await look(walked, 2)).toEqual([9, 2, 7]);
    }
  });

  it("is nothing to walk while it is asked for", async () => {
    const walked = new Walked();
    const given = walked.give([9, 2]);
    walked.look(2);
    expect(keys(walked)).toEqual([]);
    await given;
    expect(keys(walked)).toEqual([9, 2]);
  });

  it("of one output is none", async () => {
    const walked = new Walked();
    await walked.give(["id-2"]);
    expect(await look(walked, 2)).toEqual([1, 2]);
  });

  it("leaves out what is gone", async () => {
    library([], [7]);
    const walked = new Walked();
    await walked.give(["id-9", "id-gone", 7, 8]);
    expect(keys(walked)).toEqual([9, 8]);
  });

  it("ends where something else is looked at", async () => {
    const walked = new Walked();
    await walked.give([9, 8]);
    expect(await look(walked, 1)).toEqual([1, 2]);
  });

  it("is walked without what went to the bin, and with it again when that is taken back", async () => {
    const walked = new Walked();
    await walked.give([9, 8, 7]);
    library([8, 7]);
    await walked.reload(7);
    expect(keys(walked)).toEqual([9, 7]);
    library();
    await walked.reload(7);
    expect(keys(walked)).toEqual([9, 8, 7]);
  });

  it("stays where the library cannot be asked", async () => {
    const walked = new Walked();
    await walked.give([9, 8]);
    vi.mocked(commands.library_cells).mockRejectedValueOnce(new Error("away"));
    await walked.reload(9);
    expect(keys(walked)).toEqual([9, 8]);
  });
});
