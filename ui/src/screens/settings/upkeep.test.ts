import { describe, expect, it } from "vitest";
import type { WorkView } from "../../bindings/WorkView";
import { backedUpText, backupText, doneText, endText, leftText, newest } from "./upkeep";

const now = new Date(2026, 10, 28, 15).getTime();
const made = new Date(2026, 10, 28, 14, 2).getTime();
const work = (part: Partial<WorkView>): WorkView => ({
  id: 1,
  kind: "backup",
  title: "Backing up the library to disk",
  done: 0,
  of: 0,
  bytes: null,
  state: "running",
  problems: [],
  more_problems: 0,
  result: null,
  ...part,
});

describe("work", () => {
  it("says how far it is", () => {
    expect(doneText(work({}))).toBe("Looking at what there is to do");
    expect(doneText(work({ done: 1200, of: 5000 }))).toBe("1,200 of 5,000 files");
    const bytes = { done: 1_500_000_000, of: 4_000_000_000 };
    expect(doneText(work({ done: 1, of: 1, bytes }))).toBe("1 of 1 file, 1.5 GB of 4 GB");
    const over = { done: 5_000, of: 4_000 };
    expect(doneText(work({ done: 1, of: 2, bytes: over }))).toBe("1 of 2 files, 4 kB of 4 kB");
  });

  it("says how it ended where that needs words", () => {
    expect(endText(work({}))).toBeNull();
    expect(endText(work({ state: "done" }))).toBeNull();
    expect(endText(work({ state: "cancelled", kind: "move" }))).toEqual({
      text: "Stopped. Each file is whole in the old folder or in the new one.",
      bad: false,
    });
    expect(endText(work({ state: "cancelled", problems: ["a.png cannot be read."] }))?.text).toBe(
      "Stopped. What was copied stays, and is not copied again. a.png cannot be read.",
    );
    expect(endText(work({ state: "failed", problems: ["No space left.", "b", "c"] }))).toEqual({
      text: "Failed: No space left.",
      bad: true,
    });
    expect(endText(work({ state: "done", problems: ["a.png cannot be read."] }))).toEqual({
      text: "a.png cannot be read.",
      bad: true,
    });
  });

  it("is the newest of its kind", () => {
    const works = [
      work({ id: 1 }),
      work({ id: 3 }),
      work({ id: 2 }),
      work({ id: 9, kind: "export" }),
    ];
    expect(newest(works, "backup")?.id).toBe(3);
    expect(newest(works, "move")).toBeNull();
  });
});

describe("backups", () => {
  it("are told with time and place", () => {
    const upkeep = { moving: null, restored: null, backed_up_at: null, backed_up_to: null };
    expect(backedUpText(upkeep, now)).toBe("It was never backed up.");
    expect(backedUpText({ ...upkeep, backed_up_at: made, backed_up_to: "/disk" }, now)).toBe(
      "Last backed up: Today 14:02, to /disk",
    );
  });

  it("say what is in them", () => {
    const backup = { made_at: made, app: "0.1.0", outputs: 12_000, files: 0, bytes: 4_000_000 };
    expect(backupText(backup, now)).toBe(
      "A library of 12,000 outputs, backed up today 14:02: the database alone, 4 MB.",
    );
    expect(backupText({ ...backup, files: 12_000, bytes: 9e9 }, now)).toBe(
      "A library of 12,000 outputs, backed up today 14:02: with 12,000 files, 9 GB in all.",
    );
  });
});

describe("leftText", () => {
  it("says what is where", () => {
    const moving = { from: "/old", to: "/new", files: 1, bytes: 2_000_000 };
    expect(leftText(moving)).toBe("The move is not finished: 1 file, 2 MB, is still in /old.");
    expect(leftText({ ...moving, files: 1200 })).toBe(
      "The move is not finished: 1,200 files, 2 MB, are still in /old.",
    );
  });
});
