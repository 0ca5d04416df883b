/**
 * Small pictures of 3D files. The engine makes none: those that its cache lacks are drawn here and handed over
 * to it, one at a time, and only when scrolling rests; those in the window come first.
 */
import type { AssetId } from "../../bindings/AssetId";
import { commands, mediaUrl } from "../../host";
import { endingOf } from "../../lib/media";
import { isReadFirst, mediumOf } from "../viewer/medium";
import type { Painter } from "../viewer/painter";
import { DRAWN_EDGE, findDrawn, keepDrawn, type Drawn } from "./model-cache";

/** Nothing is begun before all stood still for this long, in milliseconds. */
export const REST_MS = 250;
/** What is further away from the window is not drawn before it is scrolled to, in CSS pixels. */
const NEAR = 500;
/** The text of all pictures that are kept, in characters: about as many bytes. */
const KEPT_CHARS = 32 * 1024 * 1024;
/** Questions to the cache at once: what is scrolled past before its turn is not asked for. */
const ASKED = 8;
/** Files remembered, those that cannot be drawn among them. */
const KEPT = 2000;
/** Larger files are not drawn, in MB: reading one holds the page up. */
const largest = (ending: string): number => (isReadFirst(ending) ? 8 : 32);

type Wish = {
  id: AssetId;
  /** Pixels of the screen that the picture is shown on. */
  edge: number;
  /** Where it is shown: what is in the window comes first, and what is far from it is not drawn. */
  element: Element;
  /** Whether its file cannot be reached now: what was not drawn before is not drawn. */
  away: boolean;
  /** Told the picture; nothing if the file cannot be drawn. */
  tell: (drawn: Drawn | null) => void;
};

/** A picture that the cache is asked for, once for all that wait for the same. */
type Question = {
  id: AssetId;
  edge: number;
  wishes: Set<Wish>;
  /** Ends it; nothing if it was not asked yet. */
  stop: AbortController | null;
};

export class ModelPictures {
  /** The ones looked at longest ago come first. */
  readonly #kept = new Map<AssetId, Drawn | null>();
  /** What the cache is asked for; what was wanted last comes last. */
  readonly #questions = new Set<Question>();
  /** What is to be drawn. */
  readonly #wishes = new Set<Wish>();
  /** Pixels for which the cache had none: it is not asked again. */
  readonly #lacking = new Map<AssetId, number>();
  #chars = 0;
  #painter: Painter | null = null;
  /** Whether this computer draws nothing in 3D. */
  #unable = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Ends what is being fetched; nothing if nothing is drawn now. */
  #drawing: AbortController | null = null;

