/** Painting on a canvas of the picture's size. Painted is drawn as the squares that mean "nothing here". */
import type { Act, Stroke } from "./mask";

const SQUARE = 8;

export class Painting {
  readonly canvas: HTMLCanvasElement;
  #context: CanvasRenderingContext2D;
  #paint: CanvasPattern;
  /** What can no longer be taken back. */
  #ground: HTMLCanvasElement | null = null;

  /** Throws when the page cannot hold a canvas of this size. */
  constructor(canvas: HTMLCanvasElement, width: number, height: number) {
    canvas.width = width;
    canvas.height = height;
    this.canvas = canvas;
    this.#context = contextOf(canvas);
    const pattern = this.#context.createPattern(squares(Math.ceil(width / 512)), "repeat");
    if (pattern === null) throw new Error("no pattern");
    this.#paint = pattern;
  }

  /** One more piece of a stroke, from the last place to this. */
  draw({ erase, size, points }: Stroke, from: number): void {
    const context = this.#context;
    context.save();
    context.globalCompositeOperation = erase ? "destination-out" : "source-over";
    context.strokeStyle = this.#paint;
    context.lineWidth = size;
    context.lineCap = "round";
    context.lineJoin = "round";
    context.beginPath();
    const start = Math.max(0, from - 1);
    points.slice(start).forEach(({ x, y }, at) => {
      if (at === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
    // A touch is a dot.
    const only = points[start];
    if (points.length - start === 1 && only !== undefined) context.lineTo(only.x + 0.01, only.y);
    context.stroke();
    context.restore();
  }

  do(act: Act): void {
    const { width, height } = this.canvas;
    if (act.kind === "stroke") this.draw(act, 0);
    else if (act.kind === "clear") this.#context.clearRect(0, 0, width, height);
    else {
      const was = copyOf(this.canvas);
      const context = this.#context;
      context.save();
      context.globalCompositeOperation = "source-over";
      context.clearRect(0, 0, width, height);
      context.fillStyle = this.#paint;
      context.fillRect(0, 0, width, height);
      context.globalCompositeOperation = "destination-out";
      context.drawImage(was, 0, 0);
      context.restore();
    }
  }

  /** Everything anew. */
  replay(acts: readonly Act[]): void {
    this.#context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (this.#ground !== null) this.#context.drawImage(this.#ground, 0, 0);
    for (const act of acts) this.do(act);
  }

  /** Makes an act part of what can no longer be taken back. `acts` are those that follow it. */
  settle(act: Act, acts: readonly Act[]): void {
    this.replay([act]);
    this.#ground = copyOf(this.canvas);
    this.replay(acts);
  }

  /** Whether anything is painted. Looks at a small copy: a dot of a few pixels is found all the same. */
  isEmpty(): boolean {
    const { data } = this.#context.getImageData(0, 0, this.canvas.width, this.canvas.height);
    for (let at = 3; at < data.length; at += 4) if ((data[at] ?? 0) > 127) return false;
    return true;
  }

  /** A PNG of the picture's size: white where it is painted, black elsewhere. */
  async png(): Promise<Uint8Array> {
    const white = copyOf(this.canvas);
    const context = contextOf(white);
    context.globalCompositeOperation = "source-in";
    context.fillStyle = "white";
    context.fillRect(0, 0, white.width, white.height);
    context.globalCompositeOperation = "destination-over";
    context.fillStyle = "black";
    context.fillRect(0, 0, white.width, white.height);
    const blob = await new Promise<Blob | null>((done) => white.toBlob(done, "image/png"));
    if (blob === null)
      throw new Error("The mask could not be written. The picture may be too large.");
    return new Uint8Array(await blob.arrayBuffer());
  }
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This computer cannot hold a canvas of that size.");
  return context;
}

function copyOf(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  contextOf(copy).drawImage(canvas, 0, 0);
  return copy;
}

/** Light and dark squares; larger ones for larger pictures, which are shown smaller. */
function squares(scale: number): HTMLCanvasElement {
  const side = SQUARE * Math.max(1, scale);
  const tile = document.createElement("canvas");
  tile.width = tile.height = side * 2;
  const context = contextOf(tile);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, side * 2, side * 2);
  context.fillStyle = "#8a8a8a";
  context.fillRect(0, 0, side, side);
  context.fillRect(side, side, side, side);
  return tile;
}
