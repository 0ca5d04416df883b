import { beforeEach, describe, expect, it, vi } from "vitest";
import { attempt, errorText } from "./attempt";
import { toasts } from "./toasts.svelte";

vi.mock("./toasts.svelte", () => ({ toasts: { add: vi.fn() } }));

const told = vi.mocked(toasts.add);

beforeEach(() => {
  told.mockReset();
});

describe("errorText", () => {
  it("takes the sentence of a command's error", () => {
    expect(errorText({ code: "storage", message: "The disk is full." })).toBe("The disk is full.");
    expect(errorText("plain")).toBe("plain");
    expect(errorText(undefined)).toBe("Safelight could not do that.");
  });
});

describe("attempt", () => {
  it("says why something failed, and nothing if it worked", async () => {
    expect(await attempt(Promise.resolve())).toBe(true);
    expect(told).not.toHaveBeenCalled();
    expect(await attempt(Promise.reject({ message: "The job is gone." }))).toBe(false);
    expect(told.mock.calls[0]?.[0]).toMatchObject({ tone: "bad", text: "The job is gone." });
  });
});
