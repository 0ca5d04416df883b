/** Pictures on their way out of the window, or onto a tag or a collection at its side. */
import { commands } from "../../host";
import { attempt } from "../../state/attempt";
import type { Taker } from "../../state/takers.svelte";
import { gallery } from "./gallery.svelte";
import { markCells } from "./marks";

class Dragging {
  /** What is dragged. */
  keys = $state.raw<readonly number[] | null>(null);

  /** Hands pictures, of closed stacks all in them, to the system's drag and drop. */
  start(event: DragEvent, keys: readonly number[]): void {
    event.preventDefault();
    this.keys = keys;
    void attempt(gallery.members(keys).then((all) => commands.asset_drag({ keys: [...all] })));
  }

  /** The pointer is here and no button is down: the drag is over. */
  end(): void {
    this.keys = null;
  }

  /** Our own pictures, let go over the window, go onto the tag or collection there, and nowhere else. */
  readonly taker: Taker = {
    wants: () => this.keys !== null,
    paths: (_, place) => {
      const { keys } = this;
      this.end();
      if (keys === null || place === null) return;
      const [kind, ...rest] = place.split(":");
      const name = rest.join(":");
      if (kind === "tag") void markCells(keys, { mark: "tag_add", name });
      else if (kind === "collection")
        void markCells(keys, { mark: "collection_add", id: Number(name) });
    },
    files: () => undefined,
  };
}

export const dragging = new Dragging();
