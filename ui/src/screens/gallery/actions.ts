import type { AssetId } from "../../bindings/AssetId";
import { commands } from "../../host";
export function errorText(error: unknown): string { return String(error); }
export async function attempt(work: Promise<unknown>): Promise<boolean> { try { await work; return true; } catch { return false; } }
export async function rerun(ids: readonly AssetId[]): Promise<void> { for (const id of ids) await commands.asset_rerun({ id, batch_id: crypto.randomUUID() }); }
export async function reveal(id: AssetId): Promise<void> { await attempt(commands.asset_reveal({ id })); }
