/** Ways from one output to another in the viewer. Of several that are begun, the last one counts. */
import type { LibraryCell } from "../../bindings/LibraryCell";
import { attempt } from "../../state/attempt";
import type { Columns } from "../gallery/columns";
import { cellOf } from "./compare";

/** What the screen offers to the ways. */
type Stage = {
  /** The order that is walked. */
  columns(): Columns;
  /** The place of the one that is looked at; -1: it is not in that order. */
  at(): number;
  open(cell: LibraryCell): void;
  /** Leaves the viewer. */
  close(): void;
};

export class Walking {
  readonly #stage: Stage;
  /** Counts the ways: what was asked for one before is not gone to any more. */
  #turn = 0;
  /** Where the one that is looked at stands, or stood before it was gone; -1: nowhere yet. */
  #place = -1;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** The one that is looked at stands at a place, if it stands anywhere. */
  stands(at: number): void {
    if (at >= 0) this.#place = at;
  }

  /** Another way is begun, or the viewer was left: those begun before end. Gives whether it is the last one. */
  begin(): () => boolean {
    this.#turn += 1;
    const turn = this.#turn;
    return () => turn === this.#turn;
  }

  /** Goes to one. */
  async go(key: number | undefined): Promise<void> {
    await attempt(this.#to(key, this.begin()));
  }

  /** Goes to the next (1) or the one before (-1). What is gone is passed over. */
  async walk(by: 1 | -1): Promise<void> {
    const at = this.#stage.at();
    if (at >= 0) await attempt(this.#along(this.#from(at, by), this.begin()));
  }

  /**
   * Goes to the next one of a slideshow, after the last one to the first. What is gone left its place to the
   * next. Gives whether there was another one.
   */
  async on(): Promise<boolean> {
    const at = this.#stage.at();
    // The one that is looked at is not gone to again.
    const [from, round] = at < 0 ? [Math.max(0, this.#place) - 1, Infinity] : [at, at];
    const last = this.begin();
    try {
      return (
        (await this.#along(this.#from(from, 1), last)) ||
        (await this.#along(this.#from(-1, 1, round), last))
      );
    } catch {
      // The library could not be asked: a slideshow tries again.
      return false;
    }
  }

  /** What is looked at leaves the stage. Where nothing else is walked to, the viewer is left. */
  async leave(): Promise<void> {
    const at = this.#stage.at();
    const last = this.begin();
    await attempt(
      (async () => {
        const gone =
          at >= 0 &&
          ((await this.#along(this.#from(at, 1), last)) ||
            (await this.#along(this.#from(at, -1), last)));
        if (!gone) this.#stage.close();
      })(),
    );
  }

  /** What comes after (1) or before (-1) a place, the nearest first, up to another place. */
  *#from(at: number, by: 1 | -1, end = Infinity): Generator<number> {
    const { keys } = this.#stage.columns();
    for (let to = at + by; to < Math.min(end, keys.length); to += by) {
      const key = keys[to];
      if (key === undefined) return;
      yield key;
    }
  }

  /** Goes to the first of some that is there; gives whether there is one. */
  async #along(keys: Iterable<number>, last: () => boolean): Promise<boolean> {
    for (const key of keys) if (await this.#to(key, last)) return true;
    return false;
  }

  /** Goes to one, unless another way was begun meanwhile; gives whether nothing is left to do. */
  async #to(key: number | undefined, last: () => boolean): Promise<boolean> {
    const next = await cellOf(key);
    if (!last()) return true;
    if (next !== null) this.#stage.open(next);
    return next !== null;
  }
}
