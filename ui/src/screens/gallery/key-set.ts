/** Sets of cells by their keys: a bit each, so that a million chosen ones are 125 kB. Never changed in place. */

const CHUNK = 1 << 16;
const WORDS = CHUNK / 32;

function bits(word: number): number {
  word -= (word >>> 1) & 0x55555555;
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
  return (((word + (word >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** A set of keys (u32). */
export class KeySet {
  static readonly EMPTY = new KeySet(new Map());
  readonly #chunks: ReadonlyMap<number, Uint32Array>;
  /** How many keys. */
  readonly size: number;

  private constructor(chunks: ReadonlyMap<number, Uint32Array>) {
    this.#chunks = chunks;
    let size = 0;
    for (const chunk of chunks.values()) for (const word of chunk) size += bits(word);
    this.size = size;
  }

  static of(keys: Iterable<number>): KeySet {
    return KeySet.EMPTY.with(keys);
  }

  has(key: number): boolean {
    const word = this.#chunks.get(key >>> 16)?.[(key & 0xffff) >>> 5] ?? 0;
    return ((word >>> (key & 31)) & 1) === 1;
  }

  /** These keys too. */
  with(keys: Iterable<number>): KeySet {
    return this.#changed(keys, true);
  }

  /** Without these keys. */
  without(keys: Iterable<number>): KeySet {
    return this.#changed(keys, false);
  }

  /** Those that are in another set, too. */
  and(other: KeySet): KeySet {
    if (this === other || this.size === 0) return this;
    const chunks = new Map<number, Uint32Array>();
    for (const [high, chunk] of this.#chunks) {
      const others = other.#chunks.get(high);
      if (others !== undefined)
        chunks.set(
          high,
          chunk.map((word, at) => word & (others[at] ?? 0)),
        );
    }
    return new KeySet(chunks);
  }

  /** The other way round for one key. */
  toggled(key: number): KeySet {
    return this.#changed([key], !this.has(key));
  }

  /** All keys, smallest first. */
  toArray(): number[] {
    const keys: number[] = [];
    for (const high of [...this.#chunks.keys()].sort((a, b) => a - b)) {
      this.#chunks.get(high)?.forEach((word, at) => {
        for (let bit = 0; word !== 0; bit += 1, word >>>= 1)
          if ((word & 1) === 1) keys.push(high * CHUNK + at * 32 + bit);
      });
    }
    return keys;
  }

  #changed(keys: Iterable<number>, on: boolean): KeySet {
    const chunks = new Map(this.#chunks);
    const own = new Set<number>();
    for (const key of keys) {
      const high = key >>> 16;
      let chunk = chunks.get(high);
      if (chunk === undefined && !on) continue;
      if (chunk === undefined || !own.has(high)) {
        chunk = chunk?.slice() ?? new Uint32Array(WORDS);
        chunks.set(high, chunk);
        own.add(high);
      }
      const at = (key & 0xffff) >>> 5;
      const bit = 1 << (key & 31);
      chunk[at] = on ? (chunk[at] ?? 0) | bit : (chunk[at] ?? 0) & ~bit;
    }
    return new KeySet(chunks);
  }
}
