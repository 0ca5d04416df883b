/**
 * Where a video or a sound is played from. WebKitGTK plays no custom scheme, but what was fetched from it
 * into memory: that is tried where the file itself does not play.
 */
import type { AssetId } from "../../bindings/AssetId";
import { commands, mediaUrl } from "../../host";

/** Larger files are not held in memory, in bytes; the media scheme gives no more of a file at once. */
const LARGEST = 512 * 1024 * 1024;

/** Why something is not played: its file is too large to hold in memory, or cannot be read as what it is. */
export type Refusal = "large" | "broken";

export class Playable {
  /** What a player takes as its source. */
  url = $state("");
  /** Why it cannot be played at all. */
  failed = $state<Refusal | null>(null);
  readonly #most: number;
  #id: AssetId = "";
  #held: string | null = null;
  /** Ends what is fetched when something else is opened, or nothing. */
  #stop = new AbortController();

  /** `most`: larger files are not held in memory. */
  constructor(most = LARGEST) {
    this.#most = most;
  }

  /** Another one is played. */
  open(id: AssetId): void {
    this.close();
    this.#id = id;
    this.failed = null;
    this.url = mediaUrl(`asset/${id}/original`);
  }

  /** The player refused its source. Gives whether that is the end of it. */
  async refused(): Promise<boolean> {
    const { signal } = this.#stop;
    let why: Refusal = "broken";
    if (this.#held === null) {
      const fetched = await fetchWhole(this.#id, this.#most, signal);
      if (signal.aborted) return false;
      if (typeof fetched !== "string") {
        this.#held = URL.createObjectURL(fetched);
        this.url = this.#held;
        return false;
      }
      why = fetched;
    }
    this.failed = why;
    return true;
  }

  /** Gives the memory back. */
  close(): void {
    if (this.#held !== null) URL.revokeObjectURL(this.#held);
    this.#held = null;
    this.#id = "";
    this.#stop.abort();
    this.#stop = new AbortController();
  }
}

/**
 * Plays one that is over anew. Players have an attribute for that, with which WebKitGTK (2.50) may stand
 * still for ever, and the whole page with it: it goes back without emptying what GStreamer holds
 * (https://bugs.webkit.org/show_bug.cgi?id=260796 is one of its kind).
 */
export function again(player: HTMLMediaElement): void {
  player.currentTime = 0;
  // One that may not be played by itself stays where it is.
  player.play().catch(() => {});
}

/** The whole file; or why it is not held in memory. */
async function fetchWhole(id: AssetId, most: number, signal: AbortSignal): Promise<Blob | Refusal> {
  try {
    const [asset] = await commands.asset_get({ ids: [id] });
    if (asset !== undefined && asset.bytes > most) return "large";
    signal.throwIfAborted();
    const answer = await fetch(mediaUrl(`asset/${id}/original`), { signal });
    // Of a file that is too large the answer is a part: it would play, and end too soon.
    if (answer.status === 206) return "large";
    return answer.ok ? await answer.blob() : "broken";
  } catch {
    return "broken";
  }
}

/** Plays something; `onrefused` is told where the window may not do that by itself. */
export async function start(player: HTMLMediaElement, onrefused: () => void): Promise<void> {
  try {
    await player.play();
  } catch (error) {
    // What cannot be played says so as an error of its own, and a pause is meant.
    if (error instanceof DOMException && error.name === "NotAllowedError") onrefused();
  }
}
