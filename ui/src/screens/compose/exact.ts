/**
 * Numbers as texts. A seed may be larger than a number of JavaScript holds, and a float keeps its own
 * digits, so nothing here is ever a JavaScript number. Pure.
 */

/** A decimal number: `digits` × 10^-`scale`. */
export type Decimal = { digits: bigint; scale: number };

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;
/** More digits behind the point than any knob has. */
const FINEST = 60;
/** Longer texts are no numbers that anybody typed. */
const LONGEST = 400;
/** A range of more values is refused here: nobody reads them, and the engine counts them itself. */
export const MOST_VALUES = 1000;

/** What a text means as a number; nothing, if it is none. */
export function decimal(text: string): Decimal | null {
  const trimmed = text.trim();
  const found = trimmed.length > LONGEST ? null : NUMBER.exec(trimmed);
  if (found === null) return null;
  const [, sign = "", whole = "", part = "", power = "0"] = found;
  if (whole === "" && part === "") return null;
  let scale = part.length - Number(power);
  let digits = BigInt(whole + part || "0");
  if (scale > FINEST) return null;
  if (scale < 0) {
    digits *= 10n ** BigInt(-scale);
    scale = 0;
  }
  return { digits: sign === "-" ? -digits : digits, scale };
}

/** Both with as many digits behind the point as the finer one. */
function level(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  const up = ({ digits, scale: own }: Decimal): bigint => digits * 10n ** BigInt(scale - own);
  return [up(a), up(b), scale];
}

