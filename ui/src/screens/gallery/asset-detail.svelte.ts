/** Everything about one picture, asked for when it is looked at. */
import type { AssetId } from "../../bindings/AssetId";
import type { AssetView } from "../../bindings/AssetView";
import { commands } from "../../host";
import { recall, remember } from "./asset-cache";

/** The picture a panel describes. */
export class AssetDetail {
  /** What is known; the picture before while the next is asked for, so the panel does not blink. */
  view = $state.raw<AssetView | null>(null);
  /** Whether the file is not in the library any more. */
  gone = $state(false);
  #wanted: AssetId | null = null;

  /** Asks for a picture; an answer for one that is not wanted any more is dropped. */
  async load(id: AssetId | null): Promise<void> {
    this.#wanted = id;
    this.gone = false;
    if (id === null) {
      this.view = null;
      return;
    }
    const kept = recall(id);
    if (kept !== undefined) {
      this.view = kept;
      return;
    }
    const [view] = await commands.asset_get({ ids: [id] });
    if (view !== undefined) remember(view);
    if (this.#wanted !== id) return;
    this.view = view ?? null;
    this.gone = view === undefined;
  }
}
