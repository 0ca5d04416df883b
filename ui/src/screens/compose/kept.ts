/** The drafts that were open last, as they were left: with what can be taken back, their files and masks. */
import type { DraftId } from "../../bindings/DraftId";
import { Composing } from "./composing.svelte";
import { viewOf } from "./open";

/** As many as one goes back and forth between. */
const MOST = 4;

/** The one that was left longest ago first. */
const kept = new Map<DraftId, Composing>();

/** A draft to show: as it was left, unless it was changed elsewhere. */
export async function composing(id: DraftId): Promise<Composing> {
  const left = kept.get(id);
  // Read before that, it would seem to have been changed elsewhere.
  await left?.saver.flush();
  const view = await viewOf(id);
  const c = left?.resume(view) ? left : new Composing(view);
  kept.delete(id);
  kept.set(id, c);
  for (const old of [...kept.keys()].slice(0, -MOST)) kept.delete(old);
  return c;
}

/** The draft was removed: brought back, it begins anew. */
export function forget(id: DraftId): void {
  kept.delete(id);
}
