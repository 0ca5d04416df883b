import { describe, expect, it } from "vitest";
import type { IntakeReport } from "../../bindings/IntakeReport";
import type { JobState } from "../../bindings/JobState";
import { aboutFile, aboutNode } from "./fixtures";
import {
  dayText,
  factRows,
  fileIcon,
  isWorthShowing,
  readyText,
  reasonOf,
  refusalText,
  sameText,
  stateText,
  toastOf,
  whatText,
} from "./words";

const NOW = new Date(2026, 10, 25, 12).getTime();
const done: JobState = { kind: "ended", of: "succeeded" };
const report = (items: IntakeReport["items"], left_out = 0): IntakeReport => ({
  items,
  left_out,
  batch_id: null,
  cut_off: null,
});
const good = (name: string) => aboutFile(name, { title: name, job_id: `job ${name}` });
const look = (name: string) =>
  aboutFile(name, {
    standing: "needs_look",
    title: name,
    message: "A workflow of 3 nodes",
    findings: [aboutNode("studio lacks it.")],
    job_id: `job ${name}`,
  });
const bad = (name: string, more = {}) =>
  aboutFile(name, { standing: "refused", message: "It is no workflow.", ...more });

describe("a row", () => {
  it("says what the file is, its title only if that is not its name", () => {
    const more = { container: "PNG", nodes: 14, title: "Portrait" };
    expect(whatText(aboutFile("a.png", more))).toBe("PNG · 14 nodes · Portrait");
    expect(whatText(aboutFile("Portrait.png", more))).toBe("PNG · 14 nodes");
    expect(whatText(aboutFile("x", { container: "unknown" }))).toBe("");
    expect(whatText(aboutFile("q", { kind: "saved_job", nodes: 1 }))).toBe("saved job · 1 node");
  });

  it("has the icon of what it is", () => {
    expect(fileIcon(good("a"))).toBe("file-json");
    expect(fileIcon(aboutFile("a", { container: "WebM", kind: "carrier" }))).toBe("film");
    expect(fileIcon(bad("a", { kind: "other", container: "PNG" }))).toBe("circle-alert");
  });

  it("gives the gravest reason", () => {
    const findings = [
      aboutNode("Perhaps.", { severity: "warns" }),
      aboutNode("Surely.", { severity: "blocks" }),
    ];
    expect(reasonOf({ ...look("a"), findings })).toBe("Surely.");
    expect(reasonOf({ ...look("a"), findings: [aboutNode("", { severity: "says" })] })).toBe(
      "A workflow of 3 nodes",
    );
    expect(reasonOf(bad("a"))).toBe("It is no workflow.");
  });
});

describe("the same job as before", () => {
  const same = { count: 1, job_id: "j", state: done, at: new Date(2026, 10, 12, 9).getTime() };
  it("is told with its day and how it ended", () => {
    expect(sameText(same, NOW)).toBe("Same values as a job of 12 Nov, done.");
    expect(sameText({ ...same, count: 3, state: { kind: "held" } }, NOW)).toBe(
      "Same values as 3 jobs, the newest of 12 Nov, waiting.",
    );
  });

  it("stands between what the file is and what was taken along", () => {
    const took = { kind: "taken_along", severity: "says" as const };
    const findings = [
      aboutNode("Took a.png from beside it.", took),
      aboutNode("b.png is not taken along.", { ...took, severity: "warns" }),
    ];
    const file = aboutFile("a.json", { nodes: 3 });
    expect(readyText(file, NOW)).toBe("JSON · 3 nodes");
    expect(readyText({ ...file, findings }, NOW)).toBe(
      "JSON · 3 nodes. Took a.png from beside it.",
    );
    expect(readyText({ ...file, findings, same }, NOW)).toBe(
      "JSON · 3 nodes. Same values as a job of 12 Nov, done. Took a.png from beside it.",
    );
  });

  it("has its day told by how long ago it is", () => {
    expect(dayText(new Date(2026, 10, 25, 9, 5).getTime(), NOW)).toBe("today 09:05");
    expect(dayText(new Date(2025, 0, 2).getTime(), NOW)).toBe("2 Jan 2025");
  });

  it.each([
    [{ kind: "held" }, true, "on hold"],
    [{ kind: "held" }, false, "waiting"],
    [{ kind: "queued" }, false, "at a server"],
    [{ kind: "ended", of: "lost" }, false, "lost"],
    [{ kind: "collecting", of: "failed" }, false, "fetching outputs"],
  ] as [JobState, boolean, string][])("%j, held %j: %s", (state, held, text) =>
    expect(stateText(state, held)).toBe(text),
  );
});

