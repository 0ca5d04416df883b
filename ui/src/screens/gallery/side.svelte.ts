/** What the side bar shows: facets for the current filter, tags, collections and saved searches. */
import type { CollectionView } from "../../bindings/CollectionView";
import type { FacetView } from "../../bindings/FacetView";
import { commands } from "../../host";

class Side {
  /** Groups with counts for the current filter. */
  facets = $state.raw<readonly FacetView[]>([]);
  collections = $state.raw<readonly CollectionView[]>([]);
  /** Folded groups, by their keys. Kept while the app runs. */
  folded = $state.raw<ReadonlySet<string>>(
    new Set(["workflow", "server", "rating", "flag", "month"]),
  );
  #serial = 0;
  #collecting = 0;

  /** The groups for an answer. They stay as they were if it is too old to be asked about. */
  async load(ticket: number): Promise<void> {
    const serial = (this.#serial += 1);
    try {
      const facets = await commands.library_facets({ ticket });
      if (serial === this.#serial) this.facets = facets;
    } catch {
      // A newer answer is on its way, with its own groups.
    }
  }

  async loadCollections(): Promise<void> {
    const serial = (this.#collecting += 1);
    const collections = await commands.collection_list({});
    if (serial === this.#collecting) this.collections = collections;
  }

  fold(key: string): void {
    const next = new Set(this.folded);
    if (!next.delete(key)) next.add(key);
    this.folded = next;
  }

  /** A group by its key. */
  facet(key: string): FacetView | undefined {
    return this.facets.find((facet) => facet.key === key);
  }
}

export const side = new Side();
