import { expect, it } from "vitest";
import { Once } from "./once";

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
