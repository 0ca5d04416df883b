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
  expect(partsOf([])).toEqual({ files: [], link: null });
});
