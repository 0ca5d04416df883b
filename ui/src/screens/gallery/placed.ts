/** Where the cells of the rows that are drawn lie, each worked out once while its row stays in sight. */
import type { Columns } from "./columns";
import { type Box, boxes, type Layout } from "./layout";

/** A cell and its place in the content. */
export type Placed = Box & { key: number; top: number; height: number };

/**
 * The rows of one layout. A row gives the same objects again, so that what draws them sees that nothing
 * changed.
 */
export class PlacedRows {
  #rows = new Map<number, readonly Placed[]>();

  constructor(
    readonly columns: Pick<Columns, "keys" | "shapes">,
    readonly layout: Layout,
    readonly options: { width: number; gap: number },
  ) {}

  /** The cells of a row. */
  row(row: number): readonly Placed[] {
    const known = this.#rows.get(row);
    if (known !== undefined) return known;
    const { columns, layout, options } = this;
    const [top, height] = [layout.top[row] ?? 0, layout.height[row] ?? 0];
    const placed = boxes(columns, layout, row, options).map((box) => ({
      ...box,
      key: columns.keys[box.at] ?? 0,
      top,
      height,
    }));
    this.#rows.set(row, placed);
    return placed;
  }

  /** Forgets all rows but these. */
  keep(rows: readonly number[]): void {
    const kept = new Set(rows);
    for (const row of this.#rows.keys()) if (!kept.has(row)) this.#rows.delete(row);
  }
}
