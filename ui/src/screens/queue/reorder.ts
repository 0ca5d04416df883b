/** Where moved jobs land. Pure. */
import type { JobId } from "../../bindings/JobId";
import { type Row, isAmong, waitsHere } from "./rows";

/** A line between rows where jobs may land: before which row, and before which job. */
export type Gap = { row: number; at: number };

/**
 * The gaps for some jobs: between batches and jobs of no batch, and, for jobs of one open batch, also
 * within it. So a batch is not torn apart by what passes through, and nothing goes before what a
 * server has.
 */
export function gapsFor(rows: readonly Row[], moving: ReadonlySet<JobId>): Gap[] {
  const home = homeOf(rows, moving);
  const gaps: Gap[] = [];
  let all = 0;
  rows.forEach((row, at) => {
    const here = row.kind === "batch" || waitsHere(row.job);
    if (here && (row.kind === "batch" || row.head === null || row.head === home))
      gaps.push({ row: at, at: row.at });
    all = row.at + (row.kind === "batch" ? row.jobs.length : 1);
  });
  gaps.push({ row: rows.length, at: all });
  return gaps;
}

/** The batch of which only a part moves. */
function homeOf(rows: readonly Row[], moving: ReadonlySet<JobId>): Row | null {
  let home: Row | null = null;
  for (const row of rows) {
    if (row.kind === "batch" || !moving.has(row.job.id)) continue;
    if (row.head === null || (home !== null && home !== row.head)) return null;
    home = row.head;
  }
  return home === null || isAmong(home, moving) ? null : home;
}

/** The gap a point is nearest to. */
export function nearest(gaps: readonly Gap[], y: number, rowHeight: number): Gap {
  return gaps.reduce((best, gap) =>
    Math.abs(gap.row - y / rowHeight) < Math.abs(best.row - y / rowHeight) ? gap : best,
  );
}

/**
 * The job that moved ones must stand before when dropped before place `at`, `null` for the end, and
 * `undefined` if nothing would change.
 */
export function beforeAt(
  ids: readonly JobId[],
  moving: ReadonlySet<JobId>,
  at: number,
): JobId | null | undefined {
  const rest = ids.filter((id) => !moving.has(id));
  const before = ids.slice(at).find((id) => !moving.has(id)) ?? null;
  const moved = ids.filter((id) => moving.has(id));
  const to = before === null ? rest.length : rest.indexOf(before);
  const after = [...rest.slice(0, to), ...moved, ...rest.slice(to)];
  return after.every((id, index) => id === ids[index]) ? undefined : before;
}

/** The place before which jobs land that go one step with the keyboard. */
export function stepBy(
  gaps: readonly Gap[],
  ids: readonly JobId[],
  moving: ReadonlySet<JobId>,
  by: 1 | -1,
): number {
  const first = ids.findIndex((id) => moving.has(id));
  const last = ids.findLastIndex((id) => moving.has(id));
  if (by < 0) return gaps.findLast(({ at }) => at < first)?.at ?? first;
  return gaps.find(({ at }) => at > last + 1)?.at ?? ids.length;
}
