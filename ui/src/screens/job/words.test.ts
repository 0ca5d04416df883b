import { describe, expect, it } from "vitest";
import type { JobView } from "../../bindings/JobView";
import type { NodeView } from "../../bindings/NodeView";
import { jobOf } from "./fixtures";
import { clock, stateTag, timesText, wait } from "./words";

const job = jobOf();

function nodes(...states: NodeView["state"][]): NodeView[] {
  return states.map((state, at) => ({
    id: String(at + 1),
    title: "Node",
    class: "Node",
    state,
    value: null,
    max: null,
    started_at: null,
    ended_at: null,
    made: 0,
  }));
}

describe("stateTag", () => {
  it("says at which node a job failed, and only if that is known", () => {
    expect(stateTag(job, nodes("done", "failed", "waiting")).text).toBe("Failed at node 2 of 3");
    expect(stateTag(job, nodes("waiting", "waiting")).text).toBe("Failed");
    const refused: JobView = {
      ...job,
      trouble: {
        code: "validation",
        message: "",
        details: null,
        node_id: "1",
        node_title: null,
        node_class: null,
        input_name: null,
        received: null,
        allowed: [],
        traceback: null,
      },
    };
    expect(stateTag(refused, nodes("waiting", "waiting")).text).toBe("Failed at node 1 of 2");
  });

  it("is live only while the job runs", () => {
    const tone = (state: JobView["state"]): string => stateTag({ ...job, state }, []).tone;
    expect(tone({ kind: "running" })).toBe("live");
    expect(tone({ kind: "queued" })).toBe("plain");
    expect(tone({ kind: "ended", of: "succeeded" })).toBe("ok");
  });

  it("says that a cancel is under way, and what a held job waits for", () => {
    const held: JobView = { ...job, state: { kind: "held" } };
    expect(stateTag(held, []).text).toBe("Waiting");
    expect(stateTag({ ...held, on_hold: true }, []).text).toBe("On hold");
    expect(stateTag({ ...job, state: { kind: "running" }, cancel_requested: true }, []).text).toBe(
      "Cancelling",
    );
  });
});

describe("times", () => {
  it("says how long it ran and waited", () => {
    expect(timesText(job, "attic-3060", 0)).toBe("ran 1 min 31 s on attic-3060, waited 10 min");
    expect(timesText({ ...job, ended_at: null, created_at: 600_000 }, null, 642_000)).toBe(
      "running 42 s",
    );
    expect(timesText({ ...job, started_at: null, ended_at: null, attempt: 2 }, null, 7_000)).toBe(
      "waiting 7 s, try 2",
    );
    expect(timesText({ ...job, started_at: null }, null, 0)).toBe("never started");
  });

  it("says waits in plain units, and coarser", () => {
    expect([38_000, 89_400, 90_000, 3_590_000, 7_500_000].map(wait)).toEqual([
      "38 s",
      "89 s",
      "2 min",
      "1 h",
      "2 h 5 min",
    ]);
  });

  it("names the date if it was another day", () => {
    const now = new Date(2026, 10, 24, 15).getTime();
    expect(clock(new Date(2026, 10, 24, 14, 9, 58).getTime(), now)).toBe("14:09:58");
    expect(clock(new Date(2026, 10, 23, 14, 9, 58).getTime(), now)).toBe("23 Nov 14:09");
  });
});
