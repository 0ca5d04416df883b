import { describe, expect, it } from "vitest";
import type { JobView } from "../../bindings/JobView";
import type { ServerView } from "../../bindings/ServerView";
import { allWait, lookReason, nextTime, ownWait, startText } from "./waiting";

const server = (name: string, link: ServerView["link"], paused = false): ServerView =>
  ({ name, link, paused }) as ServerView;
const job = (more: Partial<JobView> = {}): JobView =>
  ({ state: { kind: "held" }, on_hold: false, needs: "n", ...more }) as JobView;

describe("why all jobs wait", () => {
  it("is said once, and not while a server takes jobs", () => {
    expect(allWait(true, [server("studio", "online")])).toBe("The queue is paused.");
    expect(allWait(false, [])).toMatch(/^No server yet/);
    expect(allWait(false, [server("studio", "online"), server("attic", "offline")])).toBeNull();
    expect(allWait(false, [server("studio", "online", true)])).toMatch(/^studio is paused\. /);
    expect(allWait(false, [server("a", "online", true), server("b", "offline")])).toBe(
      "No server takes jobs: a is paused, b is away.",
    );
    expect(allWait(false, [server("a", "refused"), server("b", "reconnecting")])).toBe(
      "No server takes jobs: a refuses Safelight, b is being reconnected.",
    );
  });
});

describe("why one job waits", () => {
  const waits = new Map([["n", "Waits for attic: studio has no node X"]]);
  it("is the engine's sentence", () => {
    expect(ownWait(job(), waits, null)).toBe("Waits for attic: studio has no node X");
    expect(ownWait(job({ needs: "other" }), waits, null)).toBeNull();
    expect(ownWait(job({ needs: null }), waits, null)).toBeNull();
  });

  it("is not said where something else keeps it, or where it is sent already", () => {
    expect(ownWait(job(), waits, "The queue is paused.")).toBeNull();
    expect(ownWait(job({ on_hold: true }), waits, null)).toBeNull();
    expect(ownWait(job({ state: { kind: "queued" } }), waits, null)).toBeNull();
  });

  it("of one that is held for a look is said as long as it is held", () => {
    const warnings = ["studio has no x.pt."];
    expect(lookReason(job({ on_hold: true, warnings }))).toBe("studio has no x.pt.");
    expect(lookReason(job({ on_hold: true, warnings: [] }))).toBeNull();
    expect(lookReason(job({ warnings }))).toBeNull();
  });
});

describe("a time to start", () => {
  const now = new Date(2026, 10, 24, 21, 30).getTime();
  const on = (day: number, h: number, m: number): number => new Date(2026, 10, day, h, m).getTime();

  it("is the next time the clock shows it", () => {
    expect(nextTime("23:00", now)).toBe(on(24, 23, 0));
    expect(nextTime("7:30", now)).toBe(on(25, 7, 30));
    expect(nextTime(" 0730 ", now)).toBe(on(25, 7, 30));
    expect(nextTime("7.30", now)).toBe(on(25, 7, 30));
    expect(nextTime("23", now)).toBe(on(24, 23, 0));
    expect(nextTime("21:30", now)).toBe(on(25, 21, 30));
    expect(nextTime("00:00", now)).toBe(on(25, 0, 0));
  });

  it.each(["", "24:00", "12:60", "later", "1:2:3", "12:5"])("%j is none", (typed) =>
    expect(nextTime(typed, now)).toBeNull(),
  );

  it("is said as people say it, and not once it has passed", () => {
    expect(startText(null, now)).toBeNull();
    expect(startText(now - 1, now)).toBeNull();
    expect(startText(on(24, 23, 0), now)).toBe("23:00");
    expect(startText(on(25, 7, 5), now)).toBe("tomorrow 07:05");
    expect(startText(on(27, 7, 5), now)).toBe("27 Nov 07:05");
  });
});
