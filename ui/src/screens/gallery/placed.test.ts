import { expect, it } from "vitest";
import { columnsOf } from "./fixtures";
import { justify } from "./layout";
import { PlacedRows } from "./placed";

const options = { width: 400, rowHeight: 100, gap: 4, dayHeight: null };
const columns = columnsOf(Array.from({ length: 12 }, () => ({ at: 0 })));
const layout = justify(columns, options);

it("places the cells of a row, and gives the same objects while the row is kept", () => {
  const placed = new PlacedRows(columns, layout, options);
  const [first, second] = [placed.row(0), placed.row(1)];
  expect(first.map(({ key }) => key)).toEqual([1, 2, 3, 4]);
  expect(second[0]).toMatchObject({ at: 4, key: 5, left: 0, top: layout.top[1] });
  placed.keep([1]);
  expect(placed.row(1)).toBe(second);
  expect(placed.row(0)).not.toBe(first);
  expect(placed.row(0)).toEqual(first);
});
