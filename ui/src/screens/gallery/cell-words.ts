/** What a cell is called, for eyes and for screen readers. */
import type { AssetKind } from "../../bindings/AssetKind";
import type { LibraryCell } from "../../bindings/LibraryCell";
import { clock, count } from "../../lib/format";
import type { IconName } from "../../lib/icons";
import { isPreview } from "./previews";

/** What one of each kind is called, and its icon. */
const KINDS: Record<string, { one: string; many: string; icon: IconName }> = {
  picture: { one: "Picture", many: "Pictures", icon: "image" },
  video: { one: "Video", many: "Videos", icon: "film" },
  audio: { one: "Sound", many: "Audio", icon: "audio-lines" },
  model: { one: "3D model", many: "3D", icon: "box" },
  text: { one: "Text", many: "Text", icon: "file-text" },
  other: { one: "File", many: "Other files", icon: "file-json" },
};
const OTHER = { one: "File", many: "Other files", icon: "file-json" as IconName };

/** What a kind of output is called. */
export const kindOf = (kind: AssetKind | string): { one: string; many: string; icon: IconName } =>
  KINDS[kind] ?? OTHER;

/** Whether something of this kind is drawn as a picture. */
export const isShaped = (kind: AssetKind): boolean => kind === "picture" || kind === "video";

/** Whether it is a picture that moves: the others have no length. */
export const isAnimated = ({ kind, duration_ms }: LibraryCell): boolean =>
  kind === "picture" && duration_ms !== null && duration_ms > 0;

/** How many of these there are, in one word for all: "2 videos", or "3 outputs" where kinds are mixed. */
export function countOfKinds(n: number, kinds: Iterable<AssetKind>): string {
  const [kind, other] = new Set(kinds);
  if (kind === undefined || other !== undefined) return count(n, "output");
  const { one } = kindOf(kind);
  return count(n, one.startsWith("3D") ? one : one.toLowerCase());
}

/** Made once: a formatter of its own for each cell took most of the time of a scrolled row. */
const MADE = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** What a screen reader says of a cell. `stack` is as the columns have it. */
export function cellLabel(
  cell: LibraryCell,
  stack: number,
  selected: boolean,
  preview = isPreview(cell),
): string {
  return [
    `${kindOf(cell.kind).one} ${cell.title}`,
    MADE.format(cell.at),
    stack > 1 ? `stack of ${stack}, closed` : stack === 0 ? "in an open stack" : null,
    cell.duration_ms === null ? null : clock(cell.duration_ms),
    cell.rating > 0 ? count(cell.rating, "star") : null,
    cell.favourite ? "favourite" : null,
    cell.flag === 1 ? "picked" : cell.flag === -1 ? "rejected" : null,
    preview ? "preview" : null,
    cell.practice ? "practice" : null,
    cell.away ? "away" : null,
    cell.binned ? "in the bin" : null,
    selected ? "selected" : null,
  ]
    .filter((part) => part !== null)
    .join(", ");
}
