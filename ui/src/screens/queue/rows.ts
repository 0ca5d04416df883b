/** The rows of Up next: jobs, and batches of several that wait one after the other. Pure. */
import type { BatchId } from "../../bindings/BatchId";
import type { JobId } from "../../bindings/JobId";
import type { JobView } from "../../bindings/JobView";

/** Whether a job waits with us, and can be held, moved and taken out at once. */
export const waitsHere = (job: JobView): boolean => job.state.kind === "held";

type Place = {
  /** Stays the same while the row means the same. */
  key: string;
  /** How many jobs come before it. */
  at: number;
  /** Its place among the rows of its level, and how many these are; for screen readers. */
  pos: number;
  of: number;
};
export type JobRow = Place & { kind: "job"; job: JobView; head: BatchRow | null };
export type BatchRow = Place & {
  kind: "batch";
  batch: BatchId;
  /** Its place among the rows. */
  row: number;
  /** Those that wait here, in order. A batch that was torn apart has a row for each part. */
  jobs: readonly JobView[];
  open: boolean;
};
export type Row = JobRow | BatchRow;

export const jobsOf = (row: Row): readonly JobView[] => (row.kind === "job" ? [row.job] : row.jobs);

/** The key of the row of a batch, or of a part of one that was torn apart. */
export const batchKey = (batch: BatchId, part = 1): string => `batch ${batch} ${part}`;

/** A batch the artist named is one thing, until it is opened; what was only dropped together is many. */
export const isOpen = (job: JobView, folds: ReadonlyMap<BatchId, boolean>): boolean =>
  folds.get(job.batch_id) ?? job.batch_name === null;

/** The rows, in one walk over the jobs. */
export function rowsOf(jobs: readonly JobView[], folds: ReadonlyMap<BatchId, boolean>): Row[] {
  const rows: Row[] = [];
  const tops: Row[] = [];
  const parts = new Map<BatchId, number>();
  for (let at = 0; at < jobs.length;) {
    const first = jobs[at];
    if (first === undefined) break;
    let end = at + 1;
    if (waitsHere(first))
      for (let next = jobs[end]; next?.batch_id === first.batch_id && waitsHere(next);)
        next = jobs[(end += 1)];
    const place = { at, pos: tops.length + 1, of: 0 };
    if (end === at + 1) {
      const row: Row = { ...place, kind: "job", key: first.id, job: first, head: null };
      rows.push(row);
      tops.push(row);
    } else {
      const part = (parts.get(first.batch_id) ?? 0) + 1;
      parts.set(first.batch_id, part);
      const head: BatchRow = {
        ...place,
        kind: "batch",
        key: batchKey(first.batch_id, part),
        batch: first.batch_id,
        row: rows.length,
        jobs: jobs.slice(at, end),
        open: isOpen(first, folds),
      };
      rows.push(head);
      tops.push(head);
      if (head.open)
        head.jobs.forEach((job, index) => {
          const of = head.jobs.length;
          rows.push({ kind: "job", key: job.id, job, at: at + index, pos: index + 1, of, head });
        });
    }
    at = end;
  }
  for (const row of tops) row.of = tops.length;
  return rows;
}

/** Whether every job of a row is among some. */
export const isAmong = (row: Row, ids: ReadonlySet<JobId>): boolean =>
  jobsOf(row).every(({ id }) => ids.has(id));

/** What a batch is called: its name, else what is in it. */
export function batchTitle(jobs: readonly JobView[]): string {
  const [first] = jobs;
  if (first === undefined) return "";
  if (first.batch_name !== null) return first.batch_name;
  return jobs.every(({ title }) => title === first.title)
    ? first.title
    : `${first.title} and ${jobs.length - 1} more`;
}

/** "8 jobs", "5 of 8 left". */
export function leftOf(jobs: readonly JobView[]): string {
  const all = jobs[0]?.batch_count ?? 0;
  return jobs.length < all ? `${jobs.length} of ${all} left` : `${jobs.length} jobs`;
}

/** The titles in a batch, each once, as many as a line may hold. */
export function titlesOf(jobs: readonly JobView[]): string {
  const titles = new Set<string>();
  for (const { title } of jobs) if (titles.size < 8) titles.add(title);
  return [...titles].join(", ");
}

/** Whether the last row is of a batch of which not all jobs are known. */
export function goesOn(rows: readonly Row[]): boolean {
  const last = rows.at(-1);
  if (last === undefined) return false;
  const jobs = last.kind === "batch" ? last.jobs : (last.head?.jobs ?? [last.job]);
  return jobs.length < (jobs[0]?.batch_count ?? 0);
}
