/** Times in words. */
import { dayLabel, dayStart } from "./days";

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
