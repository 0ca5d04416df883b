import type { BufferGeometry, Mesh, MeshPhongMaterial } from "three";
import { describe, expect, it, vi } from "vitest";
import { factsOf, readModel, release } from "./models";

// Of this realm: the loaders look at the class of what they are given.
const bytes = (text: string): ArrayBuffer => Uint8Array.from(new TextEncoder().encode(text)).buffer;

/** A binary STL of one triangle that says it has `said`. */
function stl(said = 1): ArrayBuffer {
  const file = new DataView(new ArrayBuffer(84 + 50));
  file.setUint32(80, said, true);
  [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0].forEach((value, at) =>
    file.setFloat32(84 + 4 * at, value, true),
  );
  return file.buffer;
}

const OBJ = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nf 1 2 3 4\n";
const STL =
  "solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid a\n";
const ply = (faces: boolean): string =>
  `ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n${
    faces ? "element face 1\nproperty list uchar int vertex_indices\n" : ""
  }end_header\n0 0 0\n1 0 0\n0 1 0\n${faces ? "3 0 1 2\n" : ""}`;
/** Points that know which way they face, as scanners write them. */
const SCAN =
  "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n" +
  "property float nx\nproperty float ny\nproperty float nz\nend_header\n" +
  "0 0 0 0 0 1\n1 0 0 0 0 1\n0 1 0 0 0 1\n";
const FBX = `; FBX 7.3.0 project file
FBXHeaderExtension:  {
	FBXVersion: 7300
}
Objects:  {
	Geometry: 10, "Geometry::sail", "Mesh" {
		Vertices: *9 {
			a: 0,0,0,1,0,0,0,1,0
		}
		PolygonVertexIndex: *3 {
			a: 0,1,-3
		}
	}
	Model: 20, "Model::sail", "Mesh" {
		Version: 232
	}
}
Connections:  {
	C: "OO",20,0
	C: "OO",10,20
}
`;

/** With a picture on it, that lies at this address. */
const painted = (address: string): string =>
  FBX.replace(
    "Objects:  {",
    `Objects:  {
	Material: 30, "Material::cloth", "" {
		ShadingModel: "phong"
	}
	Texture: 40, "Texture::cloth", "" {
		FileName: "cloth.png"
	}
	Video: 50, "Video::cloth", "Clip" {
		RelativeFilename: "${address}"
	}`,
  ).replace(
    "Connections:  {",
    `Connections:  {
	C: "OO",30,20
	C: "OP",40,30, "DiffuseColor"
	C: "OO",50,40`,
  );

describe("readModel", () => {
  it.each([
    ["obj", bytes(OBJ), "2 triangles"],
    ["stl", bytes(STL), "1 triangle"],
    ["stl", stl(), "1 triangle"],
    ["ply", bytes(ply(true)), "1 triangle"],
    ["ply", bytes(ply(false)), "3 points"],
    ["ply", bytes(SCAN), "3 points"],
    ["fbx", bytes(FBX), "1 triangle"],
  ])("reads %s", async (ending, content, facts) => {
    const model = await readModel(content, ending);
    expect(factsOf(model)).toBe(facts);
    release(model);
  });

  it.each([
    ["obj", bytes("no model at all"), "nothing in it that can be drawn, or it is no OBJ"],
    ["stl", stl(4_000_000_000), "more triangles than are in it"],
    ["stl", bytes("short"), "It is damaged, or no STL"],
    ["ply", bytes("ply\nformat ascii 1.0\nend_header\n"), "PLY"],
    ["fbx", bytes("no model at all"), "It is damaged, or no FBX"],
    ["glb", bytes("no model at all"), "It is damaged, or no glTF"],
  ])("says what is wrong with %s", async (ending, content, why) => {
    await expect(readModel(content, ending)).rejects.toThrow(why);
  });

  it("gives an FBX when the pictures on it are there", async () => {
    const made = vi.spyOn(document, "createElementNS");
    const reading = readModel(bytes(painted("cloth.png")), "fbx");
    const [image] = made.mock.results.map(({ value }) => value as HTMLElement);
    setTimeout(() => image?.dispatchEvent(new Event("load")));
    const [mesh] = (await reading).children as Mesh<BufferGeometry, MeshPhongMaterial>[];
    expect(image).toBeInstanceOf(HTMLImageElement);
    expect(mesh?.material.map?.image).toBe(image);
    made.mockRestore();
  });

  it("gives back what an FBX took for the pictures in it, when they are read", async () => {
    const [made, revoked] = [vi.spyOn(document, "createElementNS"), vi.fn()];
    URL.revokeObjectURL = revoked;
    const reading = readModel(bytes(painted("blob:cloth")), "fbx");
    const [image] = made.mock.results.map(({ value }) => value as HTMLImageElement);
    expect(image?.src).toBe("blob:cloth");
    expect(revoked).not.toHaveBeenCalled();
    setTimeout(() => image?.dispatchEvent(new Event("load")));
    await reading;
    expect(revoked.mock.calls).toEqual([["blob:cloth"]]);
    made.mockRestore();
  });

  it("does not go after files beside it", async () => {
    const scene = {
      asset: { version: "2.0" },
      scene: 0,
      scenes: [{ nodes: [0] }],
      nodes: [{ mesh: 0 }],
      meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
      accessors: [{ bufferView: 0, componentType: 5126, count: 3, type: "VEC3" }],
      bufferViews: [{ buffer: 0, byteLength: 36 }],
      buffers: [{ byteLength: 36, uri: "sail.bin" }],
    };
    await expect(readModel(bytes(JSON.stringify(scene)), "gltf")).rejects.toThrow(
      "It needs other files beside it (sail.bin), which Safelight does not read.",
    );
  });
});
