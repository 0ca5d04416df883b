import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { playing } from "./playing.svelte";
import { APART, PATIENCE_MS, Together } from "./together.svelte";

/** A player as far as the clock knows one; where it is says the test. Without a length nothing is loaded. */
function film(length?: number): HTMLVideoElement & { places: number[]; load(to: number): void } {
  let [at, paused, duration] = [0, true, length ?? NaN];
  const player = Object.assign(document.createElement("video"), {
    places: [] as number[],
    load: (to: number) => {
      duration = to;
      player.dispatchEvent(new Event("loadedmetadata"));
    },
  });
  const own = (name: string, get: () => unknown, set?: (to: never) => void): void =>
    void Object.defineProperty(player, name, { get, ...(set && { set }), configurable: true });
  own("duration", () => duration);
  own("readyState", () => (Number.isNaN(duration) ? 0 : 4));
  own("paused", () => paused);
  own("ended", () => at >= duration);
  own(
    "currentTime",
    () => at,
    (to: number) => {
      // Without a length it goes nowhere, and tells nothing.
      if (Number.isNaN(duration)) return;
      player.places.push(to);
      at = to;
      queueMicrotask(() => player.dispatchEvent(new Event("seeked")));
    },
  );
  const become = (to: boolean): void => {
    if (paused === to) return;
    paused = to;
    player.dispatchEvent(new Event(to ? "pause" : "play"));
  };
  player.play = vi.fn(() => Promise.resolve(become(false)));
  player.pause = vi.fn(() => become(true));
  return player;
}

/** It went on to a place by itself. */
function goesOn(player: HTMLVideoElement & { places: number[] }, to: number): void {
  player.currentTime = to;
  player.places.length = 0;
}

beforeEach(() => {
  vi.useFakeTimers();
  playing.loop = true;
});
afterEach(() => void vi.useRealTimers());

/** Two films that play; A is the longer one. */
function two(): { clock: Together; a: ReturnType<typeof film>; b: ReturnType<typeof film> } {
  const [clock, a, b] = [new Together(), film(10), film(4)];
  clock.join("a", a);
  clock.join("b", b);
  clock.toggle();
  return { clock, a, b };
}

describe("two films", () => {
  it("play, pause and go to another place together", () => {
    const { clock, a, b } = two();
    expect([clock.paused, a.paused, b.paused, clock.duration]).toEqual([false, false, false, 10]);
    goesOn(a, 2);
    goesOn(b, 2.03);
    clock.toggle();
    expect([a.paused, b.paused]).toEqual([true, true]);
    // Standing still they are at the very same place.
    expect([a.places, b.places, clock.time]).toEqual([[2], [2], 2]);
    clock.jump(7);
    expect([a.currentTime, b.currentTime]).toEqual([7, 4]);
  });

  it("are brought together where one went ahead, but not all the time", () => {
    const { clock, a, b } = two();
    goesOn(a, 1);
    goesOn(b, 1 + APART / 2);
    vi.advanceTimersToNextFrame();
    expect([clock.time, b.places]).toEqual([1, []]);
    goesOn(b, 1 + APART * 2);
    vi.advanceTimersToNextFrame();
    expect(b.places).toEqual([1]);
    goesOn(b, 1 + APART * 2);
    vi.advanceTimersToNextFrame();
    expect(b.places).toEqual([]);
    vi.advanceTimersByTime(PATIENCE_MS);
    expect(b.places).toEqual([1]);
    expect(a.places).toEqual([]);
  });

  it("begin anew together when the longer one is over, or both stay there", () => {
    const { clock, a, b } = two();
    goesOn(b, 4);
    b.pause();
    b.dispatchEvent(new Event("ended"));
    // The shorter one waits at its end.
    expect([clock.paused, a.paused]).toEqual([false, false]);
    goesOn(a, 10);
    a.dispatchEvent(new Event("ended"));
    expect([a.currentTime, b.currentTime, b.paused]).toEqual([0, 0, false]);
    playing.loop = false;
    goesOn(a, 10);
    a.dispatchEvent(new Event("ended"));
    expect([clock.paused, a.currentTime]).toEqual([true, 10]);
    clock.toggle();
    expect([clock.paused, a.currentTime]).toEqual([false, 0]);
  });

  it("show the same frame, step by step, the shorter one no further than its end", async () => {
    const { clock, a, b } = two();
    clock.jump(3.94);
    await clock.step(1, 0.1);
    expect(clock.paused).toBe(true);
    expect(a.currentTime).toBeCloseTo(4.05);
    expect(b.currentTime).toBe(4);
    await clock.step(-1, 0.1);
    expect(a.currentTime).toBeCloseTo(3.95);
    expect(b.currentTime).toBeCloseTo(3.95);
  });

  it("are stepped through where one of them cannot be played", async () => {
    const [clock, a, b] = [new Together(), film(), film(10)];
    clock.join("a", a);
    const leave = clock.join("b", b);
    await clock.step(1, 0.1);
    await clock.step(1, 0.1);
    expect(b.currentTime).toBeCloseTo(0.25);
    // Nothing is left to step through.
    leave();
    await clock.step(-1, 0.1);
    expect(clock.time).toBeCloseTo(0.25);
  });

  it("do both what the system does to one", () => {
    const { clock, a, b } = two();
    b.pause();
    expect([clock.paused, a.paused]).toEqual([true, true]);
    void a.play();
    expect([clock.paused, b.paused]).toEqual([false, false]);
  });

  it("end with the one that may not be played", async () => {
    const { clock, a } = two();
    clock.pause();
    vi.mocked(a.play).mockRejectedValueOnce(new DOMException("No.", "NotAllowedError"));
    clock.play();
    await vi.advanceTimersByTimeAsync(0);
    expect(clock.paused).toBe(true);
  });
});

