/** Learns how long a frame of a video lasts, by playing its beginning unseen. */
import { Frames } from "./frames";

/** Longer is not waited, in milliseconds. */
const MOST_MS = 2500;

/** The length of a frame in seconds; nothing if the web view does not tell. */
export async function frameLength(url: string): Promise<number | null> {
  if (typeof HTMLVideoElement.prototype.requestVideoFrameCallback !== "function") return null;
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.setAttribute("aria-hidden", "true");
  // It must be in the page to be played.
  Object.assign(video.style, {
    position: "fixed",
    width: "1px",
    height: "1px",
    opacity: "0",
    pointerEvents: "none",
  });
  const frames = new Frames();
  document.body.append(video);
  try {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, MOST_MS);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const see = (_now: number, { mediaTime }: VideoFrameCallbackMetadata): void => {
        frames.see(mediaTime);
        if (frames.enough) done();
        else video.requestVideoFrameCallback(see);
      };
      video.requestVideoFrameCallback(see);
      video.onended = done;
      video.onerror = done;
      video.src = url;
      video.play().catch(done);
    });
  } finally {
    video.pause();
    video.removeAttribute("src");
    video.load();
    video.remove();
  }
  return frames.length;
}
