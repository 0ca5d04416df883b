import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NoSizes } from "../gallery/fixtures";
import Difference from "./Difference.svelte";
import { looking, type Mode } from "./looking.svelte";
import { playing } from "./playing.svelte";
import Show from "./Show.svelte";

vi.mock("../../host", () => ({
  mediaUrl: (path: string) => `media:/${path}`,
  commands: { asset_get: () => Promise.resolve([]) },
}));
vi.stubGlobal(
  "ResizeObserver",
  class extends NoSizes {
    disconnect = vi.fn();
  },
);
vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(800);
vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);

let shown: object | null = null;
beforeEach(() => {
  HTMLMediaElement.prototype.play = vi.fn(() => Promise.resolve());
  HTMLMediaElement.prototype.pause = vi.fn();
  HTMLImageElement.prototype.decode = () => Promise.resolve();
  looking.mode = "wipe";
});
afterEach(async () => {
  vi.useRealTimers();
  if (shown !== null) await unmount(shown);
  shown = null;
});

const output = (id: string, kind: string) => ({ id, kind, title: id, path: "", w: 640, h: 480 });
type Output = ReturnType<typeof output>;
function show(
  b: Output,
  a: Output | null,
): { a: Output | null; b: Output; alone: boolean } & object {
  const props = $state({
    b,
    a,
    alone: false,
    once: false,
    captions: { a: "Steps 6", b: "Steps 4" },
  });
  shown = mount(Show, { target: document.body, props });
  flushSync();
  return props;
}
const videos = (): string[] =>
  [...document.querySelectorAll("video")].map((one) => one.getAttribute("src") ?? "");
const half = (testid: string): HTMLElement | null =>
  document.querySelector(`[data-testid=${testid}]`)?.closest(".half") ?? null;
const seen = (testid: string): boolean => half(testid)?.classList.contains("hidden") === false;

describe("two videos", () => {
  it("stay on the stage however they are compared, with one bar for both", () => {
    const props = show(output("b", "video"), output("a", "video"));
    expect(videos()).toEqual(["media:/asset/a/original", "media:/asset/b/original"]);
    const before = [...document.querySelectorAll("video")];
    for (const mode of ["side", "difference", "wipe"] satisfies Mode[]) {
      looking.mode = mode;
      flushSync();
      expect([...document.querySelectorAll("video")]).toEqual(before);
      expect(document.querySelectorAll("[data-testid=viewer-play]")).toHaveLength(1);
      expect(document.querySelector("[data-testid=viewer-difference]") !== null).toBe(
        mode === "difference",
      );
      expect(half("viewer-image")?.style.clipPath).toBe(mode === "wipe" ? "inset(0 0 0 50%)" : "");
    }
    props.alone = true;
    flushSync();
    expect([seen("viewer-image"), seen("viewer-image-a")]).toEqual([false, true]);
    expect([...document.querySelectorAll("video")]).toEqual(before);
    expect(half("viewer-image")?.style.clipPath).toBe("");
  });

  it("play on while they are swapped", async () => {
    const props = show(output("b", "video"), output("a", "video"));
    const play = document.querySelector<HTMLElement>("[data-testid=viewer-play]");
    play?.click();
    flushSync();
    expect(play?.getAttribute("aria-label")).toBe("Pause");
    [props.a, props.b] = [props.b, props.a as Output];
    flushSync();
    await tick();
    expect(videos()).toEqual(["media:/asset/b/original", "media:/asset/a/original"]);
    expect(play?.isConnected).toBe(true);
    expect(play?.getAttribute("aria-label")).toBe("Pause");
  });

  it("are heard one at a time: the one that is looked at", () => {
    playing.muted = false;
    show(output("b", "video"), output("a", "video"));
    expect([...document.querySelectorAll("video")].map(({ muted }) => muted)).toEqual([
      true,
      false,
    ]);
    playing.muted = true;
    flushSync();
    expect([...document.querySelectorAll("video")].map(({ muted }) => muted)).toEqual([true, true]);
  });

  it("are zoomed together", () => {
    show(output("b", "video"), output("a", "video"));
    const sizes = (): string[] =>
      [...document.querySelectorAll<HTMLElement>(".pane .picture")].map(({ style }) => style.width);
    const [before] = sizes();
    document.querySelector<HTMLElement>("[aria-label='Zoom in']")?.click();
    flushSync();
    expect(new Set(sizes()).size).toBe(1);
    expect(sizes()[0]).not.toBe(before);
  });
});

