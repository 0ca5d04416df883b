/** Numbers as people read them. */

/** A running time: 0:41, 4:10, 1:02:03. */
export function clock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60];
  const two = (n: number): string => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/**
 * How long something took: 0.4 s, 31 s, 5 min 48 s, 1 h 12 min. Rounded to the last unit that is shown, and
 * no unit is shown with nothing in it.
 */
export function took(ms: number): string {
  const s = Math.max(0, ms) / 1000;
  if (s < 9.95) return `${s.toFixed(1)} s`;
  const whole = Math.round(s);
  if (whole < 60) return `${whole} s`;
  const two = (n: number, large: string, small: string): string =>
    `${Math.floor(n / 60)} ${large}${n % 60 === 0 ? "" : ` ${n % 60} ${small}`}`;
  return whole < 3600 ? two(whole, "min", "s") : two(Math.round(s / 60), "h", "min");
}

/** A size: 1 byte, 999 bytes, 3.4 MB, 212 GB. */
export function bytes(n: number): string {
  if (n === 1) return "1 byte";
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let at = 0;
  // What would be rounded to 1000 is 1 of the next.
  while (n >= 999.5 && at < units.length - 1) {
    n /= 1000;
    at += 1;
  }
  return `${at === 0 || n >= 100 ? Math.round(n) : Number(n.toFixed(1))} ${units[at]}`;
}

export const time = (ms: number): string =>
  new Date(ms).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

export const size = (w: number | null, h: number | null): string =>
  w === null || h === null ? "" : `${w}×${h}`;

export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

/** A number where there is room for three digits, never more than it is: 999, 3k, 12k, 1M. */
export function brief(n: number): string {
  if (n < 1000) return String(n);
  return n < 1_000_000 ? `${Math.floor(n / 1000)}k` : `${Math.floor(n / 1_000_000)}M`;
}

/** A model's file name without folder and ending. */
export const model = (file: string): string =>
  file.replace(/^.*[\\/]/, "").replace(/\.(safetensors|ckpt|gguf|pth?|sft|bin)$/i, "");
