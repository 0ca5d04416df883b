/** The zoom and pan of a stage, shared by both halves where two pictures are side by side. */
import {
  captionStyle,
  fitted,
  isFitted,
  settle,
  wheelScale,
  zoomAt,
  type Point,
  type Size,
  type View,
} from "./view";

export class Zoom {
  view = $state.raw<View>({ scale: 1, x: 0, y: 0 });
  /** The stage, or one half of it, in CSS pixels. */
  stage = $state.raw<Size>({ w: 0, h: 0 });
  /** The picture, in pixels. */
  picture = $state.raw<Size>({ w: 0, h: 0 });
  /** Pixels of the screen per CSS pixel. */
  ratio = $state(window.devicePixelRatio);
  /** Whether the picture stays fitted while the window changes. */
  #following = true;

  /** Pixels of the screen per pixel of the picture, in percent. */
  readonly percent = $derived(Math.round(this.view.scale * this.ratio * 100));
  /** Whether pixels are so large that they are shown as squares. */
  readonly squares = $derived(this.view.scale * this.ratio >= 4);
  readonly fits = $derived(isFitted(this.view, this.picture, this.stage));
  /** Where captions stand, for the style of what holds them. */
  readonly captions = $derived(captionStyle(this.view, this.picture, this.stage));

  /** Another picture is fitted; one of the same size is shown at the same spot. */
  take(picture: Size): void {
    const { w, h } = this.picture;
    if (picture.w !== w || picture.h !== h) this.#following = true;
    this.picture = picture;
    this.#arrange();
  }

  /** The stage has another size. */
  resize(stage: Size): void {
    this.ratio = window.devicePixelRatio;
    this.stage = stage;
    this.#arrange();
  }

  /** One turn of the wheel at a place seen from the middle of the stage. */
  wheel(event: WheelEvent, at: Point): void {
    const scale = wheelScale(this.view.scale, event.deltaY, event.deltaMode);
    this.#apply(zoomAt(this.view, scale, at, this.picture, this.stage));
  }

  /** Zooms in or out around the middle. */
  by(factor: number): void {
    const scale = this.view.scale * factor;
    this.#apply(zoomAt(this.view, scale, { x: 0, y: 0 }, this.picture, this.stage));
  }

  /** Moves the picture. */
  pan(from: View, x: number, y: number): void {
    const moved = { scale: from.scale, x: from.x + x, y: from.y + y };
    this.view = settle(moved, this.picture, this.stage);
  }

  /** Between the whole picture and one pixel for one pixel of the screen, at a place. */
  toggleFit(at: Point = { x: 0, y: 0 }): void {
    this.ratio = window.devicePixelRatio;
    if (!this.fits) return this.fit();
    this.#apply(zoomAt(this.view, 1 / this.ratio, at, this.picture, this.stage));
  }

  /** The whole picture. */
  fit(): void {
    this.view = fitted(this.picture, this.stage);
    this.#following = true;
  }

  #apply(next: View): void {
    this.view = next;
    this.#following = isFitted(next, this.picture, this.stage);
  }

  #arrange(): void {
    const { picture, stage } = this;
    this.view = this.#following ? fitted(picture, stage) : settle(this.view, picture, stage);
  }
}