describe("the message", () => {
  const toast = (items: IntakeReport["items"], left_out = 0, kept = false): string[] => {
    const { tone, title, text } = toastOf(report(items, left_out), kept, NOW);
    return [tone, title, text];
  };

  it("says what was queued, what waits for a look, and what was refused", () => {
    expect(toast([good("a")])).toEqual(["plain", "Added to the queue", "a"]);
    expect(toast([good("a"), good("b")])).toEqual(["plain", "2 jobs added to the queue", ""]);
    expect(toast([look("a")])).toEqual([
      "warn",
      "Added to the queue, on hold",
      "a\nstudio lacks it.",
    ]);
    // That something was taken is no failure.
    expect(toast([good("a"), look("b"), bad("c")])).toEqual([
      "warn",
      "2 jobs queued, 1 file not",
      "1 on hold: it needs a look.\nc: It is no workflow.",
    ]);
    expect(toast([good("a"), bad("b"), bad("c")])).toEqual([
      "warn",
      "1 job queued, 2 files not",
      "",
    ]);
    expect(toast([bad("a")])).toEqual(["bad", "This cannot be queued", "a: It is no workflow."]);
    expect(toast([bad("a"), bad("b")]).slice(1)).toEqual([
      "2 files cannot be queued",
      "a: It is no workflow.\nb: It is no workflow.",
    ]);
    expect(toast([])).toEqual(["plain", "There was no file in it", ""]);
  });

  it("says what was kept, and what was not looked at", () => {
    expect(toast([good("a"), look("b")], 0, true)[1]).toBe("2 workflows kept in the library");
    expect(toast([good("a")], 0, true)[1]).toBe("Kept in the library");
    expect(toast([good("a"), bad("b")], 0, true)[1]).toBe("1 workflow kept, 1 file not");
    expect(toast([good("a")], 1200)[2]).toBe(
      "a\n1,200 more files were not looked at: too many at once.",
    );
  });

  it("says that it was made before", () => {
    const same = { count: 1, job_id: "j", state: done, at: new Date(2026, 10, 12).getTime() };
    expect(toast([{ ...good("a"), same }])[2]).toBe("a\nSame values as a job of 12 Nov, done.");
  });

  it("stays where a file was refused", () => {
    const stays = (items: IntakeReport["items"]): boolean =>
      toastOf(report(items), false, NOW).stays;
    expect([[good("a"), bad("b")], [bad("a")], [look("a")]].map(stays)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("names three that are refused", () => {
    expect(refusalText(["a", "b", "c", "d"].map((name) => bad(name))).split("\n")).toEqual([
      "a: It is no workflow.",
      "b: It is no workflow.",
      "c: It is no workflow.",
      "and 1 more file",
    ]);
    expect(refusalText([good("a")])).toBe("");
  });
});

it("shows a report where there is more to say than a message holds", () => {
  const shown = (items: IntakeReport["items"], left_out = 0): boolean =>
    isWorthShowing(report(items, left_out));
  expect(shown([good("a")])).toBe(false);
  expect(shown([good("a"), good("b")])).toBe(true);
  expect(shown([look("a")])).toBe(true);
  expect(shown([bad("a")])).toBe(true);
  expect(shown([bad("Pasted text", { path: null })])).toBe(false);
  expect(shown([good("a")], 1)).toBe(true);
  expect(shown([])).toBe(false);
});

it("lists the settings of a file that holds no workflow", () => {
  const facts = {
    prompt: "a lamp",
    negative: null,
    models: ["sd15"],
    other_models: [],
    loras: [{ name: "oil", strength: "0.8" }],
    seed: "7",
    sampler: "euler",
    scheduler: null,
    steps: 20,
    cfg: "7.0",
    denoise: null,
    width: 512,
    height: 768,
  };
  expect(factRows(facts)).toEqual([
    ["Prompt", "a lamp"],
    ["Model", "sd15"],
    ["LoRA", "oil"],
    ["Seed", "7"],
    ["Sampler", "euler"],
    ["Steps", "20"],
    ["CFG", "7.0"],
    ["Size", "512×768"],
  ]);
});

it("says what is not queued where a report was cut off", () => {
  const cut_off = { left: 8800, why: "The disk is full." };
  const two = report([good("a"), good("b")]);
  const { tone, title, text } = toastOf({ ...two, cut_off }, false, NOW);
  expect([tone, title]).toEqual(["warn", "2 jobs added to the queue"]);
  expect(text).toContain("8,800 are not queued. The disk is full.");
  const none = { ...report([]), cut_off: { left: 600, why: null } };
  expect(toastOf(none, false, NOW)).toMatchObject({
    title: "Nothing was queued",
    text: "600 are not queued, since you stopped it.",
  });
});