it("brings a film that comes later to where the other one is", () => {
  const [clock, a] = [new Together(), film(10)];
  const first = film(10);
  clock.join("a", a);
  const leave = clock.join("b", first);
  clock.toggle();
  goesOn(first, 3);
  goesOn(a, 3);
  vi.advanceTimersToNextFrame();
  leave();
  const next = film(8);
  clock.join("b", next);
  expect([next.currentTime, next.paused, clock.paused]).toEqual([3, false, false]);
});

it("goes on where it was with two other films, also before their lengths are known", () => {
  const [clock, ...before] = [new Together(), film(10), film(10)] as const;
  const leave = [clock.join("a", before[0]), clock.join("b", before[1])] as const;
  clock.toggle();
  for (const one of before) goesOn(one, 3);
  vi.advanceTimersToNextFrame();
  const [a, b] = [film(), film()];
  leave[0]();
  clock.join("a", a);
  leave[1]();
  clock.join("b", b);
  vi.advanceTimersToNextFrame();
  expect([clock.time, clock.paused]).toEqual([3, false]);
  a.load(10);
  expect([a.currentTime, a.paused]).toEqual([3, false]);
  clock.pause();
  expect([clock.time, a.currentTime]).toEqual([3, 3]);
  b.load(20);
  expect([b.currentTime, b.paused]).toEqual([3, true]);
});

it("is paused where it was while nothing is known of its films", () => {
  const [clock, first, next] = [new Together(), film(10), film()];
  const leave = clock.join("b", first);
  clock.join("a", film());
  clock.jump(3);
  clock.play();
  leave();
  clock.join("b", next);
  clock.pause();
  next.load(10);
  expect([clock.time, next.currentTime]).toEqual([3, 3]);
});

it("begins at the beginning where no film was before", () => {
  const [clock, a] = [new Together(), film(10)];
  const leave = clock.join("b", a);
  clock.toggle();
  goesOn(a, 3);
  vi.advanceTimersToNextFrame();
  leave();
  expect([clock.paused, clock.duration]).toEqual([true, 0]);
  const next = film(8);
  clock.join("b", next);
  expect([clock.time, clock.paused, next.paused]).toEqual([0, true, true]);
});
