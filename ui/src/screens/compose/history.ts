/** What can be taken back and done again: states, and deeds that were done elsewhere. Pure. */

/** Something done beyond the state, such as a preset that was saved. */
export type Deed = { undo: () => unknown; redo: () => unknown };

type Step<State> =
  | { kind: "state"; before: State; after: State; tag: string | null; at: number }
  | { kind: "deed"; deed: Deed };

/** Typing into one field is one step, unless this long nothing was typed. In milliseconds. */
const PAUSE_MS = 1200;
/** Older steps are forgotten. */
const MOST = 400;

export class History<State> {
  #done: Step<State>[] = [];
  #undone: Step<State>[] = [];

  get canUndo(): boolean {
    return this.#done.length > 0;
  }
  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  readonly #same: (one: State, other: State) => boolean;

  constructor(same: (one: State, other: State) => boolean = Object.is) {
    this.#same = same;
  }

  /**
   * A change; those with the same `tag` soon after each other are one step, or at any time after where
   * this one only ends what the last began (`ends`). `now` in milliseconds.
   */
  push(before: State, after: State, tag: string | null, now: number, ends = false): void {
    if (before === after) return;
    this.#undone = [];
    const last = this.#done.at(-1);
    if (
      tag !== null &&
      last?.kind === "state" &&
      last.tag === tag &&
      last.after === before &&
      (ends || now - last.at < PAUSE_MS)
    ) {
      // A half number that became the number that was there before is nothing to take back.
      if (ends && this.#same(last.before, after)) {
        this.#done.pop();
        return;
      }
      last.after = after;
      last.at = now;
      return;
    }
    this.#done.push({ kind: "state", before, after, tag, at: now });
    if (this.#done.length > MOST) this.#done.shift();
  }

  did(deed: Deed): void {
    this.#undone = [];
    this.#done.push({ kind: "deed", deed });
    if (this.#done.length > MOST) this.#done.shift();
  }

  /** Something went on that is no step: every state becomes what `to` makes of it. */
  carry(to: (state: State) => State): void {
    // What one step ends with, the next begins with.
    const made = new Map<State, State>();
    const carried = (state: State): State => {
      const next = made.get(state) ?? to(state);
      made.set(state, next);
      return next;
    };
    for (const step of [...this.#done, ...this.#undone]) {
      if (step.kind === "deed") continue;
      step.before = carried(step.before);
      step.after = carried(step.after);
    }
  }

  /** The field was left: what is typed next is a step of its own. */
  seal(): void {
    const last = this.#done.at(-1);
    if (last?.kind === "state") last.tag = null;
  }

  /** Takes the last step back. Gives the state to show, if it was one. */
  undo(): State | null {
    const step = this.#done.pop();
    if (step === undefined) return null;
    this.#undone.push(step);
    if (step.kind === "state") return step.before;
    step.deed.undo();
    return null;
  }

  /** Does the step taken back last again. */
  redo(): State | null {
    const step = this.#undone.pop();
    if (step === undefined) return null;
    this.#done.push(step);
    this.seal();
    if (step.kind === "state") return step.after;
    step.deed.redo();
    return null;
  }
}
