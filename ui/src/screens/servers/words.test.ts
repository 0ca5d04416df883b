import { describe, expect, it } from "vitest";
import type { ServerView } from "../../bindings/ServerView";
import {
  deviceName,
  dot,
  gigabytes,
  isWholePath,
  jobsText,
  memory,
  nameFor,
  oddText,
  oddTitle,
  outputsHint,
  stateText,
  versionText,
} from "./words";

const server: ServerView = {
  id: "s",
  name: "studio-4090",
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
const device = {
  name: "cuda:0 NVIDIA GeForce RTX 4090 : native",
  kind: "cuda",
  vram_total: 24,
  vram_free: 2,
};

describe("state", () => {
  it("is live only where one of our jobs develops", () => {
    expect(dot(server, true)).toBe("busy");
    expect(dot({ ...server, others: 3 }, false)).toBe("");
    expect(dot({ ...server, link: "refused" }, true)).toBe("err");
  });

  it("says what the server does", () => {
    expect(stateText(server, false, 0)).toBe("Ready");
    expect(stateText({ ...server, ours: 3 }, true, 0)).toBe("Busy, 2 more of ours");
    expect(stateText({ ...server, others: 1 }, false, 0)).toBe("Busy with other jobs");
    expect(stateText({ ...server, ours: 2, paused: true }, false, 0)).toBe(
      "2 jobs wait there, paused",
    );
    expect(stateText({ ...server, paused: true }, false, 0)).toBe("Paused");
    expect(stateText({ ...server, link: "reconnecting", retry_at: 2_500 }, false, 0)).toBe(
      "Reconnecting in 3 s",
    );
    expect(stateText({ ...server, link: "offline", retry_at: 600_000 }, false, 0)).toBe(
      "Offline, next try in 10 min",
    );
    expect(stateText({ ...server, link: "offline" }, false, 0)).toBe("Offline");
    expect(jobsText({ ...server, ours: 2, others: 1 })).toBe("2 of ours, 1 of others");
  });
});

describe("facts", () => {
  it("leaves out build details and what is not known", () => {
    const facts = {
      version: "0.4.1",
      python: "3.12.3 (main, Feb 4 2025)",
      pytorch: "2.9.0+cu128",
      os: null,
      devices: [],
      node_classes: null,
    };
    expect(versionText(facts, false)).toBe("ComfyUI 0.4.1, Python 3.12.3, PyTorch 2.9.0");
    expect(versionText({ ...facts, python: null, pytorch: null }, true)).toBe(
      "Practice engine 0.4.1",
    );
  });

  it("names the card and its memory", () => {
    expect(deviceName(device)).toBe("RTX 4090");
    expect(deviceName({ ...device, name: "cpu" })).toBe("cpu");
    expect(memory(device)).toEqual({ used: 22, total: 24, share: 22 / 24, tight: true });
    expect(memory({ ...device, vram_free: null })).toBeNull();
    expect(memory({ ...device, vram_free: 99 })?.used).toBe(0);
    expect(gigabytes(24 * 1024 ** 3)).toBe("24.0");
  });
});

describe("oddText", () => {
  it("counts kinds and names them", () => {
    const odd = [
      { kind: "crystools.monitor", count: 12 },
      { kind: "binary 9", count: 1 },
    ];
    expect(oddText(odd)).toBe("2 kinds of messages that Safelight does not know");
    expect(oddText(odd.slice(1))).toBe("1 kind of messages that Safelight does not know");
    expect(oddTitle(odd)).toContain("crystools.monitor (12), binary 9 (1)");
  });
});

describe("nameFor", () => {
  it("offers a host's name", () => {
    expect(nameFor("https://attic.lan:8443")).toBe("attic");
    expect(nameFor("10.0.4.20:8188")).toBe("10.0.4.20");
    expect(nameFor("127.0.0.1:8188")).toBe("This computer");
    expect(nameFor("::::")).toBe("");
  });
});

describe("outputs", () => {
  it("says what becomes of them", () => {
    expect(outputsHint(false)).toContain("copied to the library folder");
    expect(outputsHint(true)).toContain("nothing there is changed");
  });

  it("stay in a folder that is named whole", () => {
    for (const path of [
      "/home/me/ComfyUI/output",
      " C:\\ComfyUI\\output",
      "d:/out",
      "\\\\nas\\out",
    ])
      expect(isWholePath(path), path).toBe(true);
    for (const path of ["", "output", "./output", "~/ComfyUI/output", "C:output"])
      expect(isWholePath(path), path).toBe(false);
  });
});
