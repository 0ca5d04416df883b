/**
 * Films that are compared play in step: one clock for both. The longer one leads; the other one stays at its
 * end until both begin anew.
 */
import { stepTarget } from "./frames";
import { isKnown, seek } from "./pace.svelte";
import { playing } from "./playing.svelte";

/** Which of the two. */
export type Side = "a" | "b";

/** Further apart than this they are brought together, in seconds: two frames of most films. */
export const APART = 0.08;
/** A jump takes a moment in which the other one goes on: more often than this there is none, in ms. */
export const PATIENCE_MS = 1000;
/** So near to its end a film is over, in seconds. */
const END = 0.05;

export class Together {
  paused = $state(true);
  /** Where they are and how long the longer one is, in seconds. */
  time = $state(0);
  duration = $state(0);
  readonly #players = new Map<Side, HTMLVideoElement>();
  #stepping = false;
  #frame = 0;
  #jumped = -Infinity;

  /** A film takes part, until what this gives is called. It comes to where the other one is. */
  join(side: Side, player: HTMLVideoElement): () => void {
    this.#players.set(side, player);
    const alone = this.#players.size === 1;
    if (alone) [this.time, this.paused] = [0, true];
    const stop = new AbortController();
    const on = (event: string, act: () => void): void =>
      player.addEventListener(event, act, { signal: stop.signal });
    const known = (): void => {
      this.#measure();
      if (this.time > 0) player.currentTime = Math.min(this.time, lengthOf(player));
      if (!this.paused) this.#play(player);
    };
    on("loadedmetadata", known);
    on("durationchange", () => this.#measure());
    // What the system or the page's own keys for media do to one is done to both.
    on("pause", () => {
      if (!this.paused && !isOver(player)) this.pause();
    });
    on("play", () => {
      if (this.paused) this.play();
    });
    on("ended", () => {
      if (player === this.#leader()) this.#end();
    });
    if (isKnown(player)) known();
    return () => {
      stop.abort();
      this.#players.delete(side);
      this.#measure();
      if (this.#players.size === 0) this.pause();
    };
  }

  /** Plays or pauses. */
  toggle(): void {
    if (this.paused) this.play();
    else this.pause();
  }

  play(): void {
    const leader = this.#leader();
    if (leader === undefined) return;
    this.paused = false;
    if (isOver(leader)) this.#place(0);
    for (const player of this.#players.values()) this.#play(player);
    this.#tick();
  }

  /** Pauses both at the same frame. */
  pause(): void {
    if (this.paused) return;
    this.paused = true;
    cancelAnimationFrame(this.#frame);
    for (const player of this.#players.values()) player.pause();
    const leader = this.#leader();
    if (leader === undefined) return;
    if (isKnown(leader)) this.time = leader.currentTime;
    // What is paused shows the frame that was painted last, and not always that of its place: both seek it.
    this.#place(this.time, !isOver(leader));
  }

  /** Goes to another place, in seconds. */
  jump(to: number): void {
    this.#place(to);
    // One that was over may be in its middle now.
    if (!this.paused) for (const player of this.#players.values()) this.#play(player);
  }

  /** Shows the next frame (1) or the one before (-1) of both, of `length` seconds if that is known. */
  async step(by: 1 | -1, length: number | null): Promise<void> {
    // Of what is away or damaged nothing is ever known: it takes no step, and keeps the other one from none.
    const all = [...this.#players.values()].filter(isKnown);
    if (this.#stepping || all.length === 0) return;
    this.pause();
    this.#stepping = true;
    try {
      const to = stepTarget(this.time, by, length, this.duration);
      this.time = to;
      await Promise.all(all.map((player) => seek(player, Math.min(to, lengthOf(player)))));
    } finally {
      this.#stepping = false;
    }
  }

  /** The longer film; of two that are as long the one that is looked at. */
  #leader(): HTMLVideoElement | undefined {
    const [a, b] = [this.#players.get("a"), this.#players.get("b")];
    if (a === undefined || b === undefined) return a ?? b;
    return lengthOf(a) > lengthOf(b) ? a : b;
  }

  #measure(): void {
    this.duration = Math.max(0, ...[...this.#players.values()].map(lengthOf));
  }

  /** `anew`: also those that are there already. */
  #place(to: number, anew = false): void {
    this.time = to;
    for (const player of this.#players.values()) {
      const at = Math.min(to, lengthOf(player));
      if (anew || player.currentTime !== at) player.currentTime = at;
    }
  }

  #play(player: HTMLVideoElement): void {
    // The shorter one is over before.
    if (isOver(player)) return;
    player.play().catch(() => {
      // What may not be played by itself waits for the artist.
      if (player === this.#leader()) this.pause();
    });
  }

  #end(): void {
    if (!playing.loop) return this.pause();
    this.#place(0);
    for (const player of this.#players.values()) this.#play(player);
  }

  /** Follows the leader, for as long as they play. */
  #tick(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const leader = this.#leader();
      if (this.paused || leader === undefined) return;
      // One that is not there yet is not where it will be brought to.
      if (isKnown(leader)) this.time = leader.currentTime;
      for (const player of this.#players.values()) if (player !== leader) this.#hold(player);
      this.#tick();
    });
  }

  /** Brings one to where the leader is, if it went ahead or fell behind. */
  #hold(player: HTMLVideoElement): void {
    if (player.seeking || this.#leader()?.seeking === true) return;
    const to = Math.min(this.time, lengthOf(player));
    const now = performance.now();
    if (Math.abs(player.currentTime - to) <= APART || now - this.#jumped < PATIENCE_MS) return;
    this.#jumped = now;
    player.currentTime = to;
  }
}

/** How long a film is in seconds; 0 until that is known. */
const lengthOf = ({ duration }: HTMLVideoElement): number =>
  Number.isFinite(duration) ? duration : 0;

const isOver = (player: HTMLVideoElement): boolean =>
  player.ended || (lengthOf(player) > 0 && player.currentTime >= lengthOf(player) - END);
