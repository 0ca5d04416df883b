/** Pictures asked for lately, so that walking back and forth does not ask again. */
import type { AssetId } from "../../bindings/AssetId";
import type { AssetView } from "../../bindings/AssetView";

/** Pictures remembered. */
export const KEPT = 200;

const known = new Map<AssetId, AssetView>();

/** Keeps a picture; the one kept longest goes. */
export function remember(view: AssetView): void {
  known.delete(view.id);
  known.set(view.id, view);
  const oldest = known.keys().next().value;
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
}

/** A picture if it is remembered. */
export function recall(id: AssetId): AssetView | undefined {
  return known.get(id);
}
