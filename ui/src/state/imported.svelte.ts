/** What came of the files that were handed in last, and whether that is shown. */
import type { IntakeItem } from "../bindings/IntakeItem";
import type { IntakeReport } from "../bindings/IntakeReport";
import { route } from "./route.svelte";

class Imported {
  report = $state.raw<IntakeReport | null>(null);
  /** Whether the workflows were only kept, and not queued. */
  kept = $state(false);
  /** Rows that are unfolded, by their places in the report. */
  open = $state.raw<ReadonlySet<number>>(new Set());
  /** The key of the row in focus. */
  current = $state<string | null>(null);
  /** Goes up when the focus should go into the report. */
  asked = $state(0);
  /** The address where it was opened: it is shown there only, and is still there on coming back. */
  #at = $state<string | null>(null);

  readonly shown = $derived(this.report !== null && this.#at === route.hash);

  take(report: IntakeReport, kept: boolean): void {
    this.report = report;
    this.kept = kept;
    this.open = new Set();
    this.current = null;
  }

  /** Shows it here. With `focus`, because the artist asked for it by a key or a button. */
  show(focus: boolean): void {
    this.#at = location.hash;
    if (focus) this.asked += 1;
  }

  hide(): void {
    this.#at = null;
  }

  fold(at: number, open: boolean): void {
    const next = new Set(this.open);
    if (open) next.add(at);
    else next.delete(at);
    this.open = next;
  }

  /** Puts what is known now in place of what was said first. */
  change(at: number, item: IntakeItem): void {
    if (this.report !== null)
      this.report = { ...this.report, items: this.report.items.with(at, item) };
  }
}

export const imported = new Imported();
