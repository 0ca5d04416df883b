/**
 * The picture on a stage. It changes only when the next one can be painted, so there is no flash: at once
 * if it was decoded ahead, else from its thumbnail until the file itself is decoded.
 */
import type { AssetId } from "../../bindings/AssetId";
import { mediaUrl } from "../../host";
import { whyNot } from "../../lib/why-not";
import { Ahead, type Begun } from "./ahead";
import { shownWhole } from "./medium";
import type { Size } from "./view";

/** Pixels kept decoded: 48 megapixels take 192 MB. */
const MOST_PIXELS = 48_000_000;

/** What is known of a picture before it is loaded. */
export type Known = { id: AssetId; w: number; h: number };

/** How a picture is shown: from its file, from its thumbnail until then or for good, or not at all. */
export type Quality = "whole" | "for now" | "reduced" | "broken";

type From = "thumb" | "large" | "original";

function begin(id: AssetId, from: From): Begun<HTMLImageElement> {
  const picture = new Image();
  // Once decoded, it is painted in the same frame as the change.
  picture.decoding = "sync";
  picture.draggable = false;
  picture.src = mediaUrl(`asset/${id}/${from}`);
  return { picture, ready: picture.decode() };
}

/** Files of pictures, decoded. */
const files = new Ahead((id) => begin(id, "original"), MOST_PIXELS);

/** Decodes pictures ahead, the first one first. */
export function decodeAhead(next: readonly Known[]): void {
  files.fetch(
    next
      .filter(({ w, h }) => w > 0 && shownWhole(w, h))
      .map(({ id, w, h }) => ({ id, pixels: w * h })),
  );
}

export class Shown {
  /** Which picture is on the stage. */
  id = $state.raw<AssetId | null>(null);
  /** The element that shows it; nothing if it cannot be shown. */
  element = $state.raw<HTMLImageElement | null>(null);
  /** Its size in pixels. */
  size = $state.raw<Size>({ w: 0, h: 0 });
  quality = $state.raw<Quality>("for now");
  /** Why it cannot be shown, as a sentence; empty if nobody says. */
  reason = $state.raw("");
  #serial = 0;

  /** Brings a picture onto the stage. `whole`: from its file, however large that is. */
  async show(known: Known, whole = shownWhole(known.w, known.h)): Promise<void> {
    this.#serial += 1;
    const serial = this.#serial;
    const current = (): boolean => serial === this.#serial;
    const ready = whole ? files.peek(known.id) : null;
    if (ready !== null) return this.#put(known, ready, "whole");
    this.#forNow(known, current);
    const pixels = Math.max(1, known.w * known.h);
    const ways: (() => Promise<HTMLImageElement>)[] = [
      () => files.get({ id: known.id, pixels }),
      () => loaded(known.id, "large"),
      () => loaded(known.id, "thumb"),
    ];
    for (const [at, way] of ways.entries()) {
      if (at === 0 && !whole) continue;
      const element = await way().catch(() => null);
      if (!current()) return;
      if (element !== null) return this.#put(known, element, at === 0 ? "whole" : "reduced");
    }
    this.id = known.id;
    this.element = null;
    this.quality = "broken";
    this.reason = "";
    const reason = await whyNot(known.id, "large");
    if (current()) this.reason = reason ?? "";
  }

  /** The thumbnail, if it is there before the file. */
  #forNow(known: Known, current: () => boolean): void {
    loaded(known.id, "thumb").then(
      (element) => {
        if (current() && this.id !== known.id) this.#put(known, element, "for now");
      },
      // Without a thumbnail the picture before stays until the file is there.
      () => {},
    );
  }

  #put(known: Known, element: HTMLImageElement, quality: Quality): void {
    this.id = known.id;
    this.element = element;
    this.quality = quality;
    // What the library knows no size of is as large as it turns out to be.
    const of = known.w > 0 ? known : { w: element.naturalWidth, h: element.naturalHeight };
    this.size = { w: of.w, h: of.h };
  }
}

async function loaded(id: AssetId, from: From): Promise<HTMLImageElement> {
  const { picture, ready } = begin(id, from);
  await ready;
  return picture;
}
