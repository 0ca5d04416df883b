/** What preview nodes made beside a run's outputs: how it is told apart, and what becomes of it. Pure. */
import type { AssetDetail } from "../../bindings/AssetDetail";
import type { LibraryCell } from "../../bindings/LibraryCell";

/** The search that shows them; without it the gallery leaves out those that nobody marked. */
export const PREVIEWS = "is:preview";

/** Whether a cell is one. */
export const isPreview = ({ preview }: LibraryCell): boolean => preview;

/** What becomes of one. What the artist marked or put somewhere stays. */
export function previewText(
  { rating, favourite, flag, binned }: LibraryCell,
  { tags, collections }: Pick<AssetDetail, "tags" | "collections">,
): string {
  const made = "Made on the way by a preview node.";
  if (binned) return made;
  const put = tags.length > 0 || collections.some((one) => !one.saved_search);
  return rating > 0 || favourite || flag === 1 || put
    ? `${made} It stays, because you marked or collected it.`
    : `${made} It goes to the bin after 30 days unless you rate, tag or collect it.`;
}

/** Outputs, and beside them what preview nodes made: a picture of before may stand among either. */
export function apart<T extends { preview: boolean }>(
  assets: readonly T[],
): { outputs: readonly T[]; previews: readonly T[] } {
  return {
    outputs: assets.filter(({ preview }) => !preview),
    previews: assets.filter(({ preview }) => preview),
  };
}
