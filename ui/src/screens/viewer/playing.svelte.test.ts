import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { frameLength } from "./learn";
import { Pace, seek } from "./pace.svelte";
import PlayBar from "./PlayBar.svelte";
import { playing } from "./playing.svelte";
import Sound from "./Sound.svelte";
import Video from "./Video.svelte";

vi.mock("../../host", () => ({
  mediaUrl: (path: string) => `media:/${path}`,
  commands: { asset_get: () => Promise.resolve([]) },
}));
vi.mock("./learn", () => ({ frameLength: vi.fn() }));
vi.mock("../../lib/waveform", () => ({ peaksOf: () => Promise.resolve(null), barsOf: vi.fn() }));

const play = vi.fn<() => Promise<void>>(() => Promise.resolve());
const onshown = vi.fn();

vi.stubGlobal(
  "ResizeObserver",
  class {
    observe = vi.fn();
    unobserve = vi.fn();
    disconnect = vi.fn();
  },
);
beforeEach(() => {
  vi.clearAllMocks();
  HTMLMediaElement.prototype.play = play;
});
let shown: object | null = null;
afterEach(async () => {
  if (shown !== null) await unmount(shown);
  shown = null;
});

describe.each([
  { what: "a video", of: Video, tag: "video" },
  { what: "a sound", of: Sound, tag: "audio" },
])("$what in a slideshow", ({ of, tag }) => {
  /** Shown outside of a slideshow; gives how one is begun, and its player. */
  function show(): { props: { once: boolean }; player: HTMLMediaElement } {
    const props = $state({ id: "a", title: "A", well: "well", once: false, onshown });
    shown = mount(of, { target: document.body, props });
    flushSync();
    const player = document.querySelector<HTMLMediaElement>(tag);
    if (player === null) throw new Error("There is no player.");
    return { props, player };
  }
  const loaded = (player: HTMLMediaElement): void =>
    void Object.defineProperty(player, "readyState", { value: 4 });

  it("that is there and stands still is played", () => {
    const { props, player } = show();
    loaded(player);
    expect(play).not.toHaveBeenCalled();
    props.once = true;
    flushSync();
    expect(play).toHaveBeenCalledTimes(1);
    player.dispatchEvent(new Event("play"));
    expect(onshown.mock.calls).toEqual([[true]]);
  });

  it("is played when it is there", () => {
    const { props, player } = show();
    props.once = true;
    flushSync();
    expect(play).not.toHaveBeenCalled();
    player.dispatchEvent(new Event("loadeddata"));
    expect(play).toHaveBeenCalledTimes(1);
  });

  it("is passed over after a while if it may not be played", async () => {
    const { props, player } = show();
    loaded(player);
    play.mockRejectedValueOnce(new DOMException("No.", "NotAllowedError"));
    props.once = true;
    flushSync();
    await vi.waitFor(() => expect(onshown.mock.calls).toEqual([[false]]));
    // Paused by the artist, it waits.
    play.mockRejectedValueOnce(new DOMException("Paused.", "AbortError"));
    player.dispatchEvent(new Event("loadeddata"));
    await Promise.resolve();
    expect(onshown.mock.calls).toEqual([[false], [true]]);
  });
});

describe("how long a frame lasts", () => {
  const learnt: ((length: number | null) => void)[] = [];
  beforeEach(() => {
    learnt.length = 0;
    vi.mocked(frameLength).mockImplementation(() => new Promise((tell) => learnt.push(tell)));
  });

  it("is looked for once, and waited for by each step meanwhile", async () => {
    const pace = new Pace();
    pace.watch(document.createElement("video"));
    const told: (number | null)[] = [];
    const step = async (): Promise<void> => {
      if (await pace.learn()) told.push(pace.length);
    };
    const steps = [step(), step()];
    await tick();
    expect([told, learnt.length]).toEqual([[], 1]);
    learnt[0]?.(0.1);
    await Promise.all(steps);
    await step();
    expect([told, learnt.length]).toEqual([[0.1, 0.1, 0.1], 1]);
  });

  it("is looked for anew of another video, and not twice where it is told by none", async () => {
    const pace = new Pace();
    pace.watch(document.createElement("video"));
    const before = pace.learn();
    pace.watch(document.createElement("video"));
    const now = pace.learn();
    learnt[0]?.(0.1);
    learnt[1]?.(null);
    expect(await Promise.all([before, now, pace.learn()])).toEqual([false, true, true]);
    expect([pace.length, pace.asked, learnt.length]).toEqual([null, true, 2]);
  });
});

it("waits for a place that is shown, and not for one of a video that is not there", async () => {
  const player = document.createElement("video");
  await seek(player, 1);
  Object.defineProperty(player, "readyState", { value: 4 });
  const ended = vi.spyOn(AbortController.prototype, "abort");
  let there = false;
  const sought = seek(player, 2).then(() => (there = true));
  await Promise.resolve();
  expect(there).toBe(false);
  player.dispatchEvent(new Event("seeked"));
  await sought;
  // It listens for none of the three any more.
  expect(ended).toHaveBeenCalledTimes(1);
  ended.mockRestore();
});

it("draws how far it is and how loud, also while its length is not known", () => {
  const props = $state({
    paused: true,
    time: 0.5,
    duration: 2,
    pace: new Pace(),
    ontoggle: vi.fn(),
    onstep: vi.fn(),
    onjump: vi.fn(),
  });
  playing.volume = 0.25;
  shown = mount(PlayBar, { target: document.body, props });
  const drawn = (): string[] => {
    flushSync();
    return [...document.querySelectorAll<HTMLElement>(".slide")].map(({ style }) =>
      style.getPropertyValue("--at"),
    );
  };
  expect(drawn()).toEqual(["25%", "25%"]);
  props.duration = NaN;
  playing.volume = 1;
  expect(drawn()).toEqual(["0%", "100%"]);
});
