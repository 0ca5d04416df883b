/** How an output can be looked at. Pure. */
import { endingOf } from "../../lib/media";

/** What shows it. */
export type Medium = "picture" | "video" | "audio" | "model" | "text" | "other";

const MODELS = ["glb", "gltf", "obj", "stl", "ply", "fbx"];
const TEXTS = ["txt", "md", "json", "csv", "srt", "vtt", "log", "yaml", "yml", "xml"];

/** What shows an output: by its kind, and where the kind says nothing by the ending of its name. */
export function mediumOf(kind: string, path: string): Medium {
  switch (kind) {
    case "picture":
    case "video":
    case "audio":
    case "text":
      return kind;
    case "model":
      // Other 3D files are told by name. Without a name it is worth a try.
      return path === "" || MODELS.includes(endingOf(path)) ? "model" : "other";
  }
  const ending = endingOf(path);
  if (MODELS.includes(ending)) return "model";
  return TEXTS.includes(ending) ? "text" : "other";
}

/** Whether a 3D file is read into texts and lists before it is drawn. glTF is taken as it lies there. */
export const isReadFirst = (ending: string): boolean => /^(obj|ply|stl|fbx)$/.test(ending);

/**
 * Pictures with more pixels are shown smaller at first: decoded they take 4 bytes a pixel, and a page
 * that runs out of memory is gone.
 */
export const LARGEST_WHOLE = 120_000_000;

/** Whether a picture is shown from its file, and not from its large thumbnail. */
export const shownWhole = (w: number, h: number): boolean => w * h <= LARGEST_WHOLE;

/** Memory that a decoded picture takes. */
export const decodedBytes = (w: number, h: number): number => w * h * 4;

/** A size in pixels. */
type Size = { w: number; h: number };

/** The frame that two compared pictures are shown in: the one with more pixels sets it. */
export const frameOf = (b: Size, a: Size | null): Size =>
  a !== null && a.w * a.h > b.w * b.h ? a : b;
