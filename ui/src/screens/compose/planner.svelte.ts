/** What would be queued, asked anew after each change. The newest question alone is answered. */
import type { PlanView } from "../../bindings/PlanView";
import { errorText } from "../../state/attempt";

/** Wait this long after a change, in milliseconds. */
const CHANGE_MS = 220;

export class Planner<State> {
  /** The newest answer; the one before stays until the next comes. */
  plan = $state.raw<PlanView | null>(null);
  failure = $state<string | null>(null);
  /** What the answer is about. */
  about = $state.raw<State | null>(null);
  #ask: (state: State) => Promise<PlanView>;
  #serial = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: (state: State) => Promise<PlanView>) {
    this.#ask = ask;
  }

  changed(state: State): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.now(state), CHANGE_MS);
  }

  /** Asks at once. Gives the answer, unless something newer was asked meanwhile or it failed. */
  async now(state: State): Promise<PlanView | null> {
    clearTimeout(this.#timer);
    this.#serial += 1;
    const serial = this.#serial;
    try {
      const plan = await this.#ask(state);
      if (serial !== this.#serial) return null;
      this.plan = plan;
      this.about = state;
      this.failure = null;
      return plan;
    } catch (error) {
      if (serial === this.#serial) this.failure = errorText(error);
      return null;
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#serial += 1;
  }
}
