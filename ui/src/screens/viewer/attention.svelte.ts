/** What the artist looks at now, told to the second window. */
import type { LibraryCell } from "../../bindings/LibraryCell";
import { secondWindow, type Looked } from "../../host";
import { gallery } from "../gallery/gallery.svelte";

class Attention {
  /** What the viewer shows, while it is open. */
  viewed = $state.raw<Looked | null>(null);
}

export const attention = new Attention();

/** A cell as the second window is told of it. */
export const lookedOf = (cell: LibraryCell, path = ""): Looked => {
  const { id, kind, title, w, h } = cell;
  return { id, kind, title, path, w, h };
};

/** What is looked at: what the viewer shows, else what the gallery's panel describes. */
function lookedAt(): Looked | null {
  if (attention.viewed !== null) return attention.viewed;
  const cell = gallery.looked === null ? undefined : gallery.cell(gallery.looked);
  return cell === undefined ? null : lookedOf(cell);
}

/** Tells the second window what is looked at, from its first question on. Gives how to end that. */
export function tellSecondWindow(): () => void {
  let asked = $state(false);
  secondWindow.asked(() => {
    if (asked) secondWindow.tell(lookedAt());
    asked = true;
  });
  return $effect.root(() => {
    $effect(() => {
      if (asked) secondWindow.tell(lookedAt());
    });
  });
}
