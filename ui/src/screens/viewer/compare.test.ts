import { beforeEach, expect, it, vi } from "vitest";
import type { LibraryCell } from "../../bindings/LibraryCell";
import { commands } from "../../host";
import { cellOf } from "../gallery/fixtures";
import { comparableOf, firstChoice } from "./compare";

vi.mock("../../host", () => ({ commands: { library_cells: vi.fn() } }));

const kinds: Record<number, LibraryCell["kind"]> = { 1: "picture", 2: "video", 3: "audio" };
beforeEach(() => {
  vi.mocked(commands.library_cells).mockImplementation(({ keys }) =>
    Promise.resolve(keys.map((key) => cellOf(key, { kind: kinds[key] ?? "model" }))),
  );
});

it.each([
  [1, "id-1"],
  [2, "id-2"],
  [3, null],
  [4, null],
  [null, null],
])("compares with pictures and videos: %s", async (key, id) => {
  expect(await comparableOf(key)).toBe(id);
});

const of = (key: number, kind: LibraryCell["kind"]): LibraryCell => cellOf(key, { kind });
it.each([
  ["what was looked at before", of(9, "picture"), of(8, "picture"), [1], "id-8"],
  ["a video before a picture, for a video", of(9, "video"), of(8, "picture"), [1, 2], "id-2"],
  ["what there is, where nothing is of its kind", of(9, "video"), null, [3, 1], "id-1"],
  ["nothing that is heard or turned", of(9, "picture"), of(8, "audio"), [3, 4], null],
  ["not with itself", of(1, "picture"), of(1, "picture"), [1], null],
])("chooses %s", async (_what, one, last, near, id) => {
  expect(await firstChoice(one, last, near)).toBe(id);
});
