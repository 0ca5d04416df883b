/** A sheet as it fills: read anew when something of it changed, the newest answer alone counts. */
import type { BatchId } from "../../bindings/BatchId";
import type { JobId } from "../../bindings/JobId";
import type { JobView } from "../../bindings/JobView";
import type { SheetCell } from "../../bindings/SheetCell";
import type { SheetView } from "../../bindings/SheetView";
import { commands } from "../../host";
import { app } from "../../state/app.svelte";
import { errorText } from "../../state/attempt";

/** Wait this long after a change, so that many ask once. In milliseconds. */
const CHANGE_MS = 250;
const LONGEST_MS = 4000;
/** Jobs asked for at once. */
const PART = 50;

export class LoadedSheet {
  view = $state.raw<SheetView | null>(null);
  failure = $state<string | null>(null);
  readonly id: BatchId;
  /** Jobs of cells without a picture that the page does not keep: they ended long ago. */
  #older = $state.raw<ReadonlyMap<JobId, JobView>>(new Map());
  #serial = 0;
  /** How long the last reading took: ten thousand cells are not read four times a second. */
  #took = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(id: BatchId) {
    this.id = id;
  }

  async now(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#serial += 1;
    const serial = this.#serial;
    const began = performance.now();
    try {
      const view = await commands.sheet_get({ batch: this.id });
      if (serial !== this.#serial) return;
      this.view = view;
      this.failure = null;
      this.#took = performance.now() - began;
      await this.#askOlder(view, serial);
    } catch (error) {
      if (serial === this.#serial) this.failure = errorText(error);
    }
  }

  /** The job of a cell, as far as it is known. */
  job(id: JobId): JobView | undefined {
    return app.job(id) ?? this.#older.get(id);
  }

  async #askOlder(view: SheetView, serial: number): Promise<void> {
    const unknown = (): JobId[] =>
      view.cells.flatMap(({ job, asset }) =>
        job === null || asset !== null || this.job(job) !== undefined ? [] : job,
      );
    // What waits is asked for as a whole; what is unknown after that has ended.
    if (unknown().length > 0) await app.loadAll();
    const ids = unknown();
    for (let at = 0; at < ids.length && serial === this.#serial; at += PART) {
      const part = ids.slice(at, at + PART);
      const found = await Promise.allSettled(part.map((id) => commands.job_get({ id })));
      const older = new Map(this.#older);
      for (const one of found)
        if (one.status === "fulfilled") older.set(one.value.job.id, one.value.job);
      this.#older = older;
    }
  }

  /** Soon; changes that keep coming must not put it off for ever. */
  soon(): void {
    const wait = Math.min(LONGEST_MS, Math.max(CHANGE_MS, this.#took * 4));
    this.#timer ??= setTimeout(() => void this.now(), wait);
  }

  /** Shows a change of a cell before the answer that has it. */
  show(cell: SheetCell, change: Partial<SheetCell>): void {
    if (this.view === null) return;
    const place = cell.at.join();
    const cells = this.view.cells.map((one) =>
      one.at.join() === place ? { ...one, ...change } : one,
    );
    this.view = { ...this.view, cells };
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#serial += 1;
  }
}
