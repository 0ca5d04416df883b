import { expect, it } from "vitest";
import { aboutFile } from "../report/fixtures";
import { foundText } from "./found";

it("says what hangs over the window", () => {
  const items = [
    aboutFile("a.json"),
    aboutFile("b.png"),
    aboutFile("c.PNG"),
    aboutFile("d.txt", { standing: "refused" }),
  ];
  expect(foundText({ items, left_out: 0, batch_id: null })).toBe(
    "1 workflow, 2 pictures with a workflow inside, 1 that cannot be queued",
  );
  expect(foundText({ items: [aboutFile("a.json")], left_out: 0, batch_id: null })).toBe(
    "1 workflow",
  );
});
