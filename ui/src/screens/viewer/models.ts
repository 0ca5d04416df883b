/** Reads 3D files with three.js: glTF, OBJ, STL, PLY, FBX. Only what shows 3D loads this. */
import {
  DoubleSide,
  LoadingManager,
  Mesh,
  MeshStandardMaterial,
  Points,
  PointsMaterial,
  Texture,
  TextureLoader,
  type BufferGeometry,
  type Material,
  type Object3D,
} from "three";
import { FBXLoader } from "three/addons/loaders/FBXLoader.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { OBJLoader } from "three/addons/loaders/OBJLoader.js";
import { PLYLoader } from "three/addons/loaders/PLYLoader.js";
import { STLLoader } from "three/addons/loaders/STLLoader.js";
import { count } from "../../lib/format";

/** One white point: what stands in for pictures that lie in other files. */
const WHITE =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC";
/** The bytes of a binary STL before its triangles, and of each triangle. */
const [STL_HEAD, STL_TRIANGLE] = [84, 50];

/** Reads a file by the ending of its name; glTF where that says nothing. Refuses with a sentence. */
export async function readModel(content: ArrayBuffer, ending: string): Promise<Object3D> {
  const outside: string[] = [];
  /** Pictures inside the file, as addresses: the loader of FBX keeps them for as long as the page lives. */
  const inside = new Set<string>();
  const manager = new LoadingManager();
  // Only the file itself is read: what it names beside it may be anywhere.
  manager.setURLModifier((url) => {
    if (url.startsWith("blob:")) inside.add(url);
    if (/^(blob|data):/.test(url)) return url;
    outside.push(url);
    return WHITE;
  });
  let model: Object3D;
  try {
    model = await parsed(content, ending, manager);
  } catch (error) {
    throw new Error(whyNot(error, ending, outside), { cause: error });
  } finally {
    inside.forEach((url) => URL.revokeObjectURL(url));
  }
  // Without its textures it still has its form.
  const missing = outside.find((url) => !/\.(png|jpe?g|webp|tga|bmp|tiff?)$/i.test(url));
  if (missing !== undefined) throw new Error(alone(missing));
  if (parts(model).every(({ geometry }) => corners(geometry) === 0))
    throw new Error(`There is nothing in it that can be drawn, or it is no ${nameOf(ending)}.`);
  return model;
}

async function parsed(
  content: ArrayBuffer,
  ending: string,
  manager: LoadingManager,
): Promise<Object3D> {
  switch (ending) {
    case "obj":
      return new OBJLoader(manager).parse(new TextDecoder().decode(content));
    case "stl":
      checkStl(content);
      return surface(new STLLoader(manager).parse(content));
    case "ply": {
      const geometry = new PLYLoader(manager).parse(content);
      return geometry.index === null ? points(geometry) : surface(geometry);
    }
    case "fbx": {
      // It gives the model before the pictures on it: drawn then, it is black.
      let pictures: Promise<void> | undefined;
      manager.onStart = () =>
        (pictures = new Promise((done) => {
          manager.onLoad = done;
        }));
      const model = new FBXLoader(manager).parse(content, "");
      await pictures;
      return model;
    }
  }
  const loader = new GLTFLoader(manager);
  // Textures inside the file come as blobs, which the page may show but not fetch.
  loader.register((parser) => {
    parser.textureLoader = new TextureLoader(parser.options.manager);
    return { name: "SAFELIGHT_textures" };
  });
  return (await loader.parseAsync(content, "")).scene;
}

/** The loader believes a count of triangles and makes room for them: it must be within the file. */
function checkStl(content: ArrayBuffer): void {
  const begin = new TextDecoder().decode(content.slice(0, 5)).toLowerCase();
  if (begin === "solid") return;
  const triangles =
    content.byteLength < STL_HEAD ? Infinity : new DataView(content).getUint32(80, true);
  if (STL_HEAD + triangles * STL_TRIANGLE > content.byteLength)
    throw new Error("it says that it has more triangles than are in it");
}

/** Its own colours, or that of clay. */
function coloured(geometry: BufferGeometry): { color: number; vertexColors: boolean } {
  const vertexColors = geometry.hasAttribute("color");
  return { color: vertexColors ? 0xffffff : 0xc9c1b6, vertexColors };
}

function surface(geometry: BufferGeometry): Object3D {
  if (!geometry.hasAttribute("normal")) geometry.computeVertexNormals();
  const material = { ...coloured(geometry), roughness: 0.75, side: DoubleSide };
  return new Mesh(geometry, new MeshStandardMaterial(material));
}

/** What nothing connects, such as a scan. */
const points = (geometry: BufferGeometry): Object3D =>
  new Points(
    geometry,
    new PointsMaterial({ ...coloured(geometry), size: 2, sizeAttenuation: false }),
  );

const NAMES: Readonly<Record<string, string>> = { obj: "OBJ", stl: "STL", ply: "PLY", fbx: "FBX" };
const nameOf = (ending: string): string => NAMES[ending] ?? "glTF";

const alone = (url: string): string =>
  `It needs other files beside it (${url}), which Safelight does not read.`;

function whyNot(error: unknown, ending: string, outside: readonly string[]): string {
  const why = error instanceof Error ? error.message : String(error);
  if (/draco|meshopt|ktx|basis/i.test(why))
    return "It is compressed in a way that Safelight cannot read (Draco, Meshopt, KTX2).";
  const [first] = outside;
  if (first !== undefined) return alone(first);
  return `It is damaged, or no ${nameOf(ending)}: ${why}`;
}

type Part = Object3D & { geometry: BufferGeometry; material: Material | Material[] };

/** What is drawn of a model: triangles, lines, points. */
function parts(model: Object3D): Part[] {
  const found: Part[] = [];
  model.traverse((part) => {
    if ("geometry" in part && "material" in part) found.push(part as Part);
  });
  return found;
}

const corners = (geometry: BufferGeometry): number =>
  geometry.index?.count ?? geometry.getAttribute("position")?.count ?? 0;

/** How large a model is: "24,112 triangles", or points where there are none. */
export function factsOf(model: Object3D): string {
  const all = parts(model);
  const sum = (some: readonly Part[], each: number): number =>
    some.reduce((total, { geometry }) => total + Math.floor(corners(geometry) / each), 0);
  const triangles = sum(
    all.filter((part) => part instanceof Mesh),
    3,
  );
  return triangles > 0 ? count(triangles, "triangle") : count(sum(all, 1), "point");
}

/** Gives back the memory that a model takes. */
export function release(model: Object3D): void {
  for (const { geometry, material } of parts(model)) {
    geometry.dispose();
    for (const one of [material].flat()) {
      for (const value of Object.values(one)) if (value instanceof Texture) value.dispose();
      one.dispose();
    }
  }
}
