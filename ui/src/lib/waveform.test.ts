import { beforeEach, expect, it, vi } from "vitest";
import { barsOf, peaksOf } from "./waveform";

vi.mock("../host", () => ({ mediaUrl: (path: string) => `media://localhost/${path}` }));

const fetched = vi.fn<(url: string) => Promise<Response>>();
beforeEach(() => {
  fetched.mockReset();
  vi.stubGlobal("fetch", fetched);
});
const answer = (body: unknown, ok = true): Response =>
  ({ ok, json: () => Promise.resolve(body) }) as Response;

it("asks for peaks once, and gives nothing where there are none", async () => {
  fetched.mockResolvedValueOnce(answer([0.5, 1]));
  expect(await peaksOf("a")).toEqual([0.5, 1]);
  expect(await peaksOf("a")).toEqual([0.5, 1]);
  expect(fetched.mock.calls).toEqual([["media://localhost/asset/a/waveform"]]);
  fetched.mockResolvedValueOnce(answer("no", false));
  expect(await peaksOf("b")).toBeNull();
  fetched.mockResolvedValueOnce(answer(["loud"]));
  expect(await peaksOf("c")).toBeNull();
  fetched.mockRejectedValueOnce(new Error("gone"));
  expect(await peaksOf("d")).toBeNull();
});

it("draws the loudest of what a bar stands for", () => {
  expect(barsOf([1, 0.5], 10)).toEqual({ path: "M1 2V98M4 26V74", width: 6 });
  expect(barsOf([0.1, 1, 0.25, 0.5], 2).path).toBe("M1 2V98M4 26V74");
  expect(barsOf([0], 4).path).toBe("M1 49V51");
});
