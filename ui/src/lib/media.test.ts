import { expect, it } from "vitest";
import { endingOf, mediumOf, mediumOfName, withEnding } from "./media";

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

it.each([
  ["/p/prints", "zip", "/p/prints.zip"],
  ["/p/prints.ZIP", "zip", "/p/prints.ZIP"],
  ["/p/harbour v1.5", "json", "/p/harbour v1.5.json"],
  ["/p/harbour.png", "json", "/p/harbour.png.json"],
  ["C:\\my.folder\\queue", "json", "C:\\my.folder\\queue.json"],
  ["/p/sheet.", "png", "/p/sheet.png"],
  ["/p/sheet.jpg", "png", "/p/sheet.jpg"],
  ["/p/sheet", "webp", "/p/sheet.webp"],
  ["/p/sheet.GIF", "png", "/p/sheet.png"],
  ["/p/sheet.apng", "jpg", "/p/sheet.jpg"],
  ["/p/sheet v1.5", "png", "/p/sheet v1.5.png"],
  ["/p/sheet.mp4", "png", "/p/sheet.mp4.png"],
  ["/p.gif/sheet", "png", "/p.gif/sheet.png"],
])("%s to write as %s is %s", (path, ending, whole) =>
  expect(withEnding(path, ending)).toBe(whole),
);
