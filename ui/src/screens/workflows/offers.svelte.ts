/** What the servers offer, as it was read. It outlives the screen. */
import type { ServerId } from "../../bindings/ServerId";
import { commands } from "../../host";
import { app } from "../../state/app.svelte";
import { errorText } from "../../state/attempt";
import { type Known, rowsOf } from "./offers";

class Offers {
  filter = $state("");
  known = $state.raw<ReadonlyMap<ServerId, Known>>(new Map());
  /** Groups that the artist opened or closed. */
  folds = $state.raw<ReadonlyMap<string, boolean>>(new Map());
  /** The key of the row in focus. */
  current = $state<string | null>(null);

  readonly rows = $derived(rowsOf(app.servers, this.known, this.filter, this.folds));

  #asking = new Set<ServerId>();

  /** Reads what servers offer that are connected and have not been read yet. */
  readNew(): void {
    for (const { id, link } of app.servers)
      if (link === "online" && !this.known.has(id)) void this.read(id);
  }

  /** Reads one server anew. */
  async read(id: ServerId): Promise<void> {
    if (this.#asking.has(id)) return;
    this.#asking.add(id);
    this.#set(id, { view: this.known.get(id)?.view ?? null, failure: null });
    try {
      this.#set(id, { view: await commands.server_offers({ id }), failure: null });
    } catch (error) {
      this.#set(id, { view: null, failure: errorText(error) });
    }
    this.#asking.delete(id);
  }

  fold(key: string, open: boolean): void {
    this.folds = new Map(this.folds).set(key, open);
  }

  #set(id: ServerId, known: Known): void {
    this.known = new Map(this.known).set(id, known);
  }
}

export const offers = new Offers();
