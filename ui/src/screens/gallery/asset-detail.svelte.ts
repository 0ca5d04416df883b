/** Everything about one picture, asked for when it is looked at. */
import type { AssetDetail as Detail } from "../../bindings/AssetDetail";
import { commands } from "../../host";

/** The picture a panel describes. */
export class AssetDetail {
  /** What is known; the picture before while the next is asked for, so the panel does not blink. */
  view = $state.raw<Detail | null>(null);
  /** Whether it is not in the library any more. */
  gone = $state(false);
  #wanted: number | null = null;
  #serial = 0;

  /** Asks for a picture; an answer for one that is not wanted any more is dropped. */
  async load(key: number | null): Promise<void> {
    const serial = (this.#serial += 1);
    this.#wanted = key;
    if (key === null) {
      this.view = null;
      this.gone = false;
      return;
    }
    try {
      const view = await commands.asset_detail({ key });
      if (serial !== this.#serial) return;
      this.view = view;
      this.gone = false;
    } catch {
      // A refusal means that it is not there: other reasons show themselves at the grid.
      if (serial === this.#serial) this.gone = true;
    }
  }

  /** Asks again about the same picture: something in the library changed. */
  async reload(): Promise<void> {
    await this.load(this.#wanted);
  }
}
