import { expect, it, vi } from "vitest";
import { chooseSave, keepModelPicture } from ".";

const invoke = vi.hoisted(() => vi.fn());
vi.mock("@tauri-apps/api/core", () => ({ invoke, Channel: vi.fn(), convertFileSrc: vi.fn() }));

it("gives the path of a file to write with its ending, or nothing where none was chosen", async () => {
  invoke.mockResolvedValueOnce("/p/monday");
  expect(await chooseSave("queue.json", "Save the queue", "Safelight queue")).toBe(
    "/p/monday.json",
  );
  invoke.mockResolvedValueOnce(null);
  expect(await chooseSave("a.zip", "Export", "Zip file", "zip")).toBeNull();
});

it("hands the picture of a 3D file over as bytes, with the file's id", async () => {
  invoke.mockReset().mockResolvedValueOnce(null);
  const png = new Uint8Array([1, 2, 3]);
  await keepModelPicture("id-1", png);
  expect(invoke.mock.calls).toEqual([["model_picture_keep", png, { headers: { "x-id": "id-1" } }]]);
});
