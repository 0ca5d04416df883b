/** Pictures, videos and sounds, by the names of their files and by what the engine calls them. Pure. */

export type Medium = "picture" | "video" | "sound";

const ENDINGS: Record<Medium, readonly string[]> = {
  picture: ["png", "apng", "jpg", "jpeg", "webp", "avif", "gif", "bmp", "tif", "tiff"],
  video: ["mp4", "m4v", "mov", "webm", "mkv", "avi", "mpg", "mpeg", "wmv"],
  sound: ["flac", "ogg", "opus", "mp3", "wav", "m4a", "aac", "aif", "aiff"],
};

/** As `media::Container::name` has them. */
const CONTAINERS: Readonly<Record<string, Medium>> = {
  PNG: "picture",
  "animated PNG": "picture",
  WebP: "picture",
  JPEG: "picture",
  AVIF: "picture",
  GIF: "picture",
  FLAC: "sound",
  Ogg: "sound",
  Opus: "sound",
  MP3: "sound",
  MP4: "video",
  QuickTime: "video",
  WebM: "video",
  Matroska: "video",
};

/** The ending of a file's name, in small letters; empty if it has none. */
export const endingOf = (name: string): string =>
  /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";

/** The endings among which the engine chooses how it writes a picture. */
const WRITTEN: readonly string[] = ["png", "jpg", "jpeg", "webp"];

/**
 * A path to write to, with the ending that such files have: dialogs of some systems give back what was
 * typed. Of pictures another ending is kept, for it says how they are written; one of a picture that cannot
 * be written is replaced, or the file would be called `x.gif.png`.
 */
export function withEnding(path: string, ending: string): string {
  const has = endingOf(path);
  const kept = WRITTEN.includes(ending) ? WRITTEN : [ending];
  if (kept.includes(has)) return path;
  const wrong = kept === WRITTEN && mediumOfName(path) === "picture" ? has.length + 1 : 0;
  return `${path.slice(0, path.length - wrong).replace(/\.+$/, "")}.${ending}`;
}

/** What a file of this name is. */
export function mediumOfName(name: string): Medium | null {
  const ending = endingOf(name);
  const kinds: Medium[] = ["picture", "video", "sound"];
  return kinds.find((kind) => ENDINGS[kind].includes(ending)) ?? null;
}

/** What a file is, by the kind the engine found it to be. */
export const mediumOf = (container: string): Medium | null => CONTAINERS[container] ?? null;

/** The endings that the dialog for files names. */
export const FILES = [
  ["json"],
  ["png", "apng", "webp", "jpg", "jpeg", "avif", "gif", "svg"],
  ["mp4", "mov", "webm", "mkv"],
  ["flac", "ogg", "opus", "mp3"],
  ["glb", "latent", "safetensors"],
].flat();