it.each([
  ["picture", "video", "viewer-image-a"],
  ["video", "picture", "viewer-image"],
])("a %s is compared with a %s", (b, a, video) => {
  show(output("b", b), output("a", a));
  expect(videos()).toHaveLength(1);
  expect(document.querySelector("video")?.dataset["testid"]).toBe(video);
  expect(document.querySelectorAll(".half")).toHaveLength(2);
  expect(document.querySelector("[data-testid=viewer-caption-a]")?.textContent).toContain(
    "Steps 6",
  );
});

it("a picture after a video is not shown as the one before the video, another one as it is", async () => {
  const props = show(output("first", "picture"), output("a", "video"));
  const pictures = (): (string | null)[] =>
    [...document.querySelectorAll(".layer img")].map((one) => one.getAttribute("src"));
  await vi.waitFor(() => expect(pictures()).toEqual(["media:/asset/first/original"]));
  HTMLImageElement.prototype.decode = () => new Promise(() => {});
  // Until the next picture is there the one before stays, so there is no flash.
  props.b = output("second", "picture");
  flushSync();
  expect(pictures()).toEqual(["media:/asset/first/original"]);
  props.b = output("b", "video");
  flushSync();
  props.b = output("third", "picture");
  flushSync();
  expect(document.querySelectorAll(".layer")).toHaveLength(1);
  expect(pictures()).toEqual([]);
});

describe("what cannot be shown", () => {
  const gone = (): Element[] => [...document.querySelectorAll("[role=alert]")];
  const refuse = async (testid: string): Promise<void> => {
    const video = document.querySelector(`video[data-testid=${testid}]`);
    // From memory, where it is tried next, there is nothing either.
    video?.dispatchEvent(new Event("error"));
    await vi.waitFor(() => expect(document.querySelector("[role=alert], .note")).not.toBeNull());
  };
  beforeEach(() =>
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("", { status: 404 }))),
  );

  it("is told above both, where nothing cuts, covers or zooms it", async () => {
    const props = show(output("b", "video"), output("a", "video"));
    await refuse("viewer-image");
    expect(gone().map(({ textContent }) => textContent)).toEqual([
      expect.stringContaining("The video cannot be played"),
    ]);
    for (const mode of ["wipe", "difference", "side"] satisfies Mode[]) {
      looking.mode = mode;
      flushSync();
      expect(gone().map((one) => one.closest(".sides"))).toEqual([null]);
      expect(gone()[0]?.parentElement?.classList.contains("b")).toBe(mode === "side");
    }
    // A can still be seen, and the next one says nothing of the one before.
    looking.mode = "wipe";
    props.alone = true;
    flushSync();
    expect(gone()).toEqual([]);
    props.alone = false;
    props.b = output("c", "video");
    flushSync();
    expect(gone()).toEqual([]);
  });

  it("and is compared with is told without covering what is looked at", async () => {
    const props = show(output("b", "video"), output("a", "video"));
    await refuse("viewer-image-a");
    expect(gone()).toEqual([]);
    expect(document.querySelector(".note")?.textContent).toContain("A cannot be shown");
    props.alone = true;
    flushSync();
    expect(document.querySelector(".note")).toBeNull();
    expect(gone()[0]?.textContent).toContain("The video cannot be played");
  });

  it("is told of a picture beside a video as well, and of one that is shown smaller", async () => {
    HTMLImageElement.prototype.decode = () => Promise.reject(new Error("damaged"));
    const props = show(output("damaged", "picture"), output("a", "video"));
    await vi.waitFor(() => expect(gone()[0]?.textContent).toContain("The file cannot be shown"));
    HTMLImageElement.prototype.decode = () => Promise.resolve();
    props.b = { ...output("c", "picture"), w: 20_000, h: 20_000 };
    flushSync();
    await vi.waitFor(() =>
      expect(document.querySelector(".note")?.textContent).toContain("shown from its thumbnail"),
    );
    expect(gone()).toEqual([]);
    document.querySelector<HTMLElement>(".note button")?.click();
    flushSync();
    const file = (): string | null | undefined =>
      document.querySelector("img[data-testid=viewer-image]")?.getAttribute("src");
    await vi.waitFor(() => expect(file()).toBe("media:/asset/c/original"));
    expect(document.querySelector(".note")).toBeNull();
  });
});

