import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AssetView } from "../../bindings/AssetView";
import { commands } from "../../host";
import { Playable } from "./playable.svelte";

vi.mock("../../host", () => ({
  mediaUrl: (path: string) => `media:/${path}`,
  commands: { asset_get: vi.fn() },
}));

const fetched = vi.fn();
const revoked = vi.fn();

/** A file of so many bytes, and how the media scheme answers. */
function file(bytes: number, status = 200): void {
  vi.mocked(commands.asset_get).mockResolvedValue([{ bytes } as AssetView]);
  fetched.mockImplementation(() => Promise.resolve(new Response("film", { status })));
}

beforeEach(() => {
  vi.clearAllMocks();
  vi.stubGlobal("fetch", fetched);
  URL.createObjectURL = () => "blob:film";
  URL.revokeObjectURL = revoked;
});
afterEach(() => vi.unstubAllGlobals());

describe("what a player refused", () => {
  it("is played from memory, and given back", async () => {
    file(4);
    const source = new Playable();
    source.open("a");
    expect(source.url).toBe("media:/asset/a/original");
    expect(await source.refused()).toBe(false);
    expect(source.url).toBe("blob:film");
    source.close();
    expect(revoked).toHaveBeenCalledWith("blob:film");
  });

  it("is broken where memory does not help either", async () => {
    file(4);
    const source = new Playable();
    source.open("a");
    await source.refused();
    expect(await source.refused()).toBe(true);
    expect(source.failed).toBe("broken");
  });

  it.each([
    { what: "larger than is held", bytes: 600 * 1024 * 1024, status: 200, failed: "large" },
    { what: "answered in part", bytes: 4, status: 206, failed: "large" },
    { what: "not there", bytes: 4, status: 404, failed: "broken" },
  ])("is not played from memory if it is $what", async ({ bytes, status, failed }) => {
    file(bytes, status);
    const source = new Playable();
    source.open("a");
    expect(await source.refused()).toBe(true);
    expect(source.failed).toBe(failed);
    expect(source.url).toBe("media:/asset/a/original");
  });

  it("is not even asked for if it is larger than the limit", async () => {
    file(11);
    const source = new Playable(10);
    source.open("a");
    expect(await source.refused()).toBe(true);
    expect(fetched).not.toHaveBeenCalled();
  });

  it("is dropped if it is closed meanwhile", async () => {
    file(4);
    const source = new Playable();
    source.open("a");
    const refused = source.refused();
    source.close();
    source.open("a");
    expect(await refused).toBe(false);
    expect(source.url).toBe("media:/asset/a/original");
  });

  it("is not fetched to its end if it is closed meanwhile", async () => {
    file(4);
    let signal: AbortSignal | null | undefined;
    fetched.mockImplementation((_: string, init?: RequestInit) => {
      signal = init?.signal;
      return new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(new Error("ended")));
      });
    });
    const source = new Playable();
    source.open("a");
    const refused = source.refused();
    await vi.waitFor(() => expect(fetched).toHaveBeenCalled());
    source.close();
    expect(signal?.aborted).toBe(true);
    expect(await refused).toBe(false);
    expect(source.failed).toBe(null);
  });
});
