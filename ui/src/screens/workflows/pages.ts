/** Rows of a list that is fetched in pages. Pure. */
import type { WorkflowView } from "../../bindings/WorkflowView";

/** Rows fetched at once. */
export const PAGE = 100;

export type Pages = ReadonlyMap<number, readonly WorkflowView[]>;
/** A row that has not been fetched has no workflow, and its place already. */
export type LibraryRow = { key: string; workflow: WorkflowView | null };

/** All rows. One that moved while pages were fetched is not shown twice. */
export function rowsOf(total: number, pages: Pages): LibraryRow[] {
  const seen = new Set<string>();
  return Array.from({ length: total }, (_, at) => {
    const workflow = pages.get(Math.floor(at / PAGE))?.[at % PAGE];
    if (workflow === undefined || seen.has(workflow.structure))
      return { key: `gap ${at}`, workflow: null };
    seen.add(workflow.structure);
    return { key: workflow.structure, workflow };
  });
}

/** The pages that hold some rows: from, and up to but not including. */
export function pagesOf(from: number, to: number): number[] {
  const first = Math.floor(from / PAGE);
  const last = Math.floor(Math.max(from, to - 1) / PAGE);
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