export function compare(a: Decimal, b: Decimal): number {
  const [x, y] = level(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

export function add(a: Decimal, b: Decimal): Decimal {
  const [x, y, scale] = level(a, b);
  return { digits: x + y, scale };
}

export const times = (a: Decimal, n: bigint): Decimal => ({ ...a, digits: a.digits * n });

/** How a number is written, with exactly as many digits behind the point as it has. */
export function write({ digits, scale }: Decimal): string {
  const minus = digits < 0n ? "-" : "";
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, "0");
  if (scale === 0) return minus + text;
  return `${minus}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

/** Without zeros at the end behind the point, but with one digit there if `point`. */
export function tidy(number: Decimal, point = false): string {
  let { digits, scale } = number;
  while (scale > (point ? 1 : 0) && digits % 10n === 0n) {
    digits /= 10n;
    scale -= 1;
  }
  if (point && scale === 0) return `${write({ digits, scale })}.0`;
  return write({ digits, scale });
}

export type Bounds = { min: string | null; max: string | null; step: string | null };

const bound = (text: string | null): Decimal | null => (text === null ? null : decimal(text));

/** What is wrong with a typed number; nothing, if it may stand. */
export function numberFault(text: string, whole: boolean, { min, max }: Bounds): string | null {
  const value = decimal(text);
  if (value === null) return text.trim() === "" ? "A number is needed here." : "This is no number.";
  if (whole && value.digits % 10n ** BigInt(value.scale) !== 0n)
    return "Only whole numbers go in here.";
  const [low, high] = [bound(min), bound(max)];
  if (low !== null && compare(value, low) < 0) return `The least is ${shortNumber(min ?? "")}.`;
  if (high !== null && compare(value, high) > 0) return `The most is ${shortNumber(max ?? "")}.`;
  return null;
}

/** The JSON text of a typed number. Its digits stay as typed, where JSON takes them so. */
export function numberJson(text: string, whole: boolean): string | null {
  const value = decimal(text);
  if (value === null) return null;
  if (whole) {
    const one = 10n ** BigInt(value.scale);
    return value.digits % one === 0n ? (value.digits / one).toString() : null;
  }
  const trimmed = text.trim();
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(trimmed) ? trimmed : write(value);
}

/** One step up or down, kept within the bounds. */
export function stepped(text: string, by: bigint, whole: boolean, bounds: Bounds): string {
  const value = decimal(text) ?? bound(bounds.min) ?? { digits: 0n, scale: 0 };
  const least = whole ? { digits: 1n, scale: 0 } : { digits: 1n, scale: 1 };
  const given = bound(bounds.step);
  const step = given === null || given.digits <= 0n ? least : given;
  return tidy(clamp(add(value, times(step, by)), bounds));
}

function clamp(value: Decimal, { min, max }: Bounds): Decimal {
  const [low, high] = [bound(min), bound(max)];
  if (low !== null && compare(value, low) < 0) return low;
  if (high !== null && compare(value, high) > 0) return high;
  return value;
}

/** Bounds that end at what is usual, unless they end before it, or the value is beyond it. */
export function reaching(bounds: Bounds, usual: string | null, json: string): Bounds {
  const [most, high, value] = [bound(usual), bound(bounds.max), decimal(json)];
  if (most === null || value === null || compare(value, most) > 0) return bounds;
  return high !== null && compare(high, most) <= 0 ? bounds : { ...bounds, max: usual };
}

/** As fine as a slider can be set by hand. */
const MOST_STOPS = 2000n;

/**
 * The stops of a slider: how many there are, where the value stands (0 to `count`), and the value at a
 * stop. Nothing, where a slider makes no sense: no bounds, or too many stops to aim at.
 */
export function slider(
  text: string,
  whole: boolean,
  bounds: Bounds,
): { count: number; at: number; value: (stop: number) => string } | null {
  const [low, high] = [bound(bounds.min), bound(bounds.max)];
  if (low === null || high === null || compare(low, high) >= 0) return null;
  const given = bound(bounds.step);
  const usual = whole ? { digits: 1n, scale: 0 } : { digits: 1n, scale: 2 };
  let step = given === null || given.digits <= 0n ? usual : given;
  // Some nodes have steps so fine that nobody could aim at one of them.
  if (!whole && compare(step, { digits: 1n, scale: 2 }) < 0 && stops(low, high, step) > MOST_STOPS)
    step = usual;
  const all = stops(low, high, step);
  if (all > MOST_STOPS || all < 1n) return null;
  const value = clamp(decimal(text) ?? low, bounds);
  return {
    count: Number(all),
    at: Number(stops(low, value, step)),
    value: (stop) => tidy(clamp(add(low, times(step, BigInt(Math.round(stop)))), bounds)),
  };
}

function stops(low: Decimal, high: Decimal, step: Decimal): bigint {
  const [from, to] = level(low, high);
  const [range, one] = level({ digits: to - from, scale: Math.max(low.scale, high.scale) }, step);
  return one === 0n ? 0n : range / one;
}

/** A random whole number of the given bounds; `bytes` are eight random bytes. */
export function randomSeed(bytes: Uint8Array, { min, max }: Bounds): string {
  const low = wholeOf(min) ?? 0n;
  const high = wholeOf(max) ?? 0xffff_ffff_ffff_ffffn;
  let drawn = 0n;
  for (const byte of bytes.slice(0, 8)) drawn = (drawn << 8n) | BigInt(byte);
  const from = low < 0n ? 0n : low;
  return high <= from ? from.toString() : (from + (drawn % (high - from + 1n))).toString();
}

function wholeOf(text: string | null): bigint | null {
  const value = bound(text);
  return value === null ? null : value.digits / 10n ** BigInt(value.scale);
}

/** A number for a label: 18446744073709551615 stays, 0.30000 becomes 0.3. */
export function shortNumber(text: string): string {
  const value = decimal(text);
  return value === null || text.length > LONGEST ? text : tidy(value);
}

const RANGE = /^\s*(\S+?)\s*\.\.\s*(\S+?)(?:\s+step\s+(\S+))?\s*$/i;

/**
 * The values that a text means: numbers between commas, and ranges such as `0.25..1 step 0.25` or
 * `5..8`. Nothing, if it means none, or more than a person would look at.
 */
export function rangeValues(text: string): string[] | null {
  const found: string[] = [];
  for (const part of text.split(",").filter((one) => one.trim() !== "")) {
    const range = RANGE.exec(part);
    if (range === null) {
      const one = decimal(part);
      if (one === null) return null;
      found.push(tidy(one));
    } else {
      const [from, to] = [decimal(range[1] ?? ""), decimal(range[2] ?? "")];
      const size = range[3] === undefined ? { digits: 1n, scale: 0 } : decimal(range[3]);
      if (from === null || to === null || size === null || size.digits === 0n) return null;
      const up = compare(from, to) <= 0;
      const width = { ...size, digits: size.digits < 0n ? -size.digits : size.digits };
      const count = up ? stops(from, to, width) : stops(to, from, width);
      if (count + BigInt(found.length) >= BigInt(MOST_VALUES)) return null;
      for (let at = 0n; at <= count; at += 1n)
        found.push(tidy(add(from, times(width, up ? at : -at))));
    }
  }
  return found.length === 0 || found.length > MOST_VALUES ? null : found;
}

export const isRange = (text: string): boolean => text.includes("..");

/** The shape of a size: 896 and 1152 are 7:9. */
export function ratio(width: string, height: string): string | null {
  const [w, h] = [wholeOf(width), wholeOf(height)];
  if (w === null || h === null || w <= 0n || h <= 0n) return null;
  let [a, b] = [w, h];
  while (b > 0n) [a, b] = [b, a % b];
  return `${w / a}:${h / a}`;
}

/**
 * Width and height of another shape with about as many pixels, both multiples of `unit`. Sizes are
 * small whole numbers: these may be JavaScript's.
 */
export function reshaped(
  width: string,
  height: string,
  shape: readonly [number, number],
  unit: number,
): { width: string; height: string } | null {
  const area = Number(width) * Number(height);
  if (!Number.isFinite(area) || area <= 0 || area > 1e12) return null;
  const exact = Math.sqrt((area * shape[0]) / shape[1]);
  const round = (n: number): string => String(Math.max(unit, Math.round(n / unit) * unit));
  return { width: round(exact), height: round((exact * shape[1]) / shape[0]) };
}
