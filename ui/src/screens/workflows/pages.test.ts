import { expect, it } from "vitest";
import type { WorkflowView } from "../../bindings/WorkflowView";
import { PAGE, pagesOf, rowsOf } from "./pages";

const of = (structure: string): WorkflowView => ({ structure }) as WorkflowView;

it("keeps the place of rows that are not there yet", () => {
  const pages = new Map([[1, [of("a"), of("b")]]]);
  const rows = rowsOf(PAGE + 3, pages);
  expect(rows).toHaveLength(PAGE + 3);
  expect(rows.slice(PAGE - 1).map(({ key }) => key)).toEqual([
    `gap ${PAGE - 1}`,
    "a",
    "b",
    `gap ${PAGE + 2}`,
  ]);
});

it("shows none twice", () => {
  const rows = rowsOf(3, new Map([[0, [of("a"), of("b"), of("a")]]]));
  expect(rows.map(({ key }) => key)).toEqual(["a", "b", "gap 2"]);
});

it("knows the pages of what is in sight", () => {
  expect(pagesOf(0, 0)).toEqual([0]);
  expect(pagesOf(0, PAGE)).toEqual([0]);
  expect(pagesOf(PAGE - 1, PAGE + 1)).toEqual([0, 1]);
  expect(pagesOf(250, 420)).toEqual([2, 3, 4]);
});
