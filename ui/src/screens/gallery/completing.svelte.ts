/** What could be typed on, asked for while it is typed. */
import type { CompletionView } from "../../bindings/CompletionView";
import { commands } from "../../host";

/** Wait this long after a key press, in milliseconds. */
const TYPING_MS = 60;

export class Completing {
  /** What is offered. */
  list = $state.raw<readonly CompletionView[]>([]);
  /** The one that Enter takes; -1: none, Enter takes the text as it is. */
  at = $state(-1);
  #serial = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Asks for what could stand at the caret. An answer that comes late is dropped. */
  ask(text: string, caret: number): void {
    clearTimeout(this.#timer);
    const serial = (this.#serial += 1);
    this.#timer = setTimeout(() => {
      commands.library_complete({ text, caret }).then(
        (list) => {
          if (serial !== this.#serial) return;
          this.list = list;
          this.at = -1;
        },
        // Without completions the text can still be typed.
        () => undefined,
      );
    }, TYPING_MS);
  }

  /** Offers nothing any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#serial += 1;
    this.list = [];
    this.at = -1;
  }

  /** Goes up or down in the list, round its ends; before the first is none. */
  move(by: 1 | -1): void {
    const places = this.list.length + 1;
    this.at = ((this.at + 1 + by + places) % places) - 1;
  }
}
