/**
 * What is walked through in the viewer: the list that it was opened with, or the gallery's order; for what
 * is inside a closed stack of the gallery, what is in that stack.
 */
import { libraryStack } from "../../host";
import type { Viewed } from "../../state/places";
import { cellsOf } from "../gallery/actions";
import { type Columns, decode, NONE, ofCells, positionOf } from "../gallery/columns";
import { gallery } from "../gallery/gallery.svelte";

export class Walked {
  /** What is walked instead of the gallery's order, as long as what is looked at is in it. */
  #own = $state.raw<Columns | null>(null);
  /** Whether the list that was given is still asked for. */
  #asking = $state(false);
  #keys: readonly number[] = [];
  #serial = 0;

  /** The order that is walked. */
  get columns(): Columns {
    return this.#own ?? (this.#asking ? NONE : gallery.columns);
  }

  /** Takes a list to walk. One output by itself is no list. */
  async give(list: readonly Viewed[]): Promise<void> {
    if (list.length < 2) return;
    this.#asking = true;
    const found = await Promise.all(
      list.map((one) => (typeof one === "number" ? one : gallery.keyOf(one).catch(() => null))),
    );
    // The cells of a sheet may share a picture.
    const keys = [...new Set(found.filter((key) => key !== null))];
    if (keys.length > 1) await this.#take(keys, null);
    this.#asking = false;
  }

  /** Something else is looked at, or the gallery's order is another one. */
  look(key: number | null): void {
    if (key === null || this.#asking) return;
    if (this.#own !== null) {
      if (positionOf(this.#own, key) >= 0) return;
      this.#own = null;
    }
    // Until all cells are there it is not known what is within a stack.
    const { answer, whole } = gallery;
    if (answer === null || !whole || gallery.position(key) >= 0) return;
    void this.#stack(answer.ticket, key);
  }

  /** Asks again: something in the library changed. What went to the bin is not walked to any more. */
  async reload(key: number | null): Promise<void> {
    if (this.#own !== null) await this.#take(this.#keys, key);
  }

  async #stack(ticket: number, key: number): Promise<void> {
    this.#serial += 1;
    const serial = this.#serial;
    // An answer that is not kept any more was followed by another one, which is asked again.
    const inside = await libraryStack(ticket, key).then(decode, () => NONE);
    if (serial !== this.#serial || inside.count < 2 || positionOf(inside, key) < 0) return;
    this.#keys = [...inside.keys];
    this.#own = inside;
  }

  /** Walks these, but for what is in the bin; `looked` stays. */
  async #take(keys: readonly number[], looked: number | null): Promise<void> {
    this.#serial += 1;
    const serial = this.#serial;
    const cells = await cellsOf(keys).catch(() => null);
    if (serial !== this.#serial || cells === null) return;
    this.#keys = keys;
    this.#own = ofCells(
      looked === null ? cells : cells.filter(({ key, binned }) => !binned || key === looked),
    );
  }
}
