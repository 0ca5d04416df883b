/** Links in what is pasted or dropped. Pure. */

/** Longer than any address worth fetching. */
const LONGEST = 4000;

/** The one link to the web that a text is; nothing, if it is anything else. */
export function linkIn(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST || /\s/.test(trimmed) || !/^https?:\/\//i.test(trimmed)) return null;
  try {
    const url = new URL(trimmed);
    return url.hostname === "" ? null : url.href;
  } catch {
    return null;
  }
}

/** The first link to the web in a list as browsers drag it: one a line, with comments. */
export function linkInList(list: string): string | null {
  for (const line of list.split(/\r?\n/)) {
    const link = line.startsWith("#") ? null : linkIn(line);
    if (link !== null) return link;
  }
  return null;
}

/** The place a link leads to, and the file there: "example.org", "a.json". */
export function linkParts(link: string): { host: string; file: string } {
  const url = new URL(link);
  const last = url.pathname.split("/").filter(Boolean).at(-1) ?? "";
  try {
    return { host: url.host, file: decodeURIComponent(last) };
  } catch {
    return { host: url.host, file: last };
  }
}

/** The paths of a text that is nothing but addresses of files, as file managers copy them. */
export function filesIn(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const paths = lines.map((line) => pathOf(line.trim()));
  return paths.every((path) => path !== null) ? paths : [];
}

function pathOf(address: string): string | null {
  if (!/^file:\/\/(localhost)?\//i.test(address)) return null;
  try {
    const path = decodeURIComponent(address.replace(/^file:\/\/(localhost)?/i, ""));
    // On Windows a drive follows the slash.
    return /^\/[a-z]:\//i.test(path) ? path.slice(1) : path;
  } catch {
    return null;
  }
}
