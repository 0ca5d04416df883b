/** The workflows of the library as the screen shows them. It outlives the screen. */
import { commands } from "../../host";
import { errorText } from "../../state/attempt";
import { PAGE, type Pages, pagesOf, rowsOf } from "./pages";

/** Wait this long after a key press before asking, in milliseconds. */
const TYPING_MS = 140;
/** Wait this long after something changed, so that a batch asks once. */
const CHANGE_MS = 400;

class Library {
  words = $state("");
  /** How many match; nothing, before the first answer. */
  total = $state<number | null>(null);
  pages = $state.raw<Pages>(new Map());
  failure = $state<string | null>(null);
  /** The key of the row in focus. */
  current = $state<string | null>(null);

  readonly rows = $derived(rowsOf(this.total ?? 0, this.pages));

  #serial = 0;
  #sight = { from: 0, to: 0 };
  #asked = new Set<number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Asks anew for what is in sight. What else was fetched may have moved and is forgotten. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#serial += 1;
    this.#asked.clear();
    const { from, to } = this.#sight;
    const wanted = pagesOf(from, to);
    const serial = this.#serial;
    try {
      const answers = await Promise.all(wanted.map((page) => this.#ask(page)));
      if (serial !== this.#serial) return;
      this.pages = new Map(wanted.map((page, at) => [page, answers[at]?.workflows ?? []]));
      this.total = answers[0]?.total ?? 0;
      this.failure = null;
    } catch (error) {
      if (serial === this.#serial) this.failure = errorText(error);
    }
  }

  /** Asks soon, once for many reasons. */
  refreshSoon(reason: "typing" | "change"): void {
    if (this.#timer !== undefined) {
      if (reason === "change") return;
      clearTimeout(this.#timer);
    }
    const wait = reason === "typing" ? TYPING_MS : CHANGE_MS;
    this.#timer = setTimeout(() => void this.refresh(), wait);
  }

  search(words: string): void {
    this.words = words;
    this.#sight = { from: 0, to: 0 };
    this.refreshSoon("typing");
  }

  /** Fetches rows that came into sight. */
  see(from: number, to: number): void {
    this.#sight = { from, to };
    if (this.total === null) return;
    for (const page of pagesOf(from, to)) void this.#fetch(page);
  }

  async #fetch(page: number): Promise<void> {
    if (this.pages.has(page) || this.#asked.has(page) || page * PAGE >= (this.total ?? 0)) return;
    this.#asked.add(page);
    const serial = this.#serial;
    try {
      const { workflows, total } = await this.#ask(page);
      if (serial !== this.#serial) return;
      this.pages = new Map([...this.pages, [page, workflows]]);
      this.total = total;
    } catch (error) {
      if (serial === this.#serial) this.failure = errorText(error);
    }
  }

  #ask(page: number): ReturnType<typeof commands.workflow_list> {
    const query = { words: this.words.trim(), offset: page * PAGE, limit: PAGE };
    return commands.workflow_list({ query });
  }
}

export const library = new Library();
