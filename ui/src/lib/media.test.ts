import { expect, it } from "vitest";
import { endingOf, mediumOf, mediumOfName } from "./media";

it.each([
  ["a.PNG", "picture"],
  ["b.tar.webm", "video"],
  ["c.flac", "sound"],
  ["d.json", null],
  ["png", null],
  ["folder.png/file", null],
  ["", null],
])("a file named %j is %j", (name, medium) => expect(mediumOfName(name)).toBe(medium));

it("knows the engine's words", () => {
  expect(["PNG", "animated PNG", "QuickTime", "Opus", "JSON", "GLB"].map(mediumOf)).toEqual([
    "picture",
    "picture",
    "video",
    "sound",
    null,
    null,
  ]);
});

it("takes the last ending", () => {
  expect(endingOf("C:\\x\\y.Tar.GZ")).toBe("gz");
  expect(endingOf("no ending")).toBe("");
});
