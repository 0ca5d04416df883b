/** Draws a 3D file with three.js. A chunk of its own: only what is 3D loads it. */
import { Cache, Spherical, type Object3D, type WebGLRenderer } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { isReadFirst } from "./medium";
import { factsOf, readModel, release } from "./models";
import { comeBack, lit, rendererOf } from "./scene";

/** A model on a canvas. */
export type Solid = {
  /** "24,112 triangles". */
  facts: string;
  resize(width: number, height: number, ratio: number): void;
  /** Turns the view around the model, in radians: to the side, and up or down. */
  rotate(side: number, up: number): void;
  nearer(factor: number): void;
  reset(): void;
  /** Whether it turns by itself. */
  turn(on: boolean): void;
  /** Gives the memory of the graphics card back. */
  close(): void;
};

/** Larger files are not opened, in MB: a page that runs out of memory is gone. */
const largest = (ending: string): number => (isReadFirst(ending) ? 128 : 512);

/** Reads a file, by the ending of its name, and draws it. Refuses with a sentence if that cannot be. */
export async function open(
  canvas: HTMLCanvasElement,
  url: string,
  ending: string,
  signal: AbortSignal,
): Promise<Solid> {
  Cache.enabled = false;
  const model = await read(url, ending, signal);
  let renderer: WebGLRenderer;
  try {
    renderer = rendererOf(canvas);
  } catch (error) {
    release(model);
    throw error;
  }
  const there = lit(model);
  const { scene, camera, middle, size } = there;
  const controls = new OrbitControls(camera, canvas);
  controls.minDistance = size / 50;
  controls.maxDistance = size * 10;

  let drawing = 0;
  const draw = (): void => {
    drawing ||= requestAnimationFrame(() => {
      drawing = 0;
      controls.update();
      renderer.render(scene, camera);
      if (controls.autoRotate) draw();
    });
  };
  controls.addEventListener("change", draw);

  const reset = (): void => {
    comeBack(there);
    controls.target.copy(middle);
    controls.update();
    draw();
  };
  reset();

  const around = new Spherical();
  return {
    facts: factsOf(model),
    resize(width, height, ratio) {
      if (width <= 0 || height <= 0) return;
      renderer.setPixelRatio(ratio);
      renderer.setSize(width, height);
      camera.aspect = width / height;
      camera.updateProjectionMatrix();
      draw();
    },
    rotate(side, up) {
      const offset = camera.position.clone().sub(controls.target);
      around.setFromVector3(offset);
      around.theta += side;
      around.phi = Math.min(Math.PI - 0.01, Math.max(0.01, around.phi + up));
      camera.position.copy(controls.target).add(offset.setFromSpherical(around));
      draw();
    },
    nearer(factor) {
      const offset = camera.position.clone().sub(controls.target);
      const length = offset.length() / factor;
      offset.setLength(Math.min(controls.maxDistance, Math.max(controls.minDistance, length)));
      camera.position.copy(controls.target).add(offset);
      draw();
    },
    reset,
    turn(on) {
      controls.autoRotate = on;
      draw();
    },
    close() {
      cancelAnimationFrame(drawing);
      controls.dispose();
      release(model);
      renderer.dispose();
      renderer.forceContextLoss();
    },
  };
}

async function read(url: string, ending: string, signal: AbortSignal): Promise<Object3D> {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error("Its file is away: a disk that is not there, or moved.");
  const most = largest(ending);
  if (Number(answer.headers.get("content-length") ?? 0) > most * 1024 * 1024)
    throw new Error(`It has more than ${most} MB: open it with another program.`);
  return readModel(await answer.arrayBuffer(), ending);
}
