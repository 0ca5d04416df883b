import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Slideshow } from "./slideshow.svelte";

describe("a slideshow", () => {
  let shown = 0;
  let more = true;
  let show: Slideshow;
  beforeEach(() => {
    vi.useFakeTimers();
    shown = 0;
    more = true;
    show = new Slideshow(() => {
      shown += 1;
      return Promise.resolve(more);
    });
  });
  afterEach(() => {
    show.stop();
    vi.useRealTimers();
  });
  const pass = (seconds: number): void => void vi.advanceTimersByTime(seconds * 1000);

  it("goes on a while after a picture is seen, not before", () => {
    show.start();
    pass(60);
    expect(shown).toBe(0);
    show.seen(false);
    pass(4.9);
    expect(shown).toBe(0);
    pass(0.2);
    expect(shown).toBe(1);
    pass(60);
    expect(shown).toBe(1);
    show.seen(false);
    pass(5.1);
    expect(shown).toBe(2);
  });

  it("stands still while it is paused, and begins the time anew", () => {
    show.start();
    show.seen(false);
    pass(4);
    show.pause(true);
    pass(60);
    expect(shown).toBe(0);
    show.pause(false);
    pass(4.9);
    expect(shown).toBe(0);
    pass(0.2);
    expect(shown).toBe(1);
  });

  it("waits for what plays to end", () => {
    show.start();
    show.seen(true);
    pass(60);
    expect(shown).toBe(0);
    show.played();
    expect(shown).toBe(1);
  });

  it("tries again after a while where there is no other one", async () => {
    more = false;
    show.start();
    show.seen(false);
    await vi.advanceTimersByTimeAsync(5100);
    expect(shown).toBe(1);
    more = true;
    await vi.advanceTimersByTimeAsync(5100);
    expect(shown).toBe(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(shown).toBe(2);

    show.seen(true);
    more = false;
    show.played();
    await vi.advanceTimersByTimeAsync(5100);
    expect(shown).toBe(4);
  });

  it("a video that ended while it was paused is not played again", () => {
    show.start();
    show.seen(true);
    show.pause(true);
    show.played();
    expect(shown).toBe(0);
    show.pause(false);
    pass(5.1);
    expect(shown).toBe(1);
  });

  it("is over when it is stopped, and keeps within its paces", () => {
    show.start();
    show.seen(false);
    show.stop();
    pass(60);
    expect(shown).toBe(0);
    for (let turn = 0; turn < 9; turn += 1) show.pace(-1);
    expect(show.seconds).toBe(2);
    for (let turn = 0; turn < 9; turn += 1) show.pace(1);
    expect(show.seconds).toBe(30);
  });
});
