import { beforeEach, expect, it, vi } from "vitest";
import { beginningOf } from "./beginning";

vi.mock("../host", () => ({ mediaUrl: (path: string) => `media://localhost/${path}` }));

const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();
beforeEach(() => {
  fetched.mockReset();
  vi.stubGlobal("fetch", fetched);
});
const once = (body: BodyInit, status = 206): void =>
  void fetched.mockResolvedValueOnce(new Response(body, { status }));

it("asks for the first bytes, and once", async () => {
  once("A lamp.\nIt is red.");
  expect(await beginningOf("a")).toBe("A lamp.\nIt is red.");
  expect(await beginningOf("a")).toBe("A lamp.\nIt is red.");
  expect(fetched.mock.calls).toEqual([
    ["media://localhost/asset/a/original", { headers: { Range: "bytes=0-599" } }],
  ]);
});

it("keeps no more than it asked for, of a text as of all of them", async () => {
  once("x".repeat(5000), 200);
  expect(await beginningOf("long")).toHaveLength(600);
  fetched.mockImplementation(() => Promise.resolve(new Response("y")));
  for (let at = 0; at < 300; at += 1) await beginningOf(`many-${at}`);
  fetched.mockClear();
  await beginningOf("many-299");
  expect(fetched).not.toHaveBeenCalled();
  await beginningOf("long");
  expect(fetched).toHaveBeenCalledTimes(1);
});

it.each([
  { what: "cut in a character", bytes: [0x48, 0xc3], text: "H" },
  { what: "cut in a long character", bytes: [0x48, 0xf0, 0x9f, 0x8f], text: "H" },
  { what: "broken in its middle", bytes: [0x48, 0xc3, 0x48], text: "H\ufffdH" },
])("reads what is $what", async ({ what, bytes, text }) => {
  once(new Uint8Array(bytes));
  expect(await beginningOf(what)).toBe(text);
});

it("tells an empty text from one that cannot be read, and reads that anew", async () => {
  once("", 416);
  expect(await beginningOf("empty")).toBe("");
  once("Not found", 404);
  expect(await beginningOf("away")).toBeNull();
  fetched.mockRejectedValueOnce(new Error("gone"));
  expect(await beginningOf("away")).toBeNull();
  once("It is back.");
  expect(await beginningOf("away")).toBe("It is back.");
});
