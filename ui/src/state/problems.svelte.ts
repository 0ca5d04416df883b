/** Work that ended with problems. It can be looked back at for as long as the app runs. */
import type { WorkView } from "../bindings/WorkView";
import { problemCount } from "../lib/work";
import { app } from "./app.svelte";
import { sheets } from "./sheets.svelte";

class Problems {
  #seen = $state.raw<ReadonlySet<number>>(new Set());

  /** The newest first. */
  readonly works = $derived(
    [...app.works.values()]
      .filter((work) => work.state !== "running" && problemCount(work) > 0)
      .sort((a, b) => b.id - a.id),
  );
  /** Those whose list was not looked at yet. */
  readonly unseen = $derived(this.works.filter(({ id }) => !this.#seen.has(id)));

  /** Shows all that could not be done of a work. */
  show(work: WorkView): void {
    this.#seen = new Set(this.#seen).add(work.id);
    sheets.current = { kind: "problems", work };
  }

  /** They need no look any more. */
  seeAll(): void {
    this.#seen = new Set(this.works.map(({ id }) => id));
  }
}

export const problems = new Problems();
