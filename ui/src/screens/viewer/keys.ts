/** What a key press in the viewer stands for. Pure. */

export type Act =
  | "close"
  | "next"
  | "previous"
  | "first"
  | "last"
  | "fit"
  | "in"
  | "out"
  | "left"
  | "right"
  | "up"
  | "down"
  | "well"
  | "info"
  | "rerun"
  | "reseed"
  | "remix"
  | "nodes"
  | "compare"
  | "other"
  | "gain"
  | "favourite"
  | "pick"
  | "tags"
  | "bin"
  | "copy"
  | "reveal"
  | "export"
  | "slideshow"
  | "full"
  | "second"
  | "play"
  | "frame"
  | "frame-before"
  | "loop"
  | "sound"
  | "menu"
  | { stars: number };

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

const PLAIN: Readonly<Record<string, Act>> = {
  Escape: "close",
  ArrowRight: "next",
  "]": "next",
  ArrowLeft: "previous",
  "[": "previous",
  Home: "first",
  End: "last",
  z: "fit",
  "+": "in",
  "=": "in",
  "-": "out",
  b: "well",
  i: "info",
  r: "rerun",
  m: "remix",
  v: "nodes",
  c: "compare",
  x: "other",
  d: "gain",
  f: "favourite",
  w: "pick",
  t: "tags",
  Delete: "bin",
  // The Delete key of a Mac is called so.
  Backspace: "bin",
  s: "slideshow",
  F11: "full",
  " ": "play",
  ".": "frame",
  ",": "frame-before",
  l: "loop",
  u: "sound",
  o: "second",
  ContextMenu: "menu",
};

const SHIFTED: Readonly<Record<string, Act>> = {
  ArrowRight: "right",
  ArrowLeft: "left",
  ArrowUp: "up",
  ArrowDown: "down",
  F10: "menu",
  r: "reseed",
};

/** The act of a key; nothing if the viewer has none for it. */
export function actOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Press): Act | null {
  const low = key.length === 1 ? key.toLowerCase() : key;
  if (altKey) return null;
  if (ctrlKey || metaKey) {
    if (low === "c" && !shiftKey) return "copy";
    if (low === "e") return shiftKey ? "export" : "reveal";
    return null;
  }
  if (shiftKey && Object.hasOwn(SHIFTED, low)) return SHIFTED[low] ?? null;
  if (/^[0-5]$/.test(low)) return { stars: Number(low) };
  return Object.hasOwn(PLAIN, low) ? (PLAIN[low] ?? null) : null;
}
