import { expect, it } from "vitest";
import { Once, partsOf } from "./dropped";

it("lets the first telling of a drop through, and the next drop", () => {
  const once = new Once();
  expect([0, 20, 400, 401, 500, 900].map((now) => once.take(now))).toEqual([
    true,
    false,
    false,
    true,
    false,
    true,
  ]);
});

it("tells a link from files", () => {
  expect(partsOf(["/a/b.json", "/c.png"])).toEqual({ files: ["/a/b.json", "/c.png"], link: null });
  expect(partsOf(["https://example.org/a.png"])).toEqual({
    files: [],
    link: "https://example.org/a.png",
  });
  // As WebKitGTK tells `red%20lamp%20100%25.png?a=b`.
  expect(partsOf(["https://example.org/red lamp 100%.png?a=b"]).link).toBe(
    "https://example.org/red%20lamp%20100%25.png?a=b",
  );
  expect(partsOf(["https://example.org/Häfen.png"]).link).toBe(
    "https://example.org/H%C3%A4fen.png",
  );
  expect(partsOf(["/http: notes/a.json"]).link).toBeNull();
  expect(partsOf([])).toEqual({ files: [], link: null });
});
