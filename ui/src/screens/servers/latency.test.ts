import { describe, expect, it } from "vitest";
import type { ServerView } from "../../bindings/ServerView";
import { readingsOf, record } from "./latency.svelte";

const server: ServerView = {
  id: "s",
  name: "studio",
  kind: "comfy",
  address: "http://127.0.0.1:8188",
  link: "online",
  message: null,
  retry_at: null,
  live: true,
  facts: null,
  latency_ms: 4,
  ours: 0,
  others: 0,
  max_held: 2,
  paused: false,
  outputs: null,
  odd: [],
};

describe("record", () => {
  it("takes one reading for each thing a server says, and a gap while it is away", () => {
    record([server]);
    record([server]);
    record([{ ...server, latency_ms: 6 }]);
    record([{ ...server, link: "reconnecting" }]);
    expect(readingsOf("s")).toEqual([4, 6, null]);
    record([]);
    expect(readingsOf("s")).toEqual([]);
  });
});
