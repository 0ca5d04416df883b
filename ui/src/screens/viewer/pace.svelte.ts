/** How long the frames of a video last: learnt while it is played, or by playing its beginning unseen. */
import { Frames } from "./frames";
import { frameLength } from "./learn";

export class Pace {
  /** How long a frame lasts in seconds, once it is known; nothing if it cannot be. */
  length = $state<number | null>(null);
  /** Whether that was looked for. */
  asked = $state(false);
  #player: HTMLVideoElement | undefined;
  #learning: Promise<boolean> | undefined;

  /** Another player: what it plays tells how long its frames are. Gives how to end that. */
  watch(player: HTMLVideoElement | undefined): (() => void) | undefined {
    this.#player = player;
    this.#learning = undefined;
    this.asked = false;
    this.length = null;
    if (player === undefined || typeof player.requestVideoFrameCallback !== "function")
      return undefined;
    const frames = new Frames();
    let call = 0;
    const see = (_now: number, { mediaTime }: VideoFrameCallbackMetadata): void => {
      // A frame that was sought is told with the place that was asked for, not with its own.
      if (player.paused || player.seeking) frames.jump();
      else frames.see(mediaTime);
      if (frames.enough) this.length = frames.length;
      else call = player.requestVideoFrameCallback(see);
    };
    call = player.requestVideoFrameCallback(see);
    return () => player.cancelVideoFrameCallback(call);
  }

  /**
   * Looks for it where what was played did not tell; whoever asks meanwhile waits for the same. Gives whether
   * the player is still the same.
   */
  async learn(): Promise<boolean> {
    const player = this.#player;
    if (player === undefined || this.length !== null) return player !== undefined;
    return (this.#learning ??= this.#look(player));
  }

  async #look(player: HTMLVideoElement): Promise<boolean> {
    this.asked = true;
    const learnt = await frameLength(player.src);
    // Another video may be there by now.
    if (player !== this.#player) return false;
    this.length ??= learnt;
    return true;
  }
}

/** Whether its length is known: before, a player goes to no place and never tells that it did. */
export const isKnown = ({ readyState }: HTMLMediaElement): boolean =>
  readyState >= HTMLMediaElement.HAVE_METADATA;

/** Waits until another place is shown, or the video is gone. One that goes nowhere is not waited for. */
export const seek = async (player: HTMLVideoElement, to: number): Promise<void> => {
  if (!isKnown(player)) return;
  const heard = new AbortController();
  await new Promise<void>((resolve) => {
    for (const event of ["seeked", "emptied", "error"])
      player.addEventListener(event, () => resolve(), { signal: heard.signal });
    player.currentTime = to;
  });
  heard.abort();
};
