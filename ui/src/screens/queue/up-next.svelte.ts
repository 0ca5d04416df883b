/** What is selected and folded in Up next, and the sheet that is open over it. */
import type { BatchId } from "../../bindings/BatchId";
import type { JobId } from "../../bindings/JobId";
import type { JobView } from "../../bindings/JobView";
import { app } from "../../state/app.svelte";
import { jobsOf, rowsOf } from "./rows";

export type QueueSheet =
  | { kind: "edit"; job: JobView }
  | { kind: "name"; batch: BatchId; name: string; title: string }
  | { kind: "group"; jobs: readonly JobView[] }
  | { kind: "start"; jobs: readonly JobView[] };

class UpNext {
  selected = $state.raw<ReadonlySet<JobId>>(new Set());
  /** The key of the row in focus. */
  current = $state<string | null>(null);
  /** Batches the artist opened or closed. */
  folds = $state.raw<ReadonlyMap<BatchId, boolean>>(new Map());
  sheet = $state.raw<QueueSheet | null>(null);

  readonly rows = $derived(rowsOf(app.waiting, this.folds));
  /** The selected jobs, else those of the row in focus. */
  readonly chosen = $derived.by((): readonly JobView[] => {
    const marked = app.waiting.filter(({ id }) => this.selected.has(id));
    if (marked.length > 0) return marked;
    const row = this.rows.find(({ key }) => key === this.current);
    return row === undefined ? [] : jobsOf(row);
  });

  fold(batch: BatchId, open: boolean): void {
    this.folds = new Map(this.folds).set(batch, open);
  }
}

export const upNext = new UpNext();
