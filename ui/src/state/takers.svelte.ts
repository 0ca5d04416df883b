/** Where dropped and pasted files go while a screen has a place for them: before the queue is asked. */

export type Taker = {
  /** Whether files of these names go in here. */
  wants: (names: readonly string[]) => boolean;
  /** Files that were let go over a place (`data-taker`), or beside all of them. */
  paths: (paths: readonly string[], place: string | null) => void;
  /** Pasted files, with the place that has the focus. */
  files: (files: readonly File[], place: string | null) => void;
};

class Takers {
  current = $state.raw<Taker | null>(null);
  /** The place under the files. */
  over = $state<string | null>(null);
  /** Whether files that go in hang over the window. */
  hanging = $state(false);

  /** Makes a screen's taker the one that is asked; gives how to end that. */
  use(taker: Taker): () => void {
    this.current = taker;
    return () => {
      if (this.current === taker) this.current = null;
      this.over = null;
      this.hanging = false;
    };
  }
}

export const takers = new Takers();

/** The place that an element belongs to. */
export const placeOf = (element: Element | null): string | null =>
  element?.closest<HTMLElement>("[data-taker]")?.dataset["taker"] ?? null;