  /** Asks for a picture, until what this gives is called. */
  want(asked: Wish): () => void {
    // None is larger than what is drawn, however large it is shown.
    const wish = { ...asked, edge: Math.min(asked.edge, DRAWN_EDGE) };
    const kept = this.#look(wish.id);
    if (kept !== undefined) wish.tell(kept);
    if (kept === undefined || (kept !== null && kept.edge < wish.edge)) {
      if (this.#lacks(wish)) this.#begin(wish);
      else this.#ask(wish);
    }
    return () => {
      this.#wishes.delete(wish);
      for (const { wishes } of this.#questions) wishes.delete(wish);
      this.#inquire();
    };
  }

  /** Something is scrolled: nothing is begun, and what is being fetched is fetched later. */
  scrolled(): void {
    this.#drawing?.abort();
    if (this.#wishes.size > 0) this.#soon(REST_MS);
  }

  /** Whether the cache is known to have none, or too small a one. */
  #lacks({ id, edge }: Wish): boolean {
    return (this.#lacking.get(id) ?? 0) >= edge;
  }

  /** Has the cache asked, when its turn comes. */
  #ask(wish: Wish): void {
    const { id, edge } = wish;
    const same = [...this.#questions].find((other) => other.id === id && other.edge === edge);
    const question = same ?? { id, edge, wishes: new Set(), stop: null };
    question.wishes.add(wish);
    this.#questions.delete(question);
    this.#questions.add(question);
    this.#inquire();
  }

  /** Ends the questions that nobody waits for any more, and puts the next ones: what was wanted last first. */
  #inquire(): void {
    let free = ASKED;
    const next: Question[] = [];
    for (const question of this.#questions) {
      if (question.wishes.size === 0) {
        question.stop?.abort();
        this.#questions.delete(question);
      } else if (question.stop === null) next.unshift(question);
      else free -= 1;
    }
    for (const question of next.slice(0, free)) void this.#put(question);
  }

  async #put(question: Question): Promise<void> {
    const { id, edge, wishes } = question;
    const stop = new AbortController();
    question.stop = stop;
    // Without an answer nothing is known of the cache: it is asked the next time.
    const found = await findDrawn(id, edge, stop.signal).catch(() => undefined);
    // What came too late says nothing either: it may have been drawn and handed over meanwhile.
    if (stop.signal.aborted) return;
    if (found !== undefined && (found?.edge ?? 0) < edge) this.#lack(id, edge);
    const kept = this.#kept.get(id);
    // It may have been found for more pixels meanwhile.
    if (found && (kept?.edge ?? 0) < found.edge) this.#answer(id, this.#keep(id, found));
    this.#questions.delete(question);
    for (const wish of wishes) this.#begin(wish);
    this.#inquire();
  }

  #lack(id: AssetId, edge: number): void {
    this.#lacking.set(id, Math.max(edge, this.#lacking.get(id) ?? 0));
    const oldest = this.#lacking.keys().next().value;
    if (this.#lacking.size > KEPT && oldest !== undefined) this.#lacking.delete(oldest);
  }

  /** It is drawn when its turn comes, unless it cannot be drawn now. */
  #begin(wish: Wish): void {
    if (wish.away || this.#unable) return wish.tell(this.#kept.get(wish.id) ?? null);
    this.#wishes.add(wish);
    if (this.#drawing === null && this.#timer === undefined) this.#soon(REST_MS);
  }

  #soon(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#drawing === null) void this.#next();
    }, ms);
  }

  async #next(): Promise<void> {
    const wish = nearest(this.#wishes);
    if (wish === null) return this.#close();
    const stop = new AbortController();
    this.#drawing = stop;
    const drawn = await this.#draw(wish.id, stop.signal);
    this.#drawing = null;
    if (drawn !== "later") this.#answer(wish.id, drawn, DRAWN_EDGE);
    if (this.#unable) this.#refuse();
    // Between two the page does what else it has to do. What was scrolled waits already.
    if (this.#timer === undefined) this.#soon(0);
  }

  #close(): void {
    this.#painter?.close();
    this.#painter = null;
  }

  /** Tells all who wait for a file; those for whom this is enough wait no more. */
  #answer(id: AssetId, drawn: Drawn | null, edge = drawn?.edge ?? 0): void {
    const asked = [...this.#questions].map(({ wishes }) => wishes);
    for (const waiting of [...asked, this.#wishes]) {
      for (const wish of waiting) {
        if (wish.id !== id) continue;
        if (wish.edge <= edge) waiting.delete(wish);
        wish.tell(drawn);
      }
    }
    this.#inquire();
  }

  /** Nothing is drawn any more. */
  #refuse(): void {
    const wishes = [...this.#wishes];
    this.#wishes.clear();
    for (const wish of wishes) this.#begin(wish);
  }

  async #draw(id: AssetId, signal: AbortSignal): Promise<Drawn | null | "later"> {
    const small = this.#kept.get(id) ?? null;
    let read: { content: ArrayBuffer; ending: string } | null;
    try {
      read = await readFile(id, signal);
    } catch {
      // A file that is away now may be there when it is asked for the next time.
      return signal.aborted ? "later" : small;
    }
    if (read === null) return this.#fail(id);
    try {
      const { Painter } = await import("../viewer/painter");
      this.#painter ??= new Painter();
    } catch {
      this.#unable = true;
      return small;
    }
    const painter = this.#painter;
    try {
      const url = await painter.draw(read.content, read.ending, DRAWN_EDGE);
      return this.#drew(id, { url, edge: DRAWN_EDGE });
    } catch {
      if (!painter.lost) return this.#fail(id);
      this.#close();
      return small;
    }
  }

  #drew(id: AssetId, drawn: Drawn): Drawn | null {
    void keepDrawn(id, drawn).then((kept) => {
      // When it is let go of here, the cache has it.
      if (kept) this.#lacking.delete(id);
    });
    return this.#keep(id, drawn);
  }

  /** It cannot be drawn, and is not tried again. A smaller picture of it stays. */
  #fail(id: AssetId): Drawn | null {
    const small = this.#kept.get(id) ?? null;
    return this.#keep(id, small === null ? null : { ...small, edge: DRAWN_EDGE });
  }

  #look(id: AssetId): Drawn | null | undefined {
    const kept = this.#kept.get(id);
    if (kept === undefined) return undefined;
    this.#kept.delete(id);
    this.#kept.set(id, kept);
    return kept;
  }

  #keep(id: AssetId, drawn: Drawn | null): Drawn | null {
    this.#forget(id);
    this.#kept.set(id, drawn);
    this.#chars += drawn?.url.length ?? 0;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT && this.#chars <= KEPT_CHARS) break;
      this.#forget(oldest);
    }
    return drawn;
  }

  #forget(id: AssetId): void {
    this.#chars -= this.#kept.get(id)?.url.length ?? 0;
    this.#kept.delete(id);
  }
}

/** The file; nothing if it is none that can be drawn, or too large. */
async function readFile(
  id: AssetId,
  signal: AbortSignal,
): Promise<{ content: ArrayBuffer; ending: string } | null> {
  const [asset] = await commands.asset_get({ ids: [id] });
  if (asset === undefined) throw new Error("It is not in the library any more.");
  const ending = endingOf(asset.path);
  if (mediumOf("model", asset.path) !== "model") return null;
  if (asset.bytes > largest(ending) * 1024 * 1024) return null;
  signal.throwIfAborted();
  const answer = await fetch(mediaUrl(`asset/${id}/original`), { signal });
  if (!answer.ok) throw new Error("Its file is away.");
  return { content: await answer.arrayBuffer(), ending };
}

/** The wish whose place is nearest to the window; one in it before all others. Nothing if none is near. */
function nearest(wishes: Iterable<Wish>): Wish | null {
  let [found, least]: [Wish | null, number] = [null, NEAR + 1];
  for (const wish of wishes) {
    const { top, bottom } = wish.element.getBoundingClientRect();
    const away = Math.max(0, -bottom, top - window.innerHeight);
    if (away < least) [found, least] = [wish, away];
  }
  return found;
}

/** Those of the page. */
export const modelPictures = new ModelPictures();
// Whatever is scrolled in it: drawing holds the page up, and other places come near to the window.
for (const moved of ["scroll", "resize"])
  window.addEventListener(moved, () => modelPictures.scrolled(), { capture: true });
