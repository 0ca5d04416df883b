/** Sizes and times in words. */
import { dayLabel, dayStart } from "./days";

/** "3.4 MB". */
export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? "B"}`;
}

/** "0.4 s", "31 s", "1 min 31 s". */
export { span as duration } from "../job/words";

/** "Today 14:02", "Yesterday 23:18", "21 Nov 2026, 23:18". */
export function madeAt(at: number, now = Date.now()): string {
  const label = dayLabel(dayStart(at), now);
  const time = new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (label === "Today" || label === "Yesterday") return `${label} ${time}`;
  const date = new Date(at).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
  });
  return `${date}, ${time}`;
}
