/**
 * The text of the search field as chips and a draft. A token with a key that is finished is a chip; words
 * and the token that is being typed are the draft. Which of them are understood, the library says.
 */
import type { QueryPart } from "../../bindings/QueryPart";

/** What stands in the field. The text is the chips, then the draft, with spaces between. */
export type Parts = { readonly chips: readonly string[]; readonly draft: string };

/** A token's place in the text. */
export type Token = { text: string; from: number; to: number };

/** Straight and typographic quotes, and what a backslash in them takes as it is. */
const QUOTE = /["\u201c\u201d\u201e]/;
const ESCAPED = /["\u201c\u201d\u201e\\]/;
const KEYED =
  /^-?(?:[\p{L}_][\p{L}\p{N}_-]*|(?:"[^"]*"|[^\s:=<>]+)\.(?:"[^"]*"|[^\s:=<>]+))(?:>=|<=|[:=<>\u2264\u2265])/u;

/** What stands between some signs that are not in quotes. */
function between(text: string, ends: RegExp): Token[] {
  const found: Token[] = [];
  let from = -1;
  let quoted = false;
  for (let at = 0; at <= text.length; at += 1) {
    const sign = text[at];
    if (sign === undefined || (ends.test(sign) && !quoted)) {
      if (from >= 0) found.push({ text: text.slice(from, at), from, to: at });
      from = -1;
      continue;
    }
    if (from < 0) from = at;
    // In quotes a backslash takes the next quote as it is.
    if (quoted && sign === "\\" && ESCAPED.test(text[at + 1] ?? "")) at += 1;
    else if (QUOTE.test(sign)) quoted = !quoted;
  }
  return found;
}

/** The tokens of a text: what stands between spaces that are not in quotes. */
export const tokens = (text: string): Token[] => between(text, /\s/);

/** Whether a token has a key: `model:flux`, `KSampler.steps>30`. */
export const isKeyed = (token: string): boolean => KEYED.test(token);

/** Whether something stands behind a token's key. */
const isFinished = (token: string): boolean => token.replace(KEYED, "") !== "";

/**
 * Makes chips of the finished tokens in a text. While typing, a token at the very end is left alone: the
 * artist may still be writing it.
 */
export function split(text: string, typing = false): Parts {
  const all = tokens(text);
  const chips: string[] = [];
  let draft = "";
  let read = 0;
  for (const token of all) {
    const atEnd = token.to === text.length;
    if (!isKeyed(token.text) || !isFinished(token.text) || (typing && atEnd)) continue;
    chips.push(token.text);
    draft += text.slice(read, token.from);
    read = token.to;
  }
  draft += text.slice(read);
  // While typing, a space at the end stays: it is where the next word begins.
  const single = draft.replace(/\s+/g, " ").trimStart();
  return { chips, draft: typing ? single : single.trimEnd() };
}

/** The whole text. */
export const joined = ({ chips, draft }: Parts): string =>
  [...chips, draft.trim()].filter((part) => part !== "").join(" ");

/** Where the draft begins in the whole text. */
export const draftFrom = ({ chips }: Pick<Parts, "chips">): number =>
  chips.reduce((sum, chip) => sum + chip.length + 1, 0);

/** Takes in what was typed into the draft: tokens that were finished by a space become chips. */
export function typed(parts: Parts, draft: string): Parts {
  const now = split(draft, true);
  return { chips: [...parts.chips, ...now.chips], draft: now.draft };
}

/** Another text in place of a chip; an empty one takes it away. Text of several tokens is split. */
export function withChip(parts: Parts, at: number, text: string): Parts {
  const now = split(text);
  const words = [parts.draft, now.draft].filter((part) => part !== "").join(" ");
  return {
    chips: [...parts.chips.slice(0, at), ...now.chips, ...parts.chips.slice(at + 1)],
    draft: words,
  };
}

/** A chip as it is drawn: what it is about, and its value without quotes. */
export function chipText(chip: string): { key: string; value: string } {
  const key = KEYED.exec(chip)?.[0] ?? "";
  const value = chip.slice(key.length);
  const inner = /^"([^"]*)"$/.exec(value)?.[1];
  return { key, value: inner ?? value };
}

/** The output that a chip is about by its number, such as that of `like:7`. */
export function chipOutput(chip: string): number | null {
  const number = /^-?(?:like|same-prompt):(\d{1,9})$/.exec(chip)?.[1];
  return number === undefined ? null : Number(number);
}

/** What the library says about each chip and the draft, if it speaks of this very text. */
export function problems(
  parts: Parts,
  told: readonly QueryPart[],
): { chips: (string | null)[]; draft: string | null } {
  let from = 0;
  const chips = parts.chips.map((chip) => {
    const to = from + chip.length;
    const found = told.find((part) => part.problem !== null && part.from < to && part.to > from);
    from = to + 1;
    return found?.problem ?? null;
  });
  const start = draftFrom(parts);
  // What is right so far and still being typed is no problem yet.
  const draft = told.find(
    (part) => part.problem !== null && !part.unfinished && part.from >= start,
  );
  return { chips, draft: draft?.problem ?? null };
}

/** A value as the library writes it: in quotes where it needs them. */
const written = (value: string): string =>
  value === "" || /^["\u201c\u201d\u201e:=<>\u2264\u2265]|[\s,]/.test(value)
    ? `"${value.replace(/["\u201c\u201d\u201e\\]/g, "\\$&")}"`
    : value;

/** The token for a name and no other that contains it, as the library writes it: `tag="for print"`. */
export const tokenOf = (key: string, name: string): string => `${key}=${written(name)}`;

/** What a value means: without quotes. */
const meant = (value: string): string =>
  value.replace(
    /^["\u201c\u201d\u201e]((?:\\["\u201c\u201d\u201e\\]|[^"\u201c\u201d\u201e])*)["\u201c\u201d\u201e]?/,
    (_, inner: string) => inner.replace(/\\(["\u201c\u201d\u201e\\])/g, "$1"),
  );

/** A text in which a tag or a collection has another name, wherever it stands as a whole. */
export function renamed(text: string, key: string, name: string, to: string): string {
  let done = "";
  let read = 0;
  for (const token of tokens(text)) {
    const head = KEYED.exec(token.text)?.[0] ?? "";
    if (!/[:=]$/.test(head) || head.replace(/^-|[:=]$/g, "").toLowerCase() !== key) continue;
    for (const value of between(token.text.slice(head.length), /,/)) {
      // Each value of a list may have a sign of its own.
      const own = /^[:=]?/.exec(value.text)?.[0] ?? "";
      if (meant(value.text.slice(own.length)).toLowerCase() !== name.toLowerCase()) continue;
      const begin = token.from + head.length;
      done += text.slice(read, begin + value.from) + own + written(to);
      read = begin + value.to;
    }
  }
  return done + text.slice(read);
}

/** Whether a text has a token. */
export const hasToken = (text: string, token: string): boolean =>
  tokens(text).some((one) => one.text.toLowerCase() === token.toLowerCase());

/** The text with a token, or without it if it has it. */
export function toggled(text: string, token: string): string {
  const rest = tokens(text).map((one) => one.text);
  const without = rest.filter((one) => one.toLowerCase() !== token.toLowerCase());
  return (without.length < rest.length ? without : [...rest, token]).join(" ");
}
