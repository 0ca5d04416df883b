/** What can be done on the screen that is shown: the palette lists it with its keys. */
import type { Command } from "../frame/palette";
import type { MenuItem } from "../lib/Menu.svelte";

type List = () => readonly Command[];

class Here {
  #list = $state.raw<List>(() => []);
  #parts = $state.raw<readonly List[]>([]);

  get commands(): readonly Command[] {
    return [this.#list, ...this.#parts].flatMap((list) => list());
  }

  /** Makes a screen's actions the ones that are listed; gives how to end that. */
  use(list: List): () => void {
    this.#list = list;
    return () => {
      if (this.#list === list) this.#list = () => [];
    };
  }

  /** Adds what can be done in a part of the screen, while it is there; gives how to end that. */
  add(list: List): () => void {
    this.#parts = [...this.#parts, list];
    return () => {
      this.#parts = this.#parts.filter((one) => one !== list);
    };
  }
}

export const here = new Here();

/** A menu's entries as actions of the palette; `what` they are about stands behind each. */
export const ofMenu = (items: readonly MenuItem[], what: string): Command[] =>
  items.flatMap((item) =>
    item === "line" || item.off
      ? []
      : [
          {
            icon: item.icon,
            text: what === "" ? item.text : `${item.text} (${what})`,
            hint: item.keys,
            run: () => void item.run(),
          },
        ],
  );
