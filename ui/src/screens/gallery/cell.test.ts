import { expect, it } from "vitest";
import { cellAttributes, type CellProps } from "./cell";
import { cellOf } from "./fixtures";

const props: CellProps = {
  of: 7,
  cell: cellOf(7),
  stack: 1,
  position: 3,
  count: 40,
  top: 0,
  height: 48,
  selected: false,
  preview: false,
  tabbable: false,
};

it("is an option of the list, named and numbered", () => {
  expect(cellAttributes(props)).toMatchObject({
    role: "option",
    "aria-selected": false,
    "aria-posinset": 3,
    "aria-setsize": 40,
    tabindex: -1,
    "data-key": 7,
    "data-asset-id": "id-7",
  });
  expect(cellAttributes(props)["aria-label"]).toContain("Picture 7");
});

it("is said to be a preview, also where its cell does not tell", () => {
  expect(cellAttributes({ ...props, preview: true })["aria-label"]).toMatch(/, preview$/);
});

it("has a name before anything is known of it, and takes the focus where it is its turn", () => {
  const bare = cellAttributes({ ...props, cell: undefined, tabbable: true });
  expect([bare["aria-label"], bare["data-asset-id"], bare.tabindex]).toEqual([
    "Output 3",
    undefined,
    0,
  ]);
});
