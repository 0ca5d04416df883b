/** What can be done about an output none of whose files can be reached. */
import type { FilePlace } from "../../bindings/FilePlace";
import type { RootView } from "../../bindings/RootView";
import { folderName } from "../settings/folders";

/** A file that cannot be reached: `away` where its disk is not there, `missing` where it was taken away. */
export type Missing = { state: "away" | "missing"; path: string; root: RootView | null };

/** The folder of the library in which a file lies: of folders in each other, the inner one. */
export function rootOf(path: string, roots: readonly RootView[]): RootView | null {
  const within = (root: RootView): boolean => {
    const folder = root.path.replace(/[\\/]+$/, "");
    return path.startsWith(folder) && /^[\\/]/.test(path.slice(folder.length));
  };
  return roots.filter(within).sort((a, b) => b.path.length - a.path.length)[0] ?? null;
}

/** The file to speak about; nothing as long as one can be reached. One that is away may come back. */
export function missingOf(
  places: readonly FilePlace[],
  roots: readonly RootView[],
): Missing | null {
  if (places.some(({ state }) => state === "here")) return null;
  const place = places.find(({ state }) => state === "away") ?? places[0];
  if (place === undefined || place.state === "here") return null;
  return { state: place.state, path: place.path, root: rootOf(place.path, roots) };
}

/** What is the matter, in a sentence. */
export function missingText({ state, root }: Missing): string {
  const folder = root === null ? "its folder" : folderName(root.path);
  return state === "away"
    ? `The disk or network drive with ${folder} is not there.`
    : "The file was moved or deleted.";
}
