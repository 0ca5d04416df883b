/** What can be done on the screen that is shown: the palette lists it with its keys. */
import type { Command } from "../frame/palette";
import type { MenuItem } from "../lib/Menu.svelte";

class Here {
  #list = $state.raw<() => readonly Command[]>(() => []);

  get commands(): readonly Command[] {
    return this.#list();
  }

  /** Makes a screen's actions the ones that are listed; gives how to end that. */
  use(list: () => readonly Command[]): () => void {
    this.#list = list;
    return () => {
      if (this.#list === list) this.#list = () => [];
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
