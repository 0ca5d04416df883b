/**
 * JSON read as text: every value keeps its letters, because a seed may be larger than a number of
 * JavaScript holds and a float has its own digits. Pure.
 */

export type Json =
  /** A text, a number, true, false or null, as it is written. */
  | { kind: "value"; raw: string }
  | { kind: "list"; items: readonly Json[] }
  | { kind: "object"; entries: readonly Entry[] };

/** `key` is what the name means, `raw` how it is written. */
export type Entry = { key: string; raw: string; value: Json };

export type Fault = { line: number; column: number; why: string };
export type Read = { ok: true; value: Json } | ({ ok: false } & Fault);

/** As deep as the engine reads. */
const DEEPEST = 100;
/** Lists of plain values up to this length stay in one line: links are two of them. */
const ONE_LINE = 80;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

class Stop extends Error {
  constructor(
    readonly at: number,
    readonly why: string,
  ) {
    super(why);
  }
}

export function read(text: string): Read {
  const reader = new Reader(text);
  try {
    return { ok: true, value: reader.whole() };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const before = text.slice(0, error.at).split("\n");
    return {
      ok: false,
      line: before.length,
      column: (before.at(-1) ?? "").length + 1,
      why: error.why,
    };
  }
}

class Reader {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Json {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw new Stop(this.#at, "nothing more is expected here");
    return value;
  }

  #value(depth: number): Json {
    this.#space();
    if (depth > DEEPEST)
      throw new Stop(this.#at, `this is nested more than ${DEEPEST} levels deep`);
    const next = this.#text[this.#at];
    if (next === "{") return { kind: "object", entries: this.#object(depth) };
    if (next === "[") return { kind: "list", items: this.#list(depth) };
    if (next === '"') return { kind: "value", raw: this.#string() };
    const raw = this.#match(WORD) ?? this.#match(NUMBER);
    if (raw === null || raw === "") throw new Stop(this.#at, "a value is expected here");
    return { kind: "value", raw };
  }

  #object(depth: number): Entry[] {
    const entries: Entry[] = [];
    this.#at += 1;
    if (this.#takes("}")) return entries;
    do {
      this.#space();
      if (this.#text[this.#at] !== '"')
        throw new Stop(this.#at, "a name in quotes is expected here");
      const raw = this.#string();
      if (!this.#takes(":")) throw new Stop(this.#at, "a colon is expected here");
      entries.push({ key: JSON.parse(raw) as string, raw, value: this.#value(depth + 1) });
    } while (this.#takes(","));
    if (!this.#takes("}")) throw new Stop(this.#at, "a comma or } is expected here");
    return entries;
  }

  #list(depth: number): Json[] {
    const items: Json[] = [];
    this.#at += 1;
    if (this.#takes("]")) return items;
    do items.push(this.#value(depth + 1));
    while (this.#takes(","));
    if (!this.#takes("]")) throw new Stop(this.#at, "a comma or ] is expected here");
    return items;
  }

  #string(): string {
    const from = this.#at;
    const text = this.#text;
    for (let at = from + 1; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 0x5c) at += 1;
      else if (code < 0x20) throw new Stop(from, "this text has no closing quote in its line");
      else if (code === 0x22) {
        const raw = text.slice(from, at + 1);
        try {
          JSON.parse(raw);
        } catch {
          throw new Stop(from, "this text has a \\ with nothing it could mean after it");
        }
        this.#at = at + 1;
        return raw;
      }
    }
    throw new Stop(from, "this text has no closing quote");
  }

  #takes(mark: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== mark) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    this.#match(SPACE);
  }

  #match(what: RegExp): string | null {
    what.lastIndex = this.#at;
    const found = what.exec(this.#text)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }
}

/** The same JSON in lines. Only the space between values changes. */
export function print(json: Json, indent = ""): string {
  if (json.kind === "value") return json.raw;
  const deeper = `${indent}  `;
  if (json.kind === "list") {
    const short = `[${json.items.map((item) => (item.kind === "value" ? item.raw : "")).join(", ")}]`;
    if (json.items.every(({ kind }) => kind === "value") && short.length <= ONE_LINE) return short;
    return `[\n${json.items.map((item) => deeper + print(item, deeper)).join(",\n")}\n${indent}]`;
  }
  if (json.entries.length === 0) return "{}";
  const lines = json.entries.map(({ raw, value }) => `${deeper}${raw}: ${print(value, deeper)}`);
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

/** A text laid out in lines; one that is no JSON stays as it is. */
export function laidOut(text: string): string {
  const found = read(text);
  return found.ok ? print(found.value) : text;
}

/** The value of a name in an object. Of two with one name the later counts, as in ComfyUI. */
export function member(json: Json | undefined, key: string): Json | undefined {
  if (json?.kind !== "object") return undefined;
  return json.entries.findLast((entry) => entry.key === key)?.value;
}

/** What a text says, if it is a text. */
export function textOf(json: Json | undefined): string | null {
  if (json?.kind !== "value" || !json.raw.startsWith('"')) return null;
  return JSON.parse(json.raw) as string;
}

/** Whether two mean the same. Numbers do only in the same letters; the order of names means nothing. */
export function same(a: Json, b: Json): boolean {
  if (a.kind === "value" && b.kind === "value")
    return a.raw === b.raw || (a.raw.startsWith('"') && textOf(a) === textOf(b));
  if (a.kind === "list" && b.kind === "list")
    return (
      a.items.length === b.items.length &&
      a.items.every((item, at) => {
        const other = b.items[at];
        return other !== undefined && same(item, other);
      })
    );
  if (a.kind !== "object" || b.kind !== "object") return false;
  const [mine, theirs] = [byKey(a.entries), byKey(b.entries)];
  return (
    mine.size === theirs.size &&
    [...mine].every(([key, value]) => {
      const other = theirs.get(key);
      return other !== undefined && same(value, other);
    })
  );
}

/** Values by their names. */
export const byKey = (entries: readonly Entry[]): Map<string, Json> =>
  new Map(entries.map(({ key, value }) => [key, value]));
