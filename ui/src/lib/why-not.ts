/** Why a picture is not shown. */
import type { AssetId } from "../bindings/AssetId";
import { mediaUrl } from "../host";

/** A sentence is not longer than this. */
const LONGEST = 400;

/** What the library says of a picture that it cannot draw; empty where it says nothing, null if it can now. */
export async function whyNot(id: AssetId, size: "large" | "thumb"): Promise<string | null> {
  try {
    const answer = await fetch(mediaUrl(`asset/${id}/${size}`));
    if (answer.ok) return null;
    return answer.status === 422 ? (await answer.text()).slice(0, LONGEST) : "";
  } catch {
    return "";
  }
}
