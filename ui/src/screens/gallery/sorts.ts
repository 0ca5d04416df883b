/** Orders of the gallery, by name. */
import type { LibrarySort } from "../../bindings/LibrarySort";

const NAMES: Record<LibrarySort, string> = {
  newest: "Newest",
  oldest: "Oldest",
  rating: "Best rated",
  name: "Name",
  bytes: "Largest file",
  pixels: "Most pixels",
  took: "Took longest",
  random: "Random",
};

/** All orders, as they are offered. */
export const SORTS = Object.keys(NAMES) as LibrarySort[];
/** What an order is called. */
export const sortName = (sort: LibrarySort): string => NAMES[sort];
