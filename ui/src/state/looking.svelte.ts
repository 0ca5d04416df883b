/** What screens begin with, and how nodes are looked at: kept while the app runs. */

export type Mode = "list" | "graph";

/** Settings that are gone to by themselves, as their elements are called. */
export type Setting =
  "setting-library" | "setting-backup" | "setting-bin" | "setting-folder-add" | "setting-watch";

class Looking {
  mode = $state<Mode>("graph");
  /** The node to begin with, once. */
  node: string | null = null;
  /** The setting to go to, once: an element's id. */
  setting = $state<Setting | null>(null);
}

export const looking = new Looking();
