/** What the side bar shows: facets for the current filter, tags, collections and saved searches. */
import type { CollectionView } from "../../bindings/CollectionView";
import type { FacetView } from "../../bindings/FacetView";
import { commands } from "../../host";
import { PREVIEWS } from "./previews";

class Side {
  /** Groups with counts for the current filter. */
  facets = $state.raw<readonly FacetView[]>([]);
  collections = $state.raw<readonly CollectionView[]>([]);
  /** Folded groups, by their keys. Kept while the app runs. */
  folded = $state.raw<ReadonlySet<string>>(
    new Set(["workflow", "server", "rating", "flag", "month"]),
  );
  /** How much preview nodes made on the way; nothing until it is known. */
  previews = $state<number | null>(null);
  #serial = 0;
  #collecting = 0;
  #counting = 0;

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

  /** Counts previews. No group tells it, so it is asked when the library changed, not with each search. */
  async countPreviews(): Promise<void> {
    const serial = (this.#counting += 1);
    const query = { text: PREVIEWS, sort: "newest", seed: 0, stacks: false } as const;
    const { shown } = await commands.library_query({ query });
    if (serial === this.#counting) this.previews = shown;
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
