import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { AssetView } from "../../bindings/AssetView";
import { commands } from "../../host";
import { ModelPictures, REST_MS, type Drawn } from "./model-pictures";

const painter = vi.hoisted(() => ({ made: 0, closed: 0, lost: false, draw: vi.fn() }));
vi.mock("../../host", () => ({
  mediaUrl: (path: string) => `media:/${path}`,
  commands: { asset_get: vi.fn() },
}));
vi.mock("../viewer/painter", () => ({
  Painter: class {
    draw = painter.draw;
    constructor() {
      painter.made += 1;
      if (painter.made < 0) throw new Error("This computer offers no 3D drawing (WebGL).");
    }
    get lost(): boolean {
      return painter.lost;
    }
    close(): void {
      painter.closed += 1;
    }
  },
}));

const MB = 1024 * 1024;
const files: Record<string, { path: string; bytes: number }> = {};
const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(painter, { made: 0, closed: 0, lost: false });
  painter.draw.mockReset().mockImplementation((_content, ending, edge) => `${ending} ${edge}`);
  fetched.mockReset().mockImplementation(() => Promise.resolve(new Response("a model")));
  vi.stubGlobal("fetch", fetched);
  vi.mocked(commands.asset_get).mockImplementation(({ ids }) =>
    Promise.resolve(
      ids.map((id) => ({ id, path: `${id}.glb`, bytes: 4, ...files[id] }) as AssetView),
    ),
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  for (const id of Object.keys(files)) delete files[id];
});

/** A place of the page, from its top. */
const at = (top: number): Element =>
  ({ getBoundingClientRect: () => ({ top, bottom: top + 100 }) }) as Element;

type Told = { id: string; drawn: Drawn | null };
function ask(pictures: ModelPictures, told: Told[], id: string, top = 0, edge = 256): () => void {
  return pictures.want({ id, edge, element: at(top), tell: (drawn) => told.push({ id, drawn }) });
}
const order = (): unknown[] => fetched.mock.calls.map(([url]) => url.split("/")[2]);

it("draws what is in the window first, one at a time, and gives the graphics card back", async () => {
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  ask(pictures, told, "above", -400);
  ask(pictures, told, "below", window.innerHeight + 100);
  const gone = ask(pictures, told, "gone");
  ask(pictures, told, "here", 200);
  gone();
  let drawing = 0;
  painter.draw.mockImplementation(async (_content, ending, edge) => {
    drawing += 1;
    await Promise.resolve();
    expect(drawing).toBe(1);
    drawing -= 1;
    return `${ending} ${edge}`;
  });
  await vi.runAllTimersAsync();
  expect(order()).toEqual(["here", "below", "above"]);
  expect(told[0]).toEqual({ id: "here", drawn: { url: "glb 256", edge: 256, ending: "glb" } });
  expect([painter.made, painter.closed]).toEqual([1, 1]);
});

it("begins nothing while the grid is scrolled, and fetches again what was broken off", async () => {
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  ask(pictures, told, "a");
  for (let times = 0; times < 5; times += 1) {
    await vi.advanceTimersByTimeAsync(REST_MS - 1);
    pictures.scrolled();
  }
  expect(fetched).not.toHaveBeenCalled();
  fetched.mockImplementationOnce(
    (_url, { signal }) =>
      new Promise((_, refuse) => signal?.addEventListener("abort", () => refuse(new Error()))),
  );
  await vi.advanceTimersByTimeAsync(REST_MS);
  expect(fetched).toHaveBeenCalledTimes(1);
  pictures.scrolled();
  await vi.advanceTimersByTimeAsync(REST_MS - 1);
  expect([fetched.mock.calls.length, told.length]).toEqual([1, 0]);
  await vi.runAllTimersAsync();
  expect(order()).toEqual(["a", "a"]);
  expect(told).toHaveLength(1);
});

it("draws a file once for all sizes up to it, and once more for a larger one", async () => {
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  ask(pictures, told, "a");
  await vi.runAllTimersAsync();
  ask(pictures, told, "a");
  await vi.runAllTimersAsync();
  expect(painter.draw).toHaveBeenCalledTimes(1);
  ask(pictures, told, "a", 0, 512);
  // The small one is shown until then.
  expect(told.map(({ drawn }) => drawn?.edge)).toEqual([256, 256, 256]);
  await vi.runAllTimersAsync();
  expect(told.at(-1)?.drawn?.edge).toBe(512);
  ask(pictures, told, "a");
  expect(painter.draw).toHaveBeenCalledTimes(2);
});

