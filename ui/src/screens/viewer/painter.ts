/** Draws small pictures of 3D files where nobody sees it. A chunk of its own, as `solid.ts`. */
import { Cache, type WebGLRenderer } from "three";
import { readModel, release } from "./models";
import { lit, rendererOf } from "./scene";

export class Painter {
  readonly #renderer: WebGLRenderer;

  /** Refuses with a sentence where there is no WebGL. */
  constructor() {
    Cache.enabled = false;
    this.#renderer = rendererOf(document.createElement("canvas"));
  }

  /** A file as a square PNG, as the address of an image. Refuses with a sentence if it cannot be drawn. */
  async draw(content: ArrayBuffer, ending: string, edge: number): Promise<string> {
    const model = await readModel(content, ending);
    try {
      const { scene, camera } = lit(model);
      this.#renderer.setSize(edge, edge, false);
      this.#renderer.render(scene, camera);
      if (this.lost) throw new Error("The graphics card was taken away.");
      // In the same turn: afterwards the canvas is empty again.
      return this.#renderer.domElement.toDataURL();
    } finally {
      release(model);
    }
  }

  /** Whether the system took the graphics card away: nothing is drawn any more. */
  get lost(): boolean {
    return this.#renderer.getContext().isContextLost();
  }

  /** Gives the memory of the graphics card back. */
  close(): void {
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }
}
