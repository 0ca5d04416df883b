/**
 * What the gallery shows: the filter, its answer, the focused picture and the chosen ones.
 * It outlives the screen, so the viewer walks in the same order and coming back finds the same place.
 */
import type { AssetCell } from "../../bindings/AssetCell";
import type { AssetId } from "../../bindings/AssetId";
import type { AssetIndex } from "../../bindings/AssetIndex";
import type { AssetKind } from "../../bindings/AssetKind";
import type { AssetQuery } from "../../bindings/AssetQuery";
import type { NameCount } from "../../bindings/NameCount";
import { commands } from "../../host";
import { errorText } from "../../state/attempt";

/** Wait this long after a key press before asking, in milliseconds. */
const TYPING_MS = 140;
/** Wait this long after new pictures, so that a batch asks once. */
const ARRIVAL_MS = 250;

/** Where the artist was: a picture and how far its top was from the top of the window. */
export type Place = { id: AssetId; offset: number; atTop: boolean };

const NO_CELLS: readonly AssetCell[] = [];

class Gallery {
  /** Words searched for. */
  words = $state("");
  /** Only this model file. */
  model = $state<string | null>(null);
  /** Only this LoRA file. */
  lora = $state<string | null>(null);
  /** Only this kind. */
  kind = $state<AssetKind | null>(null);
  /** Oldest first. */
  oldestFirst = $state(false);
  /** The newest answer. */
  index = $state.raw<AssetIndex | null>(null);
  /** Why the last question was not answered. */
  failure = $state<string | null>(null);
  /** The picture that has the focus and that the panel describes. */
  focus = $state<AssetId | null>(null);
  /** The chosen pictures. */
  selected = $state.raw<ReadonlySet<AssetId>>(new Set());
  /** Where a range with Shift begins. */
  anchor: AssetId | null = null;
  /** Where the artist was. Not reactive: only the grid reads and writes it. */
  place: Place | null = null;

  /** The cells of the answer, in order. */
  cells = $derived<readonly AssetCell[]>(this.index?.cells ?? NO_CELLS);
  /** The place of each cell in that order. */
  positions = $derived(new Map(this.cells.map((cell, at) => [cell.id, at])));
  /** Whether anything narrows the pictures. */
  filtered = $derived(
    this.words.trim() !== "" || this.model !== null || this.lora !== null || this.kind !== null,
  );

  /** Models to choose from, with counts; the chosen one does not hide the others. */
  models = $state.raw<readonly NameCount[]>([]);
  /** LoRAs to choose from, likewise. */
  loras = $state.raw<readonly NameCount[]>([]);
  /** Outputs of each kind; absent: not known for this filter. */
  kinds = $state.raw<Partial<Record<AssetKind, number>>>({});

  #serial = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #facetsOf = { models: "", loras: "", kinds: "" };

  /** The question as the filter stands. */
  query(): AssetQuery {
    return {
      words: this.words.trim(),
      model: this.model,
      lora: this.lora,
      job_id: null,
      kind: this.kind,
      oldest_first: this.oldestFirst,
    };
  }

  /** Asks at once. An answer that arrives after a newer question is dropped. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#serial += 1;
    const serial = this.#serial;
    const query = this.query();
    try {
      const index = await commands.asset_query({ query });
      if (serial !== this.#serial) return;
      this.index = index;
      this.failure = null;
      this.#learnFacets(query, index);
      this.#keepValid();
    } catch (error) {
      if (serial === this.#serial) this.failure = errorText(error);
    }
  }

  /** Asks soon, once for many reasons. */
  refreshSoon(reason: "typing" | "arrival"): void {
    if (this.#timer !== undefined) {
      // Typing starts the wait anew; pictures that keep arriving must not put it off for ever.
      if (reason === "arrival") return;
      clearTimeout(this.#timer);
    }
    const wait = reason === "typing" ? TYPING_MS : ARRIVAL_MS;
    this.#timer = setTimeout(() => void this.refresh(), wait);
  }

  /** Takes every filter away. */
  clear(): void {
    this.words = "";
    this.model = null;
    this.lora = null;
    this.kind = null;
    void this.refresh();
  }

  /** Puts the focus on a picture. */
  focusOn(id: AssetId | null): void {
    this.focus = id;
  }

  /** The neighbour of a picture in the current order. */
  neighbour(id: AssetId, by: number): AssetId | null {
    const at = this.positions.get(id);
    return at === undefined ? null : (this.cells[at + by]?.id ?? null);
  }

  /**
   * The lists beside the pictures. An answer to a question with a model names only that model, so its
   * list is taken only from questions without one; if another part of the filter has changed since,
   * the list is what the answer says.
   */
  #learnFacets(query: AssetQuery, index: AssetIndex): void {
    const key = (without: Partial<AssetQuery>): string =>
      JSON.stringify({ ...query, oldest_first: false, ...without });
    const models = key({ model: null });
    if (query.model === null || this.#facetsOf.models !== models) {
      this.models = withChosen(index.models, query.model);
      this.#facetsOf.models = query.model === null ? models : "";
    }
    const loras = key({ lora: null });
    if (query.lora === null || this.#facetsOf.loras !== loras) {
      this.loras = withChosen(index.loras, query.lora);
      this.#facetsOf.loras = query.lora === null ? loras : "";
    }
    const kinds = key({ kind: null });
    if (query.kind === null) {
      const counts: Record<AssetKind, number> = { picture: 0, video: 0, audio: 0, other: 0 };
      for (const cell of index.cells) counts[cell.kind] += 1;
      this.kinds = counts;
      this.#facetsOf.kinds = kinds;
    } else if (this.#facetsOf.kinds !== kinds) {
      this.kinds = { [query.kind]: index.cells.length };
      this.#facetsOf.kinds = "";
    }
  }

  /** Drops focus and choice of pictures that are not among the matches any more. */
  #keepValid(): void {
    if (this.focus === null || !this.positions.has(this.focus)) {
      this.focus = this.cells[0]?.id ?? null;
    }
    const left = [...this.selected].filter((id) => this.positions.has(id));
    if (left.length !== this.selected.size) this.selected = new Set(left);
    if (this.anchor !== null && !this.positions.has(this.anchor)) this.anchor = null;
  }
}

/** The chosen name stays in its list even where nothing matches, or it could not be taken back there. */
function withChosen(names: readonly NameCount[], chosen: string | null): readonly NameCount[] {
  if (chosen === null || names.some(({ name }) => name === chosen)) return names;
  return [{ name: chosen, count: 0 }, ...names];
}

/** The one gallery. */
export const gallery = new Gallery();