it("reads nothing that is too large, or that the viewer does not draw either", async () => {
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  files["large"] = { path: "large.glb", bytes: 33 * MB };
  files["text"] = { path: "text.obj", bytes: 9 * MB };
  files["usd"] = { path: "scene.usdz", bytes: 4 };
  for (const id of ["large", "text", "usd"]) ask(pictures, told, id);
  await vi.runAllTimersAsync();
  expect(told.map(({ drawn }) => drawn)).toEqual([null, null, null]);
  expect(fetched).not.toHaveBeenCalled();
  ask(pictures, told, "large");
  expect(told).toHaveLength(4);
});

it("does not try a damaged file again, but one that was away", async () => {
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  painter.draw.mockRejectedValueOnce(new Error("It is damaged."));
  ask(pictures, told, "damaged");
  await vi.runAllTimersAsync();
  ask(pictures, told, "damaged");
  await vi.runAllTimersAsync();
  expect(told.map(({ drawn }) => drawn)).toEqual([null, null]);
  fetched.mockResolvedValueOnce(new Response("", { status: 404 }));
  ask(pictures, told, "away");
  await vi.runAllTimersAsync();
  ask(pictures, told, "away");
  await vi.runAllTimersAsync();
  expect(told.slice(2).map(({ drawn }) => drawn?.url)).toEqual([undefined, "glb 256"]);
});

it("keeps the small picture where no larger one can be drawn", async () => {
  const cases: [string, () => void, number][] = [
    ["away", () => fetched.mockResolvedValueOnce(new Response("", { status: 404 })), 256],
    ["damaged", () => painter.draw.mockRejectedValueOnce(new Error("It is damaged.")), 512],
    ["grown", () => (files["grown"] = { path: "grown.glb", bytes: 33 * MB }), 512],
    ["lost", () => painter.draw.mockImplementationOnce(lose), 256],
    // The last one: nothing is drawn after it.
    ["unable", () => (painter.made = -5), 256],
  ];
  function lose(): never {
    painter.lost = true;
    throw new Error("The graphics card was taken away.");
  }
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  for (const [id, fail, enough] of cases) {
    painter.lost = false;
    ask(pictures, told, id);
    await vi.runAllTimersAsync();
    fail();
    ask(pictures, told, id, 0, 512);
    await vi.runAllTimersAsync();
    expect(told.at(-1), id).toMatchObject({ id, drawn: { url: "glb 256", edge: enough } });
  }
  ask(pictures, told, "damaged", 0, 512);
  ask(pictures, told, "other");
  expect(told.slice(-2).map(({ drawn }) => drawn?.url)).toEqual(["glb 256", undefined]);
});

it("goes on with another drawing where the graphics card was taken away", async () => {
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  painter.draw.mockImplementationOnce(() => {
    painter.lost = true;
    throw new Error("The graphics card was taken away.");
  });
  ask(pictures, told, "a");
  await vi.runAllTimersAsync();
  painter.lost = false;
  ask(pictures, told, "a");
  await vi.runAllTimersAsync();
  expect(told.map(({ drawn }) => drawn?.url)).toEqual([undefined, "glb 256"]);
  expect(painter.made).toBe(2);
});

it("leaves the icons where there is no WebGL, and asks no more", async () => {
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  painter.made = -5;
  ask(pictures, told, "a");
  ask(pictures, told, "b");
  await vi.runAllTimersAsync();
  expect(told).toEqual([
    { id: "a", drawn: null },
    { id: "b", drawn: null },
  ]);
  ask(pictures, told, "c");
  await vi.runAllTimersAsync();
  expect(order()).toEqual(["a"]);
});

it("keeps no more than fits, and draws again what was let go", async () => {
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  painter.draw.mockImplementation(() => "x".repeat(12 * MB));
  for (const id of ["a", "b"]) ask(pictures, told, id);
  await vi.runAllTimersAsync();
  // Looked at again, it stays before the other one.
  ask(pictures, told, "a");
  ask(pictures, told, "c");
  await vi.runAllTimersAsync();
  ask(pictures, told, "a");
  ask(pictures, told, "b");
  await vi.runAllTimersAsync();
  expect(order()).toEqual(["a", "b", "c", "b"]);
});
