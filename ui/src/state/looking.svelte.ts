/** How nodes are looked at: kept while the app runs, so that the next workflow is shown the same way. */

export type Mode = "list" | "graph";

class Looking {
  mode = $state<Mode>("graph");
  /** The node to begin with, once. */
  node: string | null = null;
}

export const looking = new Looking();
