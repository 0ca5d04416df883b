/** Small pictures of 3D files in the library's cache: they were drawn by a page, now or in an earlier session. */
import type { AssetId } from "../../bindings/AssetId";
import { keepModelPicture, mediaUrl } from "../../host";

/** Pixels an edge of what is drawn: the largest that is shown. The cache makes a small one of it, too. */
export const DRAWN_EDGE = 512;
/** Pixels an edge of the cache's small size. */
export const SMALL_EDGE = 256;

/** A picture of a 3D file. */
export type Drawn = {
  /** The address of the image. */
  url: string;
  /** Pixels that it is enough for: its width and height, or more where no larger one can be drawn. */
  edge: number;
};

/**
 * What the cache has for so many pixels; a smaller one where only that is there, and nothing where none is.
 * Throws where it does not say: then there may be one.
 */
export async function findDrawn(
  id: AssetId,
  edge: number,
  signal: AbortSignal,
): Promise<Drawn | null> {
  const large = edge > SMALL_EDGE ? await read(id, "large", DRAWN_EDGE, signal) : null;
  return large ?? (await read(id, "thumb", SMALL_EDGE, signal));
}

async function read(
  id: AssetId,
  size: "thumb" | "large",
  edge: number,
  signal: AbortSignal,
): Promise<Drawn | null> {
  const answer = await fetch(mediaUrl(`asset/${id}/${size}`), { signal });
  // Where there is none the answer is empty.
  if (answer.status === 204) return null;
  if (answer.status !== 200) throw new Error(`The cache does not answer (${answer.status}).`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  const type = answer.headers.get("content-type") ?? "image/png";
  return { url: `data:${type};base64,${btoa(text)}`, edge };
}

/** Hands over what was drawn. Answers whether it is kept; where it is not, it is drawn anew another time. */
export async function keepDrawn(id: AssetId, { url }: Drawn): Promise<boolean> {
  try {
    const text = atob(url.slice(url.indexOf(",") + 1));
    await keepModelPicture(
      id,
      Uint8Array.from(text, (char) => char.charCodeAt(0)),
    );
    return true;
  } catch {
    return false;
  }
}
