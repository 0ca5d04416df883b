/** A server's state in words. */
import type { DeviceView } from "../../bindings/DeviceView";
import type { OddView } from "../../bindings/OddView";
import type { ServerFacts } from "../../bindings/ServerFacts";
import type { ServerView } from "../../bindings/ServerView";

/** The shape beside the words: never colour alone. */
export type DotShape = "" | "busy" | "re" | "off" | "err";

/**
 * The shape for a server, or for one that is none of ours any more. `busy` means that one of our jobs
 * develops there now.
 */
export function dot(server: ServerView | undefined, developing: boolean): DotShape {
  switch (server?.link) {
    case "online":
      return developing ? "busy" : "";
    case "connecting":
    case "reconnecting":
      return "re";
    case "offline":
    case undefined:
      return "off";
    case "refused":
      return "err";
  }
}

/** "Busy, 3 ahead", "Ready", "Reconnecting in 3 s". */
export function stateText(server: ServerView, developing: boolean, now: number): string {
  switch (server.link) {
    case "connecting":
      return "Connecting";
    case "reconnecting":
      return `Reconnecting${dueText(server.retry_at, now)}`;
    case "offline":
      return server.retry_at === null
        ? "Offline"
        : `Offline, next try${dueText(server.retry_at, now)}`;
    case "refused":
      return "Refused";
    case "online":
      break;
  }
  const paused = server.paused ? ", paused" : "";
  if (!developing && server.ours + server.others === 0) return server.paused ? "Paused" : "Ready";
  if (developing) {
    const waiting = Math.max(0, server.ours - 1);
    return `Busy${waiting === 0 ? "" : `, ${waiting} more of ours`}${paused}`;
  }
  if (server.others > 0) return `Busy with other jobs${paused}`;
  return `${server.ours === 1 ? "1 job waits there" : `${server.ours} jobs wait there`}${paused}`;
}

function dueText(at: number | null, now: number): string {
  if (at === null) return "";
  const seconds = Math.ceil((at - now) / 1000);
  return seconds <= 0
    ? " now"
    : seconds < 90
      ? ` in ${seconds} s`
      : ` in ${Math.round(seconds / 60)} min`;
}

/** "2 of ours, 1 of others". */
export function jobsText(server: ServerView): string {
  if (server.ours + server.others === 0) return "No jobs there";
  const ours = `${server.ours} of ours`;
  return server.others === 0 ? ours : `${ours}, ${server.others} of others`;
}

/** "ComfyUI 0.4.1, Python 3.12.3, PyTorch 2.9.0", as far as the server says it. */
export function versionText(facts: ServerFacts, practice: boolean): string {
  const parts: string[] = [];
  if (facts.version !== null)
    parts.push(`${practice ? "Practice engine" : "ComfyUI"} ${facts.version}`);
  // Servers report build details after the version: "3.12.3 (main, …)" and "2.9.0+cu128".
  if (facts.python !== null) parts.push(`Python ${facts.python.split(" ")[0] ?? ""}`);
  if (facts.pytorch !== null) parts.push(`PyTorch ${facts.pytorch.split("+")[0] ?? ""}`);
  return parts.join(", ");
}

/** The card's name without its maker and the allocator ComfyUI appends. */
export function deviceName(device: DeviceView): string {
  return device.name
    .replace(/^(cuda|mps|xpu|cpu|npu|mlu|privateuseone)(:\d+)?\s+/i, "")
    .replace(/\s*:\s*(native|cudaMallocAsync|cudamallocasync)\s*$/i, "")
    .replace(/^NVIDIA (GeForce )?/i, "")
    .trim();
}

/** "2 kinds of messages that Safelight does not know". */
export function oddText(odd: OddView[]): string {
  const kinds = odd.length === 1 ? "1 kind" : `${odd.length} kinds`;
  return `${kinds} of messages that Safelight does not know`;
}

/** Which they are, and where to find more. */
export function oddTitle(odd: OddView[]): string {
  const each = odd.map(({ kind, count }) => `${kind} (${count})`).join(", ");
  return `${each}. The first of each kind is in Safelight's log.`;
}

/** Video memory in use. */
export type Memory = { used: number; total: number; share: number; tight: boolean };

/** Video memory in use, or nothing if the device has none of its own or does not say. */
export function memory(device: DeviceView): Memory | null {
  const { vram_total: total, vram_free: free } = device;
  if (total === null || free === null || total <= 0) return null;
  const used = Math.max(0, Math.min(total, total - free));
  return { used, total, share: used / total, tight: used / total >= 0.9 };
}

/** "17.2" of gibibytes, because cards are sold that way. */
export function gigabytes(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(1);
}

/** A name to offer for an address: its host, or the port where the host is this computer. */
export function nameFor(address: string): string {
  const text = /^[a-z]+:\/\//i.test(address) ? address : `http://${address}`;
  if (!URL.canParse(text)) return "";
  const url = new URL(text);
  if (url.hostname === "127.0.0.1" || url.hostname === "localhost" || url.hostname === "[::1]") {
    return "This computer";
  }
  const [first = ""] = url.hostname.split(".");
  return /^\d+$/.test(first) ? url.hostname : first;
}

/** What becomes of outputs, under the switch of a server's form. */
export function outputsHint(stay: boolean): string {
  return stay
    ? "They are in the library where they lie, and nothing there is changed. One that is not found in this folder is copied all the same, and its job says why."
    : "They are copied to the library folder. If the server runs on this computer, they can stay in its own output folder instead.";
}

/** Whether outputs can stay in a folder that is named like this. */
export const isWholePath = (path: string): boolean => /^(\/|[a-z]:[\\/]|\\\\)/i.test(path.trim());
