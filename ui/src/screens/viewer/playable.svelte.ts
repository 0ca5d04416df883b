/**
 * Where a video or a sound is played from. WebKitGTK plays no custom scheme, but what was fetched from it
 * into memory: that is tried where the file itself does not play.
 */
import type { AssetId } from "../../bindings/AssetId";
import { mediaUrl } from "../../host";

/** Larger files are not held in memory, in bytes. */
const LARGEST = 512 * 1024 * 1024;

export class Playable {
  /** What a player takes as its source. */
  url = $state("");
  /** Whether it cannot be played at all. */
  failed = $state(false);
  #id: AssetId = "";
  #held: string | null = null;

  /** Another one is played. */
  open(id: AssetId): void {
    this.close();
    this.#id = id;
    this.failed = false;
    this.url = mediaUrl(`asset/${id}/original`);
  }

  /** The player refused its source. Gives whether that is the end of it. */
  async refused(): Promise<boolean> {
    const id = this.#id;
    if (this.#held === null) {
      const held = await fetched(id);
      if (id !== this.#id) return false;
      if (held !== null) {
        this.#held = held;
        this.url = held;
        return false;
      }
    }
    this.failed = true;
    return true;
  }

  /** Gives the memory back. */
  close(): void {
    if (this.#held !== null) URL.revokeObjectURL(this.#held);
    this.#held = null;
    this.#id = "";
  }
}

/** The file in memory, as an address; nothing if it is not there, or too large. */
async function fetched(id: AssetId): Promise<string | null> {
  try {
    const answer = await fetch(mediaUrl(`asset/${id}/original`));
    if (!answer.ok || Number(answer.headers.get("content-length") ?? 0) > LARGEST) return null;
    return URL.createObjectURL(await answer.blob());
  } catch {
    return null;
  }
}
