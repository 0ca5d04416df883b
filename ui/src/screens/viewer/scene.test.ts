import { Mesh, BoxGeometry, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { lit, rendererOf } from "./scene";

describe("a model in daylight", () => {
  it.each([
    ["tiny, far from the middle", [0.001, 0.001, 0.001], [500, -3, 20]],
    ["long", [1, 1, 400], [0, 0, 0]],
    ["flat", [30, 0, 20], [0, 7, 0]],
  ])("is seen whole: %s", (_what, [x, y, z], place) => {
    const model = new Mesh(new BoxGeometry(x, y, z));
    model.position.set(place[0] ?? 0, place[1] ?? 0, place[2] ?? 0);
    const { camera, scene } = lit(model);
    scene.updateMatrixWorld();
    camera.updateMatrixWorld();
    const corners = model.geometry.getAttribute("position");
    for (let at = 0; at < corners.count; at += 1) {
      const seen = new Vector3().fromBufferAttribute(corners, at);
      seen.applyMatrix4(model.matrixWorld).project(camera);
      expect(Math.max(Math.abs(seen.x), Math.abs(seen.y), Math.abs(seen.z))).toBeLessThanOrEqual(1);
    }
  });

  it("is refused with a sentence where there is no WebGL", () => {
    expect(() => rendererOf(document.createElement("canvas"))).toThrow(
      "This computer offers no 3D drawing (WebGL).",
    );
  });
});