it("a video is shown alone where only it is looked at, in a slideshow, or beside a sound", () => {
  const props = show(output("b", "video"), output("a", "video")) as { once: boolean } & ReturnType<
    typeof show
  >;
  const alone = (): boolean =>
    videos().length === 1 &&
    document.querySelector(".half") === null &&
    videos()[0]?.includes("/b/") === true;
  expect(alone()).toBe(false);
  looking.mode = "single";
  flushSync();
  expect(alone()).toBe(true);
  looking.mode = "wipe";
  props.once = true;
  flushSync();
  expect(alone()).toBe(true);
  props.once = false;
  props.a = output("a", "audio");
  flushSync();
  expect(alone()).toBe(true);
});

describe("the difference", () => {
  it("is drawn from both, each whole and in the middle, and anew only where one shows another frame", async () => {
    vi.useFakeTimers();
    const drawn: unknown[] = [];
    const context = (name: string) => {
      const made = {
        globalCompositeOperation: name,
        fillRect: () => drawn.push(`black ${name}`),
        drawImage: ({ id }: Element, ...box: number[]) =>
          drawn.push([made.globalCompositeOperation, id, ...box]),
      };
      return made as never;
    };
    const canvas = vi.spyOn(HTMLCanvasElement.prototype, "getContext");
    canvas.mockReturnValueOnce(context("seen")).mockReturnValueOnce(context("beside"));
    /** What is told of a film's next frame. */
    const frames = new Map<string, () => void>();
    const film = (id: string, w: number, h: number): HTMLVideoElement =>
      Object.defineProperties(document.createElement("video"), {
        id: { value: id },
        videoWidth: { value: w },
        videoHeight: { value: h },
        requestVideoFrameCallback: { value: (see: () => void) => void frames.set(id, see) },
        cancelVideoFrameCallback: { value: () => frames.delete(id) },
      });
    const [a, b] = [film("a", 100, 100), film("b", 100, 50)];
    shown = mount(Difference, {
      target: document.body,
      props: { a, b, size: { w: 200, h: 200 } },
    });
    flushSync();
    const once = [
      "black seen",
      ["source-over", "a", 0, 0, 200, 200],
      // WebKitGTK lays no film over another but as it is.
      "black beside",
      ["beside", "b", 0, 50, 200, 100],
      ["difference", "", 0, 0],
    ];
    const quiet = (): void => expect([vi.getTimerCount(), drawn.splice(0)]).toEqual([0, []]);
    vi.advanceTimersToNextFrame();
    expect(drawn.splice(0)).toEqual(once);
    quiet();
    // Both play: what is drawn for one frame shows those of both.
    frames.get("a")?.();
    frames.get("b")?.();
    vi.advanceTimersToNextFrame();
    expect(drawn.splice(0)).toEqual(once);
    quiet();
    // What was sought may be painted a little later.
    b.dispatchEvent(new Event("seeked"));
    vi.advanceTimersByTime(250);
    drawn.length = 0;
    vi.advanceTimersToNextFrame();
    expect(drawn.splice(0)).toEqual(once);
    vi.advanceTimersByTime(100);
    drawn.length = 0;
    quiet();
    await unmount(shown);
    shown = null;
    a.dispatchEvent(new Event("seeked"));
    expect([vi.getTimerCount(), frames.size]).toEqual([0, 0]);
  });

  it("of films that are very large is drawn smaller", () => {
    shown = mount(Difference, {
      target: document.body,
      props: { a: null, b: null, size: { w: 7680, h: 4320 } },
    });
    flushSync();
    const { width, height } = document.querySelector("canvas") ?? { width: 0, height: 0 };
    expect(width * height).toBeLessThanOrEqual(4_010_000);
    expect(width / height).toBeCloseTo(16 / 9, 2);
  });
});
