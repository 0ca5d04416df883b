/**
 * What the gallery shows: the question, its answer, the focused picture and the chosen ones.
 * It outlives the screen, so the viewer walks in the same order and coming back finds the same place.
 *
 * For other screens: pictures are named by their key (a number); `cell(key)` has the id and the marks once
 * they are known, `want(keys)` asks for them, `keyOf(id)` finds the key. The order is `columns.keys`;
 * `position(key)` and `neighbour(key, by)` walk it. `focus` and `selected` are keys. `ensure()` asks the
 * library if nothing did yet.
 */
import type { AssetId } from "../../bindings/AssetId";
import type { LibraryAnswer } from "../../bindings/LibraryAnswer";
import type { LibraryCell } from "../../bindings/LibraryCell";
import type { LibraryQuery } from "../../bindings/LibraryQuery";
import type { LibrarySort } from "../../bindings/LibrarySort";
import { commands, libraryColumns, libraryStack } from "../../host";
import { errorText, tellFailure } from "../../state/attempt";
import { CellCache } from "./cell-cache";
import {
  arrivedOnTop,
  type Columns,
  decode,
  NONE,
  ofCells,
  positionOf,
  sameColumns,
  survivor,
  withOpened,
} from "./columns";
import { KeySet } from "./key-set";
import { StillReading } from "./still-reading";
import { actedOn, closedStacks, expanded, follow, lookedAt } from "./selection";

/** Wait this long after a key press before asking, in milliseconds. */
const TYPING_MS = 60;
/** The cells of a larger answer come when nothing else was asked for `REST_MS`: nobody looks beyond the
 * first ones of a word that is half typed, a million cells are megabytes, and the pictures in sight come
 * before them. */
const LARGE = 20_000;
const REST_MS = 250;
/** Wait this long after a change of the library, so that a batch asks once. */
const ARRIVAL_MS = 250;

const NOBODY = Promise.resolve(KeySet.EMPTY);

/** Where the artist was: a picture and how far its top was from the top of the window. */
export type Place = { key: number; offset: number; atTop: boolean };

class Gallery {
  /** Words and tokens, as typed. */
  text = $state("");
  sort = $state<LibrarySort>("newest");
  /** Whether what was made together is one cell. */
  stacks = $state(true);
  /** The newest answer. */
  answer = $state.raw<LibraryAnswer | null>(null);
  /** The text that was answered. */
  answered = $state("");
  /** Why the last question was not answered. */
  failure = $state<string | null>(null);
  /** Whether all cells are there, and not only the first. */
  whole = $state(false);
  /** The picture that has the focus. */
  focus = $state<number | null>(null);
  /** Outputs that came on top while the artist looked elsewhere: they are said, and nothing moves. */
  news = $state(0);
  /** What is in the stacks that are open, by the key of the cell that stands for each. */
  opened = $state.raw<ReadonlyMap<number, Columns>>(new Map());
  /** Where a range with Shift begins. */
  anchor: number | null = null;
  /** Where the artist was. Not reactive: only the grid reads and writes it. */
  place: Place | null = null;

