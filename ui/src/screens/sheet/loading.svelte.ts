/** A sheet as it fills: read anew when something of it changed, the newest answer alone counts. */
import type { BatchId } from "../../bindings/BatchId";
import type { SheetView } from "../../bindings/SheetView";
import { commands } from "../../host";
import { errorText } from "../../state/attempt";

/** Wait this long after a change, so that many ask once. In milliseconds. */
const CHANGE_MS = 250;

export class LoadedSheet {
  view = $state.raw<SheetView | null>(null);
  failure = $state<string | null>(null);
  readonly id: BatchId;
  #serial = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(id: BatchId) {
    this.id = id;
  }

  async now(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#serial += 1;
    const serial = this.#serial;
    try {
      const view = await commands.sheet_get({ batch: this.id });
      if (serial !== this.#serial) return;
      this.view = view;
      this.failure = null;
    } catch (error) {
      if (serial === this.#serial) this.failure = errorText(error);
    }
  }

  /** Soon; changes that keep coming must not put it off for ever. */
  soon(): void {
    this.#timer ??= setTimeout(() => void this.now(), CHANGE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#serial += 1;
  }
}
