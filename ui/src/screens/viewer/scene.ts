/** A 3D file in daylight, as the viewer and the small pictures of the gallery draw it. Only what is 3D loads this. */
import {
  ACESFilmicToneMapping,
  Box3,
  DirectionalLight,
  HemisphereLight,
  PerspectiveCamera,
  Scene,
  Vector3,
  WebGLRenderer,
  type Object3D,
} from "three";

/** A model among its lamps. */
export type Lit = {
  scene: Scene;
  /** What sees it from where it is seen first. */
  camera: PerspectiveCamera;
  middle: Vector3;
  /** From one corner of it to the other. */
  size: number;
};

/** Draws onto a canvas. Refuses with a sentence where there is no WebGL. */
export function rendererOf(canvas: HTMLCanvasElement): WebGLRenderer {
  let renderer: WebGLRenderer;
  try {
    renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
  } catch (error) {
    throw new Error("This computer offers no 3D drawing (WebGL).", { cause: error });
  }
  renderer.toneMapping = ACESFilmicToneMapping;
  return renderer;
}

/** Lights a model and puts a camera before it. */
export function lit(model: Object3D): Lit {
  const scene = new Scene();
  // Daylight from above and two lamps: a material without textures still shows its form.
  const key = new DirectionalLight(0xffffff, 2.2);
  key.position.set(2, 3, 4);
  const rim = new DirectionalLight(0xffffff, 0.8);
  rim.position.set(-3, 1, -3);
  scene.add(model, new HemisphereLight(0xffffff, 0x554f48, 1.6), key, rim);
  const box = new Box3().setFromObject(model);
  const middle = box.getCenter(new Vector3());
  const size = Math.max(box.getSize(new Vector3()).length(), 1e-6);
  const camera = new PerspectiveCamera(35, 1, size / 1000, size * 100);
  const from = { scene, camera, middle, size };
  comeBack(from);
  return from;
}

/** Puts the camera where the model is seen from first. */
export function comeBack({ camera, middle, size }: Lit): void {
  camera.position.copy(middle).add(new Vector3(0.5, 0.35, 1).setLength(size * 1.7));
  camera.lookAt(middle);
}
