/** Zoom and pan of one picture on a stage. All lengths are CSS pixels. */

/** A width and a height. */
export type Size = { w: number; h: number };

/** A place. */
export type Point = { x: number; y: number };

/** How a picture lies on the stage. */
export type View = {
  /** CSS pixels per pixel of the picture. */
  scale: number;
  /** The picture's middle, seen from the middle of the stage. */
  x: number;
  y: number;
};

/** Space kept free around a picture that is fitted. */
export const MARGIN = 12;
/** Pixels of a picture are shown at most this large. */
const SCALE_MAX = 32;

/** The scale at which the whole picture fits on the stage. Small pictures are enlarged at most 4 times. */
export function fitScale(picture: Size, stage: Size): number {
  if (picture.w <= 0 || picture.h <= 0) return 1;
  const scale = Math.min((stage.w - 2 * MARGIN) / picture.w, (stage.h - 2 * MARGIN) / picture.h);
  return Math.max(0.01, Math.min(4, scale));
}

/** The whole picture in the middle. */
export function fitted(picture: Size, stage: Size): View {
  return { scale: fitScale(picture, stage), x: 0, y: 0 };
}

/** Keeps the scale in range and the picture on the stage. */
export function settle(view: View, picture: Size, stage: Size): View {
  const least = Math.min(fitScale(picture, stage), 0.1);
  const scale = Math.min(SCALE_MAX, Math.max(least, view.scale));
  return {
    scale,
    x: settleAxis(view.x, picture.w * scale, stage.w),
    y: settleAxis(view.y, picture.h * scale, stage.h),
  };
}

/** A picture that fits stays in the middle; a larger one may move until its edge meets the margin. */
function settleAxis(offset: number, length: number, stage: number): number {
  const reach = (length - stage) / 2 + MARGIN;
  if (reach <= MARGIN) return 0;
  return Math.min(reach, Math.max(-reach, offset));
}

/** Zooms so that the spot under `at` (seen from the middle of the stage) stays under it. */
export function zoomAt(view: View, scale: number, at: Point, picture: Size, stage: Size): View {
  const least = Math.min(fitScale(picture, stage), 0.1);
  const next = Math.min(SCALE_MAX, Math.max(least, scale));
  const ratio = next / view.scale;
  return settle(
    { scale: next, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio },
    picture,
    stage,
  );
}

/** The scale after one turn of the wheel. Trackpads send many small turns, mice few large ones. */
export function wheelScale(scale: number, deltaY: number, deltaMode: number): number {
  const pixels = deltaMode === 1 ? deltaY * 16 : deltaMode === 2 ? deltaY * 400 : deltaY;
  return scale * Math.exp(-Math.min(240, Math.max(-240, pixels)) * 0.0022);
}

/** Whether the view is the fitted one, but for rounding. */
export function isFitted(view: View, picture: Size, stage: Size): boolean {
  const scale = fitScale(picture, stage);
  return Math.abs(view.scale - scale) < scale * 0.002;
}

/** Where something lies in a frame that it is whole and in the middle of. */
export function containedIn(of: Size, frame: Size): Point & Size {
  const scale = Math.min(frame.w / of.w, frame.h / of.h);
  const [w, h] = [of.w * scale, of.h * scale];
  return { x: (frame.w - w) / 2, y: (frame.h - h) / 2, w, h };
}

/** Between a caption and the edge of the picture that it stands in, or of the stage. */
const CAPTION = 12;

/** How far the captions in a picture's upper corners are from the edges of the stage, as variables of a style. */
export function captionStyle(view: View, picture: Size, stage: Size): string {
  // As long as none is there, it may become as large as the stage.
  const { w, h } = picture.w > 0 ? { w: picture.w * view.scale, h: picture.h * view.scale } : stage;
  const within = (edge: number): string => `${Math.round(Math.max(0, edge) + CAPTION)}px`;
  const left = within((stage.w - w) / 2 + view.x);
  const right = within((stage.w - w) / 2 - view.x);
  const top = within((stage.h - h) / 2 + view.y);
  return `--cap-left: ${left}; --cap-right: ${right}; --cap-top: ${top}`;
}
