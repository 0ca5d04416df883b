/** An output that is looked at: its number in the library, its marks, and everything about it. */
import type { AssetId } from "../../bindings/AssetId";
import { AssetDetail } from "../gallery/asset-detail.svelte";
import { gallery } from "../gallery/gallery.svelte";

export class Looked {
  readonly #detail = new AssetDetail();
  #id = $state.raw<AssetId | null>(null);
  #key = $state.raw<number | null>(null);
  #lost = $state(false);

  /** Its number; the one before until the library has told it. */
  get key(): number | null {
    return this.#key;
  }

  /** Everything about it; nothing until that is known. */
  readonly detail = $derived.by(() => {
    const { view } = this.#detail;
    return view !== null && view.asset.id === this.#id ? view : null;
  });

  /** Its size, kind and marks; nothing until they are known. */
  readonly cell = $derived.by(() => {
    // Marks are shown in the gallery's cell at once, before the library has told them.
    const cell = this.#key === null ? undefined : gallery.cell(this.#key);
    const known = cell?.id === this.#id ? cell : this.detail?.cell;
    return known ?? null;
  });

  /** Whether it is not in the library any more. What can still be shown is shown, whatever else fails. */
  readonly gone = $derived(this.#lost || (this.#detail.gone && this.cell === null));

  /** Looks at an output, or at none. */
  async open(id: AssetId | null): Promise<void> {
    this.#id = id;
    this.#lost = false;
    if (id === null) {
      this.#key = null;
      return this.#detail.load(null);
    }
    const key = await gallery.keyOf(id).catch(() => null);
    if (this.#id !== id) return;
    this.#key = key;
    this.#lost = key === null;
    if (key !== null) await this.#detail.load(key);
  }

  /** Asks again: something in the library changed. */
  async reload(): Promise<void> {
    await this.#detail.reload();
  }
}
