/** Cells that were asked for lately, by key. Those not looked at for longest go first. */
import type { LibraryCell } from "../../bindings/LibraryCell";

/** Cells remembered: some windows full at the smallest size. */
export const KEPT = 4000;
/** Cells asked for at once; the engine gives 1,000 at most. */
export const PAGE = 240;

type Kept = { cell: LibraryCell; revision: number };

/** What is known of cells. It does not ask by itself: `wanted` says what to ask for. */
export class CellCache {
  readonly #kept = new Map<number, Kept>();
  readonly #asked = new Set<number>();
  /** What was known before this revision may have changed since. */
  #revision = 0;

  /** A cell as far as it is known, maybe as it was before the last change of the library. */
  get(key: number): LibraryCell | undefined {
    return this.#kept.get(key)?.cell;
  }

  /** The cell with an id, if it is known. */
  byId(id: string): LibraryCell | undefined {
    for (const { cell } of this.#kept.values()) if (cell.id === id) return cell;
    return undefined;
  }

  /** How often the library changed: what is asked for now is of this revision. */
  get revision(): number {
    return this.#revision;
  }

  /** Takes in cells that were asked for at a revision, as newest. */
  put(cells: readonly LibraryCell[], revision: number): void {
    for (const cell of cells) {
      if (revision < (this.#kept.get(cell.key)?.revision ?? 0)) continue;
      if (revision === this.#revision) this.#asked.delete(cell.key);
      this.#kept.delete(cell.key);
      this.#kept.set(cell.key, { cell, revision });
    }
    for (const key of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(key);
    }
  }

  /** Changes what is known of some cells at once, before the library has told it. */
  change(keys: readonly number[], change: (cell: LibraryCell) => LibraryCell): void {
    for (const key of keys) {
      const kept = this.#kept.get(key);
      if (kept !== undefined) this.#kept.set(key, { ...kept, cell: change(kept.cell) });
    }
  }

  /** The library changed: all is still shown, and asked for again when it is looked at. */
  outdate(): void {
    this.#revision += 1;
    this.#asked.clear();
  }

  /**
   * Of the keys that are looked at, the pages to ask for: unknown or outdated ones, each once. Looking at
   * a cell keeps it.
   */
  wanted(keys: Iterable<number>): number[][] {
    const missing: number[] = [];
    for (const key of keys) {
      const kept = this.#kept.get(key);
      if (kept !== undefined) {
        this.#kept.delete(key);
        this.#kept.set(key, kept);
        if (kept.revision === this.#revision) continue;
      }
      if (this.#asked.has(key)) continue;
      this.#asked.add(key);
      missing.push(key);
    }
    const pages: number[][] = [];
    for (let at = 0; at < missing.length; at += PAGE) pages.push(missing.slice(at, at + PAGE));
    return pages;
  }

  /** Asking failed: these may be asked for again. */
  failed(keys: readonly number[]): void {
    for (const key of keys) this.#asked.delete(key);
  }
}
