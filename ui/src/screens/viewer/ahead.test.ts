import { describe, expect, it } from "vitest";
import { Ahead } from "./ahead";

/** Decodes when it is told to. */
function decoder(): {
  begun: string[];
  finish: (id: string) => Promise<void>;
  fail: (id: string) => Promise<void>;
  ahead: Ahead<string>;
} {
  const begun: string[] = [];
  const open = new Map<string, { resolve: () => void; reject: (why: Error) => void }>();
  const ahead = new Ahead<string>((id) => {
    begun.push(id);
    const ready = new Promise<void>((resolve, reject) => open.set(id, { resolve, reject }));
    return { picture: `picture ${id}`, ready };
  }, 100);
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  return {
    begun,
    ahead,
    finish: (id) => (open.get(id)?.resolve(), settled()),
    fail: (id) => (open.get(id)?.reject(new Error("broken")), settled()),
  };
}

describe("decoding ahead", () => {
  it("gives what is ready at once, and asks for nothing twice", async () => {
    const { ahead, begun, finish } = decoder();
    ahead.fetch([
      { id: "b", pixels: 10 },
      { id: "c", pixels: 10 },
    ]);
    expect(ahead.peek("b")).toBeNull();
    await finish("b");
    expect(ahead.peek("b")).toBe("picture b");
    await expect(ahead.get({ id: "b", pixels: 10 })).resolves.toBe("picture b");
    ahead.fetch([{ id: "c", pixels: 10 }]);
    expect(begun).toEqual(["b", "c"]);
  });

  it("drops what was not looked at for longest, and never what is", async () => {
    const { ahead, begun, finish } = decoder();
    for (const id of ["a", "b", "c", "d"]) {
      void ahead.get({ id, pixels: 40 });
      await finish(id);
    }
    expect(ahead.peek("a")).toBeNull();
    expect(ahead.peek("b")).toBeNull();
    expect(ahead.peek("d")).toBe("picture d");
    void ahead.get({ id: "huge", pixels: 4000 });
    await finish("huge");
    expect(ahead.peek("huge")).toBe("picture huge");
    expect(ahead.peek("d")).toBeNull();
    expect(begun).toHaveLength(5);
  });

  it("leaves what is too large for then", () => {
    const { ahead, begun } = decoder();
    ahead.fetch([
      { id: "a", pixels: 60 },
      { id: "huge", pixels: 60 },
      { id: "c", pixels: 10 },
    ]);
    expect(begun).toEqual(["a"]);
  });

  it("asks again for what failed", async () => {
    const { ahead, begun, fail } = decoder();
    const asked = ahead.get({ id: "a", pixels: 1 });
    asked.catch(() => {});
    await fail("a");
    await expect(asked).rejects.toThrow("broken");
    ahead.get({ id: "a", pixels: 1 }).catch(() => {});
    expect(begun).toEqual(["a", "a"]);
  });
});
