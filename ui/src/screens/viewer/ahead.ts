/** Pictures decoded before they are looked at, within a bound of pixels. Knows no page: pure but for time. */

/** A picture that is being made ready. */
export type Begun<Picture> = { picture: Picture; ready: Promise<unknown> };

type Kept<Picture> = Begun<Picture> & { pixels: number; done: boolean };

/** What to make ready. */
export type Wanted = { id: string; pixels: number };

export class Ahead<Picture> {
  readonly #kept = new Map<string, Kept<Picture>>();
  readonly #begin: (id: string) => Begun<Picture>;
  readonly #most: number;

  /** `begin` starts to decode; at most about `most` pixels are kept. */
  constructor(begin: (id: string) => Begun<Picture>, most: number) {
    this.#begin = begin;
    this.#most = most;
  }

  /** A picture that is ready now. */
  peek(id: string): Picture | null {
    const kept = this.#kept.get(id);
    return kept?.done ? kept.picture : null;
  }

  /** A picture as soon as it is ready; refuses if it cannot be decoded. It is the last to be dropped. */
  async get({ id, pixels }: Wanted): Promise<Picture> {
    const kept = this.#kept.get(id) ?? this.#start(id, pixels);
    this.#kept.delete(id);
    this.#kept.set(id, kept);
    this.#trim(id);
    await kept.ready;
    return kept.picture;
  }

  /**
   * Makes pictures ready, the first one first. What is too large to be kept beside the one that is looked
   * at is left for then.
   */
  fetch(wanted: readonly Wanted[]): void {
    let room = this.#most;
    for (const { id, pixels } of wanted) {
      room -= pixels;
      if (room < 0) return;
      if (!this.#kept.has(id)) this.#start(id, pixels);
    }
    // Newest is what is wanted first.
    for (const { id } of [...wanted].reverse()) {
      const kept = this.#kept.get(id);
      if (kept === undefined) continue;
      this.#kept.delete(id);
      this.#kept.set(id, kept);
    }
    this.#trim(wanted[0]?.id);
  }

  #start(id: string, pixels: number): Kept<Picture> {
    const kept: Kept<Picture> = { ...this.#begin(id), pixels, done: false };
    this.#kept.set(id, kept);
    kept.ready.then(
      () => (kept.done = true),
      () => {
        // Asked for again, it may be there: a disk that was away.
        if (this.#kept.get(id) === kept) this.#kept.delete(id);
      },
    );
    return kept;
  }

  #trim(needed: string | undefined): void {
    let sum = 0;
    for (const { pixels } of this.#kept.values()) sum += pixels;
    for (const [id, { pixels }] of this.#kept) {
      if (sum <= this.#most) return;
      if (id === needed) continue;
      this.#kept.delete(id);
      sum -= pixels;
    }
  }
}
