/** Texts as pictures: their first lines, asked for once. */
import { mediaUrl } from "../host";

/** As much as a tile can show, in bytes. */
const MOST = 600;
/** Beginnings remembered. */
const KEPT = 300;
const known = new Map<string, Promise<string | null>>();

/** How a text begins; nothing if it cannot be read, which is tried anew the next time. */
export function beginningOf(id: string): Promise<string | null> {
  const kept = known.get(id);
  if (kept !== undefined) return kept;
  const asked = ask(id).catch(() => {
    known.delete(id);
    return null;
  });
  known.set(id, asked);
  const oldest = known.keys().next().value;
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  return asked;
}

async function ask(id: string): Promise<string> {
  const headers = { Range: `bytes=0-${MOST - 1}` };
  const answer = await fetch(mediaUrl(`asset/${id}/original`), { headers });
  // An empty file has no first byte.
  if (answer.status === 416) return "";
  if (!answer.ok) throw new Error(answer.statusText);
  const bytes = (await answer.arrayBuffer()).slice(0, MOST);
  // As of a stream that goes on: a character that is cut at the end is left out.
  return new TextDecoder().decode(bytes, { stream: true });
}
