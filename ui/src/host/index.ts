/** The way to Rust. The only folder that knows Tauri. */
import { Channel, convertFileSrc, invoke } from "@tauri-apps/api/core";
import { emitTo, listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import { getCurrentWindow } from "@tauri-apps/api/window";
import type { AssetId } from "../bindings/AssetId";
import type { BatchId } from "../bindings/BatchId";
import type { IntakeReport } from "../bindings/IntakeReport";
import type { JobId } from "../bindings/JobId";
import type { StreamMessage } from "../bindings/StreamMessage";
import type { PictureIn } from "../bindings/PictureIn";
import { FILES, withEnding } from "../lib/media";
import type { Commands } from "./commands";

export type { Commands, Settings } from "./commands";

/** A point of the page, in CSS pixels. */
export type Point = { x: number; y: number };
export type FileDrop =
  | { type: "enter" | "drop"; paths: string[]; at: Point }
  | { type: "over"; at: Point }
  | { type: "leave" };
export type Place = { to: "job"; id: JobId } | { to: "queue" } | { to: "settings" };

/** What is looked at, as the second window shows it. */
export type Looked = {
  id: AssetId;
  /** An `AssetKind`. */
  kind: string;
  title: string;
  /** Its file's path if it is known; else empty. */
  path: string;
  /** Its size in pixels, or 0. */
  w: number;
  h: number;
};

/** What there is beyond commands. */
export type Host = {
  call(name: keyof Commands, input: unknown): Promise<unknown>;
  bytes(name: string, batch: BatchId, body: Uint8Array): Promise<IntakeReport>;
  /** Keeps a picture's bytes as input of workflows. */
  input(name: string, body: Uint8Array): Promise<PictureIn>;
  /**
   * Keeps a picture with a painted mask as input, as ComfyUI expects it: painted is transparent.
   * `picture` is a `PictureIn.json`; `mask` is a PNG of the same size, white where it is painted.
   */
  mask(picture: string, mask: Uint8Array): Promise<PictureIn>;
  /** Keeps what was drawn of a 3D file, a square PNG of 256 to 1,024 pixels, as its small picture. */
  drawn(id: AssetId, png: Uint8Array): Promise<null>;
  /**
   * All cells of an answer as columns, little-endian: u32 count, then u32 keys, u32 seconds since 1970,
   * u16 shapes (256 x width / height; 0: none), u16 stack counts.
   */
  columns(ticket: number): Promise<ArrayBuffer>;
  /** What is in the stack that a cell of an answer stands for, in the same form and the answer's order. */
  stack(ticket: number, key: number): Promise<ArrayBuffer>;
  stream(since: number | null, take: (message: StreamMessage) => void): Promise<void>;
  media(path: string): string;
  drops(take: (drop: FileDrop) => void): void;
  places(take: (place: Place) => void): void;
  files(): Promise<string[]>;
  folder(from: string, title: string): Promise<string | null>;
  save(name: string, title: string, kind: string, ending: string): Promise<string | null>;
  clipboard(): Promise<string>;
  copyText(text: string): Promise<void>;
  /** The picture in the clipboard as PNG; empty, if there is none. */
  clipboardPicture(): Promise<ArrayBuffer>;
  window: {
    minimise(): void;
    maximise(): void;
    close(): void;
    fullScreen(): Promise<boolean>;
    setFullScreen(on: boolean): Promise<void>;
  };
  second: {
    /** Whether this page is the second window's. */
    here(): boolean;
    /** Tells the second window what is looked at; nothing happens while there is none. */
    tell(looked: Looked | null): void;
    /** Hears that the second window asks what is looked at. */
    asked(take: () => void): void;
    /** In the second window: hears what is looked at, and asks for it. */
    hear(take: (looked: Looked | null) => void): void;
  };
};

const host: Host = {
  call: (name, input) => invoke(name, { input }),
  bytes: (name, batch, body) =>
    invoke("intake_bytes", body, {
      headers: { "x-name": encodeURIComponent(name), "x-batch-id": batch },
    }),
  input: (name, body) =>
    invoke("input_bytes", body, { headers: { "x-name": encodeURIComponent(name) } }),
  mask: (picture, mask) =>
    invoke("input_mask", mask, { headers: { "x-picture": encodeURIComponent(picture) } }),
  drawn: (id, png) => invoke("model_picture_keep", png, { headers: { "x-id": id } }),
  columns: (ticket) => invoke("library_columns", { input: { ticket } }),
  stack: (ticket, key) => invoke("library_stack", { input: { ticket, key } }),
  stream: (since, take) => {
    const channel = new Channel<StreamMessage>();
    channel.onmessage = take;
    return invoke("stream_open", { input: { since }, channel });
  },
  // `convertFileSrc` escapes slashes; ids and queries need no escape.
  media: (path) => convertFileSrc("", "media") + path,
  drops: (take) => {
    void getCurrentWebview().onDragDropEvent(({ payload }) => {
      if (payload.type === "leave") return take({ type: "leave" });
      const { x, y } = payload.position;
      const at = { x: x / devicePixelRatio, y: y / devicePixelRatio };
      if (payload.type === "over") take({ type: "over", at });
      else take({ type: payload.type, paths: payload.paths, at });
    });
  },
  places: (take) => {
    void listen<Place>("navigate", ({ payload }) => take(payload));
  },
  files: async () => {
    const chosen = await invoke<string[] | string | null>("plugin:dialog|open", {
      options: {
        multiple: true,
        title: "Choose workflows",
        filters: [
          { name: "Workflows, pictures, videos and sounds", extensions: FILES },
          { name: "All files", extensions: ["*"] },
        ],
      },
    });
    return chosen === null ? [] : [chosen].flat();
  },
  folder: (from, title) =>
    invoke("plugin:dialog|open", {
      options: { directory: true, ...(from === "" ? {} : { defaultPath: from }), title },
    }),
  save: (name, title, kind, ending) =>
    invoke("plugin:dialog|save", {
      options: { title, defaultPath: name, filters: [{ name: kind, extensions: [ending] }] },
    }),
  clipboard: () => invoke("plugin:clipboard-manager|read_text"),
  copyText: (text) => invoke("plugin:clipboard-manager|write_text", { text }),
  clipboardPicture: () => invoke("clipboard_picture"),
  window: {
    minimise: () => void getCurrentWindow().minimize(),
    maximise: () => void getCurrentWindow().toggleMaximize(),
    close: () => void getCurrentWindow().close(),
    fullScreen: () => getCurrentWindow().isFullscreen(),
    setFullScreen: (on) => getCurrentWindow().setFullscreen(on),
  },
  second: {
    here: () => getCurrentWindow().label === "second",
    tell: (looked) => void emitTo("second", "looked-at", looked),
    asked: (take) => {
      void listen("what-is-looked-at", take);
    },
    hear: (take) => {
      void listen<Looked | null>("looked-at", ({ payload }) => take(payload)).then(() =>
        emitTo("main", "what-is-looked-at"),
      );
    },
  },
};

/** The commands, by name. */
export const commands = new Proxy(
  {} as {
    [Name in keyof Commands]: (input: Commands[Name][0]) => Promise<Commands[Name][1]>;
  },
  { get: (_, name) => (input: unknown) => host.call(name as keyof Commands, input) },
);

export const mediaUrl = (path: string): string => host.media(path);
export const libraryColumns: Host["columns"] = (ticket) => host.columns(ticket);
export const libraryStack: Host["stack"] = (ticket, key) => host.stack(ticket, key);
export const openStream: Host["stream"] = (since, take) => host.stream(since, take);
export const submitBytes: Host["bytes"] = (name, batch, body) => host.bytes(name, batch, body);
export const takeInput: Host["input"] = (name, body) => host.input(name, body);
export const takeMask: Host["mask"] = (picture, mask) => host.mask(picture, mask);
export const keepModelPicture: Host["drawn"] = (id, png) => host.drawn(id, png);
export const onFileDrop: Host["drops"] = (take) => host.drops(take);
export const onNavigate: Host["places"] = (take) => host.places(take);
export const chooseFiles = (): Promise<string[]> => host.files();
/** Asks for a folder, beginning at `from` unless that is empty. */
export const chooseFolder = (from: string, title: string): Promise<string | null> =>
  host.folder(from, title);
/** Asks where to write a file; `kind` is what such files are called. What is given has their ending. */
export const chooseSave = async (
  name: string,
  title: string,
  kind: string,
  ending = "json",
): Promise<string | null> => {
  const path = await host.save(name, title, kind, ending);
  return path === null ? null : withEnding(path, ending);
};
export const readClipboard = (): Promise<string> => host.clipboard();
/**
 * Puts a text into the clipboard. The page's own way is refused where the library was asked for the text
 * first: WebKit takes what follows an answer for nothing that was clicked.
 */
export const writeClipboard = (text: string): Promise<void> => host.copyText(text);
/** The picture in the clipboard, if there is one. */
export async function readClipboardPicture(): Promise<File | null> {
  const png = await host.clipboardPicture();
  return png.byteLength === 0 ? null : new File([png], "pasted.png", { type: "image/png" });
}
export const windowControls = {
  minimise: (): void => host.window.minimise(),
  maximise: (): void => host.window.maximise(),
  close: (): void => host.window.close(),
  fullScreen: (): Promise<boolean> => host.window.fullScreen(),
  setFullScreen: (on: boolean): Promise<void> => host.window.setFullScreen(on),
};
export const secondWindow: Host["second"] = {
  here: () => host.second.here(),
  tell: (looked) => host.second.tell(looked),
  asked: (take) => host.second.asked(take),
  hear: (take) => host.second.hear(take),
};
