import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { AssetView } from "../../bindings/AssetView";
import { commands, keepModelPicture } from "../../host";
import type { Drawn } from "./model-cache";
import { modelPictures, ModelPictures, REST_MS } from "./model-pictures";

const painter = vi.hoisted(() => ({ made: 0, closed: 0, lost: false, draw: vi.fn() }));
vi.mock("../../host", () => ({
  mediaUrl: (path: string) => `media:/${path}`,
  commands: { asset_get: vi.fn() },
  keepModelPicture: vi.fn(),
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
/** What the library's cache has, by `id/size`. */
const cache = new Map<string, string>();
/** What is asked of the cache, and the files that are read. */
const asked: string[] = [];
const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();
const png = (text: string): string => `data:image/png;base64,${btoa(text)}`;
/** What is drawn of a `.glb`. */
const glb = png("glb 512");

function answer(url: string, init: RequestInit): Promise<Response> {
  const [, id, size] = url.split("/").slice(1);
  if (size === "original") return fetched(url, init);
  const what = `${id}/${size}`;
  asked.push(what);
  const has = cache.get(what);
  const headers = { "content-type": "image/png" };
  const there = has !== undefined;
  return Promise.resolve(
    there ? new Response(has, { headers }) : new Response(null, { status: 204 }),
  );
}

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(painter, { made: 0, closed: 0, lost: false });
  painter.draw.mockReset().mockImplementation((_content, ending, edge) => png(`${ending} ${edge}`));
  cache.clear();
  asked.length = 0;
  vi.mocked(keepModelPicture).mockReset().mockRejectedValue(new Error("The disk is full."));
  fetched.mockReset().mockImplementation(() => Promise.resolve(new Response("a model")));
  vi.stubGlobal("fetch", answer);
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
function ask(
  pictures: ModelPictures,
  told: Told[],
  id: string,
  { top = 0, edge = 256, away = false } = {},
): () => void {
  const tell = (drawn: Drawn | null): void => void told.push({ id, drawn });
  return pictures.want({ id, edge, element: at(top), away, tell });
}
const order = (): unknown[] => fetched.mock.calls.map(([url]) => url.split("/")[2]);
const handedOver = (): unknown[] =>
  vi
    .mocked(keepModelPicture)
    .mock.calls.map(([id, bytes]) => [id, new TextDecoder().decode(bytes)]);

it("draws what is in the window first, one at a time, and gives the graphics card back", async () => {
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  ask(pictures, told, "above", { top: -400 });
  ask(pictures, told, "below", { top: window.innerHeight + 100 });
  const gone = ask(pictures, told, "gone");
  ask(pictures, told, "here", { top: 200 });
  gone();
  let drawing = 0;
  painter.draw.mockImplementation(async (_content, ending, edge) => {
    drawing += 1;
    await Promise.resolve();
    expect(drawing).toBe(1);
    drawing -= 1;
    return png(`${ending} ${edge}`);
  });
  await vi.runAllTimersAsync();
  expect(order()).toEqual(["here", "below", "above"]);
  expect(told[0]).toEqual({ id: "here", drawn: { url: glb, edge: 512 } });
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

it.each(["scroll", "resize"])("waits while the page moves: %s", (moved) => {
  const scrolled = vi.spyOn(modelPictures, "scrolled").mockReturnValue();
  const list = document.createElement("div");
  document.body.append(list);
  // Scrolling a list within the page is told by the list alone.
  (moved === "scroll" ? list : window).dispatchEvent(new Event(moved));
  expect(scrolled).toHaveBeenCalledTimes(1);
  scrolled.mockRestore();
  list.remove();
});

it("draws nothing that is far from the window before it is scrolled to", async () => {
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  let top = window.innerHeight + 501;
  const element = {
    getBoundingClientRect: () => ({ top, bottom: top + 100 }),
  } as Element;
  pictures.want({
    ...{ id: "far", edge: 256, element, away: false },
    tell: (drawn) => void told.push({ id: "far", drawn }),
  });
  ask(pictures, told, "above", { top: -601 });
  ask(pictures, told, "near", { top: window.innerHeight + 500 });
  await vi.runAllTimersAsync();
  expect([order(), told.map(({ id }) => id)]).toEqual([["near"], ["near"]]);
  expect(painter.closed).toBe(1);
  top = 0;
  pictures.scrolled();
  await vi.runAllTimersAsync();
  expect([order(), told.at(-1)?.drawn?.url]).toEqual([["near", "far"], glb]);
});

it("draws once for what is shown larger than anything is drawn", async () => {
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  ask(pictures, told, "a", { edge: 1024 });
  await vi.runAllTimersAsync();
  ask(pictures, told, "a", { edge: 2048 });
  cache.set("b/large", "large");
  ask(pictures, told, "b", { edge: 1024 });
  await vi.runAllTimersAsync();
  expect(told.map(({ id, drawn }) => [id, drawn?.url])).toEqual([
    ["a", glb],
    ["a", glb],
    ["b", png("large")],
  ]);
  expect(order()).toEqual(["a"]);
});

it("shows what the cache has at once, reads no file for it, and asks once", async () => {
  cache.set("a/thumb", "small").set("a/large", "large").set("b/thumb", "b");
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  ask(pictures, told, "a");
  ask(pictures, told, "a");
  await vi.advanceTimersByTimeAsync(0);
  const small = { id: "a", drawn: { url: png("small"), edge: 256 } };
  expect(told).toEqual([small, small]);
  // A larger one is another question.
  ask(pictures, told, "a", { edge: 512 });
  ask(pictures, told, "b", { away: true });
  await vi.advanceTimersByTimeAsync(0);
  expect(told.slice(2)).toEqual([
    small,
    { id: "a", drawn: { url: png("large"), edge: 512 } },
    { id: "b", drawn: { url: png("b"), edge: 256 } },
  ]);
  for (const edge of [256, 512]) ask(pictures, told, "a", { edge });
  pictures.scrolled();
  await vi.runAllTimersAsync();
  expect(asked).toEqual(["a/thumb", "a/large", "b/thumb"]);
  expect([fetched.mock.calls.length, painter.made, handedOver()]).toEqual([0, 0, []]);
});

it("draws what the cache lacks once for all sizes, and hands it over", async () => {
  vi.mocked(keepModelPicture).mockImplementation((id) => {
    cache.set(`${id}/thumb`, "kept").set(`${id}/large`, "kept");
    return Promise.resolve(null);
  });
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  ask(pictures, told, "a");
  ask(pictures, told, "a", { edge: 512 });
  await vi.runAllTimersAsync();
  ask(pictures, told, "a", { edge: 512 });
  await vi.runAllTimersAsync();
  expect(told.map(({ drawn }) => drawn)).toEqual(Array(3).fill({ url: glb, edge: 512 }));
  expect([order(), handedOver()]).toEqual([["a"], [["a", "glb 512"]]]);
  // In the next session it is there.
  const [next, seen]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  ask(next, seen, "a", { edge: 512 });
  await vi.runAllTimersAsync();
  expect(seen).toEqual([{ id: "a", drawn: { url: png("kept"), edge: 512 } }]);
  expect([order(), handedOver().length]).toEqual([["a"], 1]);
});

it("shows the cache's small one until a larger one is drawn", async () => {
  cache.set("a/thumb", "small");
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  ask(pictures, told, "a", { edge: 512 });
  await vi.runAllTimersAsync();
  expect(told.map(({ drawn }) => drawn)).toEqual([
    { url: png("small"), edge: 256 },
    { url: glb, edge: 512 },
  ]);
  expect([asked, order()]).toEqual([["a/large", "a/thumb"], ["a"]]);
});

it("draws nothing of a file that is away, until it is back", async () => {
  cache.set("small/thumb", "small");
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  ask(pictures, told, "a", { away: true });
  ask(pictures, told, "small", { away: true, edge: 512 });
  await vi.runAllTimersAsync();
  expect(told.map(({ id, drawn }) => [id, drawn?.url])).toEqual([
    ["a", undefined],
    ["small", png("small")],
    ["small", png("small")],
  ]);
  expect(fetched).not.toHaveBeenCalled();
  ask(pictures, told, "a");
  await vi.runAllTimersAsync();
  expect(told.at(-1)?.drawn?.url).toBe(glb);
  expect(asked).toEqual(["a/thumb", "small/large", "small/thumb"]);
});

/** The cache answers so, and files are read as ever. */
const cacheGives = (give: (url: string, signal: AbortSignal) => Promise<Response>): unknown =>
  vi.stubGlobal("fetch", (url: string, init: RequestInit & { signal: AbortSignal }) =>
    url.endsWith("original") ? fetched(url, init) : give(url, init.signal),
  );

it("draws where the cache does not answer, and asks it again", async () => {
  const cases: [string, () => Promise<Response>][] = [
    ["broken", () => Promise.reject(new Error("It ends."))],
    ["gone", () => Promise.resolve(new Response("", { status: 404 }))],
    ["failed", () => Promise.resolve(new Response("", { status: 500 }))],
  ];
  for (const [id, give] of cases) {
    const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
    const asks = vi.fn(give);
    cacheGives(asks);
    ask(pictures, told, `${id} away`, { away: true });
    ask(pictures, told, `${id} here`);
    fetched.mockResolvedValueOnce(new Response("", { status: 404 }));
    ask(pictures, told, `${id} unread`);
    await vi.runAllTimersAsync();
    const urls = told.map((one) => [one.id, one.drawn?.url]);
    expect(urls, id).toEqual([
      [`${id} away`, undefined],
      [`${id} here`, undefined],
      [`${id} unread`, glb],
    ]);
    expect(asks).toHaveBeenCalledTimes(3);
    // Nothing is remembered.
    vi.stubGlobal("fetch", answer);
    for (const one of ["away", "here"]) {
      cache.set(`${id} ${one}/thumb`, one);
      ask(pictures, told, `${id} ${one}`, { away: true });
    }
    await vi.advanceTimersByTimeAsync(0);
    expect(told.slice(3).map(({ drawn }) => drawn?.url)).toEqual([png("away"), png("here")]);
  }
});

it("learns nothing from an answer that comes after it was drawn and handed over", async () => {
  vi.mocked(keepModelPicture).mockResolvedValue(null);
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  const none = (): Response => new Response(null, { status: 204 });
  let late: (answer: Response) => void = () => undefined;
  cacheGives((url) =>
    url.endsWith("large") ? new Promise((give) => (late = give)) : Promise.resolve(none()),
  );
  ask(pictures, told, "a", { edge: 512 });
  ask(pictures, told, "a");
  await vi.runAllTimersAsync();
  expect([told.map(({ drawn }) => drawn?.url), handedOver().length]).toEqual([[glb, glb], 1]);
  late(none());
  await vi.runAllTimersAsync();
  // It is let go of for what is larger; the cache has it.
  vi.stubGlobal("fetch", answer);
  painter.draw.mockReturnValueOnce("!".repeat(33 * MB));
  ask(pictures, told, "b");
  await vi.runAllTimersAsync();
  cache.set("a/large", "kept");
  ask(pictures, told, "a", { edge: 512 });
  await vi.runAllTimersAsync();
  expect([told.at(-1)?.drawn?.url, order()]).toEqual([png("kept"), ["a", "b"]]);
});

it("asks the cache a few at once, the last first, and not for what nobody waits for", async () => {
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  const asks: { id: string | undefined; signal: AbortSignal; give: (answer: Response) => void }[] =
    [];
  cacheGives(
    (url, signal) =>
      new Promise((give, refuse) => {
        asks.push({ id: url.split("/")[2], signal, give });
        signal.addEventListener("abort", () => refuse(new Error("It was ended.")));
      }),
  );
  const leave = new Map<string, () => void>();
  for (let at = 0; at < 12; at += 1) leave.set(`${at}`, ask(pictures, told, `${at}`));
  const twice = ask(pictures, told, "0");
  const ids = (): unknown[] => asks.map(({ id }) => id);
  const first = ["0", "1", "2", "3", "4", "5", "6", "7"];
  expect(ids()).toEqual(first);
  // Left before its turn, it is never asked for.
  leave.get("10")?.();
  asks[1]?.give(new Response("1"));
  await vi.advanceTimersByTimeAsync(0);
  expect(ids()).toEqual([...first, "11"]);
  leave.get("2")?.();
  expect([asks[2]?.signal.aborted, ids()]).toEqual([true, [...first, "11", "9"]]);
  // Another one waits for the same.
  leave.get("0")?.();
  expect(asks[0]?.signal.aborted).toBe(false);
  twice();
  expect([asks[0]?.signal.aborted, ids()]).toEqual([true, [...first, "11", "9", "8"]]);
  await vi.runAllTimersAsync();
  expect([told.map(({ id }) => id), fetched.mock.calls.length]).toEqual([["1"], 0]);
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
  expect(told.slice(2).map(({ drawn }) => drawn?.url)).toEqual([undefined, glb]);
});

it("keeps the cache's small picture where no larger one can be drawn", async () => {
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
  const small = png("small");
  for (const [id, fail, enough] of cases) {
    painter.lost = false;
    cache.set(`${id}/thumb`, "small");
    fail();
    ask(pictures, told, id, { edge: 512 });
    await vi.runAllTimersAsync();
    expect(told.at(-1), id).toMatchObject({ id, drawn: { url: small, edge: enough } });
  }
  cache.set("late/large", "large");
  ask(pictures, told, "damaged", { edge: 512 });
  for (const id of ["other", "late"]) ask(pictures, told, id, { edge: 512 });
  await vi.runAllTimersAsync();
  const last = told.slice(-3).map(({ drawn }) => drawn?.url);
  expect(last).toEqual([small, undefined, png("large")]);
  expect(handedOver()).toEqual([]);
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
  expect(told.map(({ drawn }) => drawn?.url)).toEqual([undefined, glb]);
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

it("keeps no more than fits, and draws again what was let go and is not in the cache", async () => {
  const [pictures, told]: [ModelPictures, Told[]] = [new ModelPictures(), []];
  // No base64: as a full disk, it is not handed over.
  painter.draw.mockImplementation(() => "!".repeat(12 * MB));
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
