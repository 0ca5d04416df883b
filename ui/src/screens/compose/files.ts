/** Files on their way into knobs. */
import type { AssetId } from "../../bindings/AssetId";
import type { FileKind } from "../../bindings/FileKind";
import type { KnobView } from "../../bindings/KnobView";
import type { PictureIn } from "../../bindings/PictureIn";
import { commands, takeInput } from "../../host";
import { attempt, tellFailure } from "../../state/attempt";
import { toasts } from "../../state/toasts.svelte";
import type { Composing } from "./composing.svelte";

/** What the dialog for a file offers. */
export const ACCEPTS: Record<FileKind, string> = {
  picture: "image/*",
  mask: "image/*",
  video: "video/*",
  audio: "audio/*",
  model3d: ".glb,.gltf,.obj,.fbx,.stl,.ply",
};

export const WHAT: Record<FileKind, string> = {
  picture: "picture",
  mask: "mask",
  video: "video",
  audio: "sound",
  model3d: "3D model",
};

/** Which outputs of the gallery go in; nothing, where none of them can. */
export const FROM_GALLERY: Record<FileKind, "picture" | "video" | "audio" | null> = {
  picture: "picture",
  mask: "picture",
  video: "video",
  audio: "audio",
  model3d: null,
};

/** The kept form of a chosen or pasted file; a refusal is told. */
export async function keepFile(file: File): Promise<PictureIn | null> {
  try {
    return await takeInput(
      file.name || "Pasted picture.png",
      new Uint8Array(await file.arrayBuffer()),
    );
  } catch (error) {
    tellFailure(error);
    return null;
  }
}

export async function keepFiles(files: readonly File[]): Promise<PictureIn[]> {
  const kept: PictureIn[] = [];
  for (const file of files) {
    const one = await keepFile(file);
    if (one !== null) kept.push(one);
  }
  return kept;
}

/** The kept forms of dropped files and of what is in dropped folders. */
export async function keepPaths(paths: readonly string[]): Promise<PictureIn[]> {
  let taken: PictureIn[] = [];
  await attempt(
    commands.input_take_all({ paths: [...paths] }).then((answer) => {
      taken = answer.taken;
      if (answer.left_out.length > 0)
        toasts.add({
          tone: "warn",
          title: `${answer.left_out.length} left out`,
          text: answer.left_out.slice(0, 3).join(" "),
        });
    }),
  );
  return taken;
}

export async function takeFile(c: Composing, knob: KnobView, file: File): Promise<void> {
  const picture = await keepFile(file);
  if (picture !== null) c.take(knob, picture);
}

export async function takePath(c: Composing, knob: KnobView, path: string): Promise<void> {
  await attempt(commands.input_take({ path }).then((picture) => c.take(knob, picture)));
}

export async function takeAsset(c: Composing, knob: KnobView, id: AssetId): Promise<void> {
  await attempt(commands.input_take_asset({ id }).then((picture) => c.take(knob, picture)));
}