  #selected = $state.raw(KeySet.EMPTY);
  /**
   * Of the chosen those that are chosen by themselves: each is one output, also where its cell stands for a
   * closed stack. Without this, what is chosen would be another thing with other cells on the screen.
   */
  #alone = $state.raw(KeySet.EMPTY);
  #columns = $state.raw(NONE);
  #known = $state(0);
  /** The cells in order, with opened stacks. */
  readonly columns = $derived<Columns>(withOpened(this.#columns, this.opened));
  /** Whether anything narrows the pictures. */
  readonly filtered = $derived(this.text.trim() !== "");

  readonly #cache = new CellCache();
  #seed = 1;
  #serial = 0;
  #shown: LibraryQuery | null = null;
  /** Whether the last question is asked once more, because its cells did not come. */
  #again = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What leaves the choice with the cells of their stacks, once it is known. */
  #leaving: Promise<KeySet> = NOBODY;

  /** The chosen pictures. One goes along with the focus; several stay, also when they match no more. */
  get selected(): KeySet {
    return this.#selected;
  }
  set selected(selected: KeySet) {
    this.#selected = selected;
    this.#alone = this.#alone.and(selected);
  }

  /** The question as it stands. */
  query(): LibraryQuery {
    return { text: this.text, sort: this.sort, seed: this.#seed, stacks: this.stacks };
  }

  /** Asks at once. An answer that arrives after a newer question is dropped. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#serial += 1;
    const serial = this.#serial;
    const query = this.query();
    const { revision } = this.#cache;
    try {
      const answer = await commands.library_query({ query });
      if (serial !== this.#serial) return;
      this.#learn(answer.first, revision);
      // The first cells are painted at once, unless the same question is shown already.
      const complete = answer.first.length >= answer.cells;
      const asked = !sameQuestion(this.#shown, query);
      if (complete || asked) {
        const first = ofCells(answer.first);
        if (!(await this.#settle(serial, asked ? NONE : first))) return;
        this.#show(answer, query, first, complete);
        if (complete) return;
      }
      const atTop = this.place === null || this.place.atTop;
      if (asked && atTop && answer.cells > LARGE) {
        await new Promise((resolve) => setTimeout(resolve, REST_MS));
        // Something else is asked meanwhile.
        if (serial !== this.#serial || this.#timer !== undefined) return;
      }
      const columns = decode(await libraryColumns(answer.ticket));
      if (await this.#settle(serial, columns)) this.#show(answer, query, columns, true);
    } catch (error) {
      if (serial !== this.#serial) return;
      // Between an answer and its cells the index may be read anew, when a disk goes or comes.
      if (this.#again || !mayAgain(error)) this.failure = errorText(error);
      else {
        this.#again = true;
        this.refreshSoon("arrival");
      }
    }
  }

  /** Asks if nothing was asked yet. */
  async ensure(): Promise<void> {
    if (this.answer === null && this.#serial === 0) await this.refresh();
  }

  /** Asks soon, once for many reasons. */
  refreshSoon(reason: "typing" | "arrival"): void {
    if (reason === "arrival") this.#cache.outdate();
    if (this.#timer !== undefined) {
      // Typing starts the wait anew; pictures that keep arriving must not put it off for ever.
      if (reason === "arrival") return;
      clearTimeout(this.#timer);
    }
    const wait = reason === "typing" ? TYPING_MS : ARRIVAL_MS;
    this.#timer = setTimeout(() => void this.refresh(), wait);
  }

  /** Asks with another text, from the top. */
  search(text: string, when: "now" | "typing" = "now"): void {
    if (text === this.text) return;
    this.text = text;
    this.place = null;
    if (when === "typing") this.refreshSoon("typing");
    else void this.refresh();
  }

  /** Another order; by chance a new one each time. */
  order(sort: LibrarySort): void {
    if (sort === "random") this.#seed = (this.#seed + 1) >>> 0;
    this.sort = sort;
    this.place = null;
    void this.refresh();
  }

  /** Shows what was made together as one, or each for itself. */
  stack(on: boolean): void {
    this.stacks = on;
    void this.refresh();
  }

  /** Opens a stack in place. */
  async open(key: number): Promise<void> {
    const { answer } = this;
    if (answer === null || this.opened.has(key)) return;
    const inside = decode(await this.#about(answer, (ticket) => libraryStack(ticket, key)));
    this.opened = new Map(this.opened).set(key, inside);
    // What was chosen as a whole stays so.
    const { selected } = this;
    if (selected.size > 1 && selected.has(key) && !this.#alone.has(key))
      this.selected = selected.with(inside.keys);
  }

  /** Closes the stack that shows a cell, and gives the cell that stands for it. */
  close(key: number): number | null {
    for (const [top, inside] of this.opened) {
      if (top !== key && !inside.keys.includes(key)) continue;
      const opened = new Map(this.opened);
      opened.delete(top);
      this.opened = opened;
      // Those chosen of it stay so, and no others.
      if (this.selected.size > 1)
        this.#alone = this.#alone.with(KeySet.of(inside.keys).and(this.selected).toArray());
      return top;
    }
    return null;
  }

  /** A cell, as far as it is known. */
  cell(key: number): LibraryCell | undefined {
    // Read for its effect: what reads a cell is told when more is known.
    void this.#known;
    return this.#cache.get(key);
  }

  /** Asks for what is not known of these cells. */
  want(keys: Iterable<number>): void {
    const { revision } = this.#cache;
    for (const page of this.#cache.wanted(keys)) {
      commands.library_cells({ keys: page }).then(
        (cells) => this.#learn(cells, revision),
        () => this.#cache.failed(page),
      );
    }
  }

  /** The key of an output. */
  async keyOf(id: AssetId): Promise<number> {
    return this.#cache.byId(id)?.key ?? (await commands.asset_key({ id }));
  }

  /** Puts the focus on a picture. A choice of exactly one goes along, unless the choice `stays`. */
  focusOn(key: number | null, choice: "follows" | "stays" = "follows"): void {
    this.focus = key;
    if (choice === "stays") return;
    const selected = follow(this.selected, key);
    if (selected === this.selected) return;
    this.selected = selected;
    this.anchor = null;
  }

  /** Where a picture stands in the order, from 0; -1 if it is not there. */
  position(key: number | null): number {
    return positionOf(this.columns, key);
  }

  /** Outputs that the cell of a picture stands for; 0: it is part of an open stack. */
  stackOf(key: number): number {
    return this.columns.stacks[this.position(key)] ?? 1;
  }

  /** The neighbour of a picture in the order. */
  neighbour(key: number, by: number): number | null {
    const at = this.position(key);
    return at < 0 ? null : (this.columns.keys[at + by] ?? null);
  }

  /** What keys and the palette act on. */
  get chosen(): KeySet {
    return actedOn(this.selected, this.focus).all;
  }

  /** The one of these that is acted on where it can only be one. */
  get leader(): number | null {
    return actedOn(this.selected, this.focus).one;
  }

  /** The one that the panel describes. */
  get looked(): number | null {
    return lookedAt(this.selected, this.focus);
  }

  /** Chooses nothing. */
  clearSelection(): void {
    this.selected = KeySet.EMPTY;
    this.anchor = null;
  }

  /** Opens a stack and chooses all that is in it. */
  async selectStack(key: number): Promise<void> {
    await this.open(key);
    const inside = this.opened.get(key);
    this.selected = KeySet.of([key, ...(inside?.keys ?? [])]);
  }

  /**
   * Chooses as a press or a frame on the `named` cells does. A closed stack is chosen as a whole or not at
   * all: what was chosen of it by itself goes.
   */
  choose(selected: KeySet, named: Iterable<number>): void {
    const cells = KeySet.of(named);
    this.selected = selected;
    this.#alone = this.#alone.without(cells.toArray());
    const tops = this.#alone.size === 0 ? [] : [...this.#closed(cells).keys()];
    if (tops.length === 0) return;
    const leaving = Promise.all([this.#leaving, this.#within(tops)]).then(([gone, within]) => {
      const others = KeySet.of(within).without(tops).toArray();
      this.selected = this.selected.without(others);
      return gone.with(others);
    });
    this.#leaving = leaving;
    leaving
      .catch((error: unknown) => {
        // Nothing that seems not to be chosen is marked by the next key.
        this.clearSelection();
        tellFailure(error);
      })
      .finally(() => {
        if (this.#leaving === leaving) this.#leaving = NOBODY;
      });
  }

  /** Those of some cells that stand for a closed stack, with how many outputs are in it. */
  #closed(keys: KeySet): ReadonlyMap<number, number> {
    return closedStacks(this.columns, keys, this.#alone);
  }

  /** What is in stacks of the answer that is shown, one behind the other. */
  async #within(tops: readonly number[]): Promise<readonly number[]> {
    const { answer } = this;
    const query = this.#shown;
    if (answer === null || query === null || tops.length === 0) return [];
    const ask = (ticket: number): Promise<number[]> =>
      commands.library_members({ ticket, keys: [...tops] });
    // Where that answer is not kept any more, the same is asked anew; what is shown stays.
    return ask(answer.ticket).catch(async () =>
      ask((await commands.library_query({ query })).ticket),
    );
  }

  get #goesAlong(): boolean {
    return this.focus !== null && this.selected.has(this.focus);
  }

  /**
   * Before other cells are shown: what is in chosen stacks is chosen by itself, but for those that are
   * closed stacks among the `next` cells, too. Gives whether nothing newer was asked meanwhile.
   */
  async #settle(serial: number, next: Columns): Promise<boolean> {
    // A choice of one goes along with the focus, unless that is elsewhere.
    while (serial === this.#serial && this.selected.size > (this.#goesAlong ? 1 : 0)) {
      await this.#leaving;
      const { selected } = this;
      const tops = this.#closed(selected);
      const stay = closedStacks(next, KeySet.of(tops.keys()));
      const within = await this.#within([...tops.keys()].filter((key) => !stay.has(key)));
      // Chosen otherwise meanwhile, the others are looked for.
      if (selected !== this.selected || serial !== this.#serial) continue;
      if (within.length > 0) this.selected = selected.with(within);
      this.#alone = this.selected.without(stay.keys());
      return true;
    }
    return serial === this.#serial;
  }

  /** How many outputs cells stand for: of a closed stack all that is in it. */
  outputsOf(keys: KeySet): number {
    let outputs = keys.size;
    for (const stack of this.#closed(keys).values()) outputs += stack - 1;
    return outputs;
  }

  /** Keys in the order on the screen; those that are not listed come last. */
  inOrder(keys: Iterable<number>): number[] {
    const rest = new Set(keys);
    const listed: number[] = [];
    for (const key of this.columns.keys) {
      if (rest.size === 0) break;
      if (rest.delete(key)) listed.push(key);
    }
    return [...listed, ...rest];
  }

  /** The keys of all outputs that cells stand for, in the order on the screen, stacks opened in place. */
  async members(keys: readonly number[]): Promise<readonly number[]> {
    const stacks = new Set(this.#closed(KeySet.of(keys)).keys());
    const asking = this.#within([...stacks]);
    const [within, gone] = await Promise.all([asking, this.#leaving]);
    const cells = this.inOrder(keys.filter((key) => !gone.has(key)));
    return stacks.size === 0 ? cells : expanded(cells, stacks, within);
  }

  /** Asks something about an answer, and once more about what is shown then if the library changed since. */
  async #about<T>(answer: LibraryAnswer, ask: (ticket: number) => Promise<T>): Promise<T> {
    return ask(answer.ticket).catch(async () => {
      await this.refresh();
      return ask(this.answer?.ticket ?? answer.ticket);
    });
  }

  /** All that match, also within stacks. */
  async all(): Promise<KeySet> {
    const query = { ...this.query(), stacks: false };
    if (this.whole && this.answer?.whole === true && sameQuestion(this.#shown, query))
      return KeySet.of(this.columns.keys);
    const { ticket, whole } = await commands.library_query({ query });
    if (!whole) throw new StillReading();
    return KeySet.of(decode(await libraryColumns(ticket)).keys);
  }

  /** Chooses all that match, also within stacks. */
  async selectAll(): Promise<void> {
    const all = await this.all();
    await this.#leaving;
    this.selected = all;
    this.#alone = all;
  }

  /** Shows a mark at once, before the library has told it. */
  showMark(keys: readonly number[], change: (cell: LibraryCell) => LibraryCell): void {
    this.#cache.change(keys, change);
    this.#known += 1;
  }

  #learn(cells: readonly LibraryCell[], revision: number): void {
    this.#cache.put(cells, revision);
    this.#known += 1;
  }

  #show(answer: LibraryAnswer, query: LibraryQuery, columns: Columns, whole: boolean): void {
    const before = this.columns;
    const same = sameQuestion(this.#shown, query);
    this.#shown = query;
    this.answer = answer;
    this.answered = query.text;
    this.failure = null;
    this.#again = !whole && this.#again;
    this.whole = whole;
    if (!same || query.sort !== "newest") this.news = 0;
    else if (whole) this.news += arrivedOnTop(this.#columns, columns);
    if (!sameColumns(this.#columns, columns)) this.#columns = columns;
    if (!same) this.opened = new Map();
    // A focus beyond the first cells is kept until all are there.
    if (whole) this.#keepFocus(before, same);
    else this.focus ??= columns.keys[0] ?? null;
    if (whole) for (const key of this.opened.keys()) void this.#reopen(key, answer.ticket);
  }

  /** What is in an opened stack may have changed with the answer. */
  async #reopen(key: number, ticket: number): Promise<void> {
    const inside = await libraryStack(ticket, key).then(decode, () => NONE);
    if (this.answer?.ticket !== ticket || !this.opened.has(key)) return;
    const opened = new Map(this.opened);
    if (inside.count > 1) opened.set(key, inside);
    else opened.delete(key);
    this.opened = opened;
  }

  /** The focus and the place go to what is nearest, if their picture is not there any more. */
  #keepFocus(before: Columns, same: boolean): void {
    const now = this.columns;
    const first = now.keys[0] ?? null;
    const near = (key: number): number | null => {
      const found = same ? survivor(before, now, key) : now.keys.includes(key) ? key : -1;
      return found < 0 ? first : found;
    };
    const had = this.focus;
    this.focus = had === null ? first : near(had);
    // A choice of one that went with the focus ends: nothing out of sight is marked by the next key.
    if (had !== this.focus && had !== null && this.selected.size === 1 && this.selected.has(had))
      this.clearSelection();
    if (this.place !== null) {
      const key = near(this.place.key);
      this.place = key === null ? null : { ...this.place, key };
    }
  }
}

/** Whether the library says of an error that asking once more may do. */
const mayAgain = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "retry" in error && error.retry === true;

function sameQuestion(a: LibraryQuery | null, b: LibraryQuery): boolean {
  return (
    a !== null &&
    a.text === b.text &&
    a.sort === b.sort &&
    a.seed === b.seed &&
    a.stacks === b.stacks
  );
}

/** The one gallery. */
export const gallery = new Gallery();
