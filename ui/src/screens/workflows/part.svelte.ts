/** Which workflows are shown: kept, so that coming back finds the same. */

export type Part = "library" | "servers";

class Shown {
  part = $state<Part>("library");
}

export const shownPart = new Shown();
