import { expect, it } from "vitest";
import { foundText } from "./found";

const item = (name: string, ok: boolean) => ({
  name,
  ok,
  message: "",
  title: null,
  nodes: null,
  facts: null,
  job_id: null,
});

it("says what hangs over the window", () => {
  const items = [
    item("a.json", true),
    item("b.png", true),
    item("c.PNG", true),
    item("d.txt", false),
  ];
  expect(foundText({ items, batch_id: null })).toBe(
    "1 workflow, 2 pictures with a workflow inside, 1 that cannot be queued",
  );
  expect(foundText({ items: [item("a.json", true)], batch_id: null })).toBe("1 workflow");
});
