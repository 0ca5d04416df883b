/** What was painted, as a list of what was done: taken back and done again by replaying it. Pure. */

export type Point = { x: number; y: number };
export type Stroke = { kind: "stroke"; erase: boolean; size: number; points: Point[] };
export type Act = Stroke | { kind: "invert" } | { kind: "clear" };

/** Brush sizes, in pixels of the picture. */
export const SMALLEST = 2;
export const LARGEST = 800;
/** Larger pictures are not painted on: the canvas would not hold them. */
export const MOST_PIXELS = 50_000_000;
/** Older strokes than this can no longer be taken back one by one. */
const MOST_ACTS = 500;

/** The next brush size up or down: small ones by pixels, large ones by a fifth. */
export function nextSize(size: number, up: boolean): number {
  const next = up
    ? Math.max(size + 1, Math.round(size * 1.2))
    : Math.min(size - 1, Math.round(size / 1.2));
  return Math.min(LARGEST, Math.max(SMALLEST, next));
}

/** A brush that suits a picture to begin with. */
export const firstSize = (width: number, height: number): number =>
  Math.min(LARGEST, Math.max(SMALLEST, Math.round(Math.min(width, height) / 14)));

export class Acts {
  #done: Act[];
  #undone: Act[] = [];
  /** Whether all that was ever done is still known. */
  whole = true;

  /** `done` was painted before, and can be taken back as well. */
  constructor(done: readonly Act[] = []) {
    this.#done = [...done];
  }

  get done(): readonly Act[] {
    return this.#done;
  }
  get canUndo(): boolean {
    return this.#done.length > 0;
  }
  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Takes one in; gives whether there were too many to keep, so that the picture must be kept as it is. */
  add(act: Act): boolean {
    this.#undone = [];
    this.#done.push(act);
    return this.#done.length > MOST_ACTS;
  }
  /** The oldest was made part of the ground. */
  drop(): Act | undefined {
    this.whole = false;
    return this.#done.shift();
  }
  undo(): boolean {
    const act = this.#done.pop();
    if (act !== undefined) this.#undone.push(act);
    return act !== undefined;
  }
  redo(): boolean {
    const act = this.#undone.pop();
    if (act !== undefined) this.#done.push(act);
    return act !== undefined;
  }
}

/** A place of the window as a place of the picture that is shown in `box`, kept within it. */
export function inPicture(
  client: Point,
  box: { left: number; top: number; width: number; height: number },
  picture: { width: number; height: number },
): Point {
  const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  return {
    x: within(((client.x - box.left) / box.width) * picture.width, picture.width),
    y: within(((client.y - box.top) / box.height) * picture.height, picture.height),
  };
}

/** How large a picture is shown so that all of it is seen; small ones are enlarged at most 4 times. */
export function fitScale(
  picture: { width: number; height: number },
  room: { width: number; height: number },
): number {
  return Math.max(0.02, Math.min(4, room.width / picture.width, room.height / picture.height));
}
