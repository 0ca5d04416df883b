/** The search field: words, and tokens that narrow to one model or LoRA. */

/** What stands in the search field. */
export type Search = {
  /** The words, tokens taken out. */
  words: string;
  /** The model a `model:` token names. */
  model: string | null;
  /** The LoRA a `lora:` token names. */
  lora: string | null;
};

const TOKEN = /(?:^|\s)(model|lora):("[^"]*"|\S+)(?=\s|$)/gi;

/**
 * Takes finished tokens out of a text. The last one counts if a kind is given twice.
 * With `typing`, a token at the very end is left alone: the artist may still be writing it.
 */
export function parseSearch(text: string, typing = false): Search {
  const search: Search = { words: "", model: null, lora: null };
  const words = text.replace(TOKEN, (whole, kind: string, value: string, offset: number) => {
    const quoted = value.startsWith('"');
    if (typing && !quoted && offset + whole.length === text.length) return whole;
    const name = quoted ? value.slice(1, -1) : value;
    if (name === "") return " ";
    search[kind.toLowerCase() === "model" ? "model" : "lora"] = name;
    return " ";
  });
  // While typing, a space at the end stays: it is where the next word begins.
  const single = words.replace(/\s+/g, " ");
  search.words = typing ? single.trimStart() : single.trim();
  return search;
}

/** The file name for what was typed: the same, the same without its ending, or the first that holds it. */
export function resolveName(typed: string, names: readonly string[]): string {
  const wanted = typed.toLowerCase();
  const bare = (name: string): string => shortName(name).toLowerCase();
  return (
    names.find((name) => name.toLowerCase() === wanted) ??
    names.find((name) => bare(name) === wanted) ??
    names.find((name) => name.toLowerCase().includes(wanted)) ??
    typed
  );
}

/** A model's file name as people say it: without folders and ending. */
export function shortName(file: string): string {
  const name = file.split(/[\\/]/).at(-1) ?? file;
  return name.replace(/\.(safetensors|sft|ckpt|pt|pth|bin|gguf)$/i, "");
}
