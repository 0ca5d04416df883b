/** The jobs that would be queued, one by one: read in pages as they come into sight. */
import type { CellsView } from "../../bindings/CellsView";
import type { CellView } from "../../bindings/CellView";
import type { KnobKey } from "../../bindings/KnobKey";
import type { PlanView } from "../../bindings/PlanView";
import { errorText } from "../../state/attempt";

/** As many as the engine tells at once. */
export const PAGE = 200;

export class Cells {
  /** How many there are, once that was told. */
  total = $state<number | null>(null);
  /** Inputs whose values are drawn when it is queued. */
  open = $state.raw<readonly KnobKey[]>([]);
  /** By their numbers in run order, from 0. */
  known = $state.raw<ReadonlyMap<number, CellView>>(new Map());
  /** By their places in the sweep. */
  placed = $state.raw<ReadonlyMap<string, CellView>>(new Map());
  failure = $state<string | null>(null);
  #ask: (first: number, limit: number) => Promise<CellsView>;
  #read = new Set<number>();
  #wanted: readonly number[] = [];
  #running = false;

  constructor(ask: (first: number, limit: number) => Promise<CellsView>) {
    this.#ask = ask;
  }

  /** These are in sight now: what was in sight before and was not asked for yet is left. */
  want(numbers: Iterable<number>): void {
    const pages = new Set<number>();
    for (const number of numbers) pages.add(Math.floor(number / PAGE));
    this.#wanted = [...pages].filter((page) => !this.#read.has(page));
    void this.#go();
  }

  /** Asks again for what could not be read. */
  again(): void {
    this.failure = null;
    void this.#go();
  }

  async #go(): Promise<void> {
    // One at a time, so that scrolling through all of them is not a thousand questions.
    if (this.#running || this.failure !== null) return;
    this.#running = true;
    for (let page = this.#wanted[0]; page !== undefined; page = this.#wanted[0]) {
      try {
        this.#take(page * PAGE, await this.#ask(page * PAGE, PAGE));
        this.#read.add(page);
        this.#wanted = this.#wanted.filter((one) => one !== page);
      } catch (error) {
        this.failure = errorText(error);
        break;
      }
    }
    this.#running = false;
  }

  #take(first: number, { total, cells, open }: CellsView): void {
    this.total = total;
    this.open = open;
    const [known, placed] = [new Map(this.known), new Map(this.placed)];
    cells.forEach((cell, at) => {
      known.set(first + at, cell);
      placed.set(cell.at.join(), cell);
    });
    this.known = known;
    this.placed = placed;
  }
}

/** The number in run order of each place of a sweep; nothing, where there is no sweep. */
export function runOrder({
  axes,
  order,
}: Pick<PlanView, "axes" | "order">): ((at: readonly number[]) => number) | null {
  if (order.length === 0) return null;
  const strides: [axis: number, stride: number][] = [];
  let stride = 1;
  for (const axis of order) {
    strides.push([axis, stride]);
    stride *= axes[axis]?.values.length ?? 1;
  }
  return (at) => strides.reduce((sum, [axis, each]) => sum + each * (at[axis] ?? 0), 0);
}
