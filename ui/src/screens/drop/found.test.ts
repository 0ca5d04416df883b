import { describe, expect, it } from "vitest";
import { aboutFile, aboutNode } from "../report/fixtures";
import {
  canGoIn,
  foundText,
  goingIn,
  isJob,
  mayBePictures,
  named,
  pathsGoingIn,
  sendText,
} from "./found";

const carrier = (name: string, container = "PNG") =>
  aboutFile(name, { kind: "carrier", container });
const plain = (name: string, container = "PNG") =>
  aboutFile(name, { kind: "input", container, standing: "refused", message: "No workflow." });
const report = (items: ReturnType<typeof aboutFile>[], left_out = 0) => ({
  items,
  left_out,
  batch_id: null,
  cut_off: null,
});

describe("what hangs over the window", () => {
  it("is counted by what it is", () => {
    const items = [
      aboutFile("a.json"),
      carrier("b.png"),
      carrier("c.png"),
      aboutFile("d.json", { standing: "needs_look" }),
      aboutFile("e.txt", { kind: "other", container: "text", standing: "refused" }),
    ];
    expect(foundText(report(items))).toBe(
      "1 workflow, 2 pictures with a workflow inside, 1 needs a look, 1 not a workflow",
    );
  });

  it("names every kind by its own word", () => {
    const items = [
      carrier("a.webm", "WebM"),
      carrier("b.flac", "FLAC"),
      carrier("c.latent", "unknown"),
      aboutFile("queue.json", { kind: "saved_job" }),
      plain("d.png"),
      plain("e.png"),
      aboutFile("f.png", { kind: "settings", container: "PNG", standing: "refused" }),
      aboutFile("g.json", { standing: "needs_look" }),
      aboutFile("h.json", { standing: "needs_look" }),
    ];
    expect(foundText(report(items, 12))).toBe(
      "1 video with a workflow inside, 1 sound with a workflow inside, 1 file with a workflow inside, 1 saved job, 2 need a look, 2 pictures without a workflow, 1 with settings only, 12 more not looked at",
    );
    expect(foundText(report([aboutFile("a.json")]))).toBe("1 workflow");
    const along = aboutFile("a.png", { kind: "input", standing: "taken_along" });
    expect(foundText(report([aboutFile("a.json"), along]))).toBe("1 workflow, 1 taken along");
    expect([aboutFile("a.json"), along, plain("b.png")].filter(isJob)).toHaveLength(1);
    expect(foundText(report([], 1))).toBe("1 more not looked at");
  });
});

describe("files that are named", () => {
  it("are three, the refused ones first, each with its reason", () => {
    const items = [
      aboutFile("look.json", {
        standing: "needs_look",
        message: "A workflow of 4 nodes",
        findings: [aboutNode("It may be wrong.", { severity: "warns" }), aboutNode("It lacks it.")],
      }),
      ...["a", "b", "c"].map((name) =>
        aboutFile(name, { standing: "refused", message: `${name} is no workflow.` }),
      ),
    ];
    const { shown, more } = named(items);
    expect(shown.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(more).toBe(1);
    expect(named(items.slice(0, 1)).shown).toEqual([
      { name: "look.json", reason: "It lacks it.", refused: false },
    ]);
  });

  it("are none where all is well", () => {
    expect(named([aboutFile("a.json"), carrier("b.png")])).toEqual({ shown: [], more: 0 });
  });
});

describe("what can go into a workflow", () => {
  it.each([
    ["a picture with a workflow", carrier("a.png"), true],
    ["a picture without one", plain("a.png"), true],
    ["a sound", plain("a.mp3", "MP3"), true],
    ["a workflow as text", aboutFile("a.json"), false],
    ["a model", aboutFile("a.glb", { kind: "carrier", container: "GLB" }), false],
  ])("%s: %#", (_, item, can) => expect(canGoIn(item)).toBe(can));

  it("is foreseen by names, and in folders", () => {
    expect(mayBePictures(["/a/b.json", "/a/c.txt"])).toBe(false);
    expect(mayBePictures(["/a/b.json", "/a/c.webp"])).toBe(true);
    expect(mayBePictures(["/a.b/folder"])).toBe(true);
  });

  it("is counted", () => {
    expect(goingIn([plain("a"), carrier("b")])).toBe("2 pictures");
    expect(goingIn([plain("a"), plain("b", "MP4")])).toBe("2 files");
    expect(goingIn([plain("b", "MP4")])).toBe("1 video");
  });

  it.each([
    [[], "Send them into a workflow of yours, one job each."],
    [[plain("a")], "Send the picture into a workflow of yours, as one job."],
    [[plain("a"), carrier("b")], "Send the 2 pictures into a workflow of yours, one job each."],
  ])("is told by number: %#", (items, text) => expect(sendText(items)).toContain(text));

  it("is handed in without the rest, unless the rest is not known", () => {
    const items = [aboutFile("a.json"), plain("b.png")];
    expect(pathsGoingIn(report(items), ["/pictures"])).toEqual(["/pictures/b.png"]);
    expect(pathsGoingIn(report(items, 3), ["/pictures"])).toEqual(["/pictures"]);
  });
});
