import { describe, expect, it } from "vitest";
import type { RootView } from "../../bindings/RootView";
import type { ScanReport } from "../../bindings/ScanReport";
import { folderName, isEmpty, reportText, stateText, takesNew } from "./folders";

const nothing: ScanReport = {
  new: 0,
  same: 0,
  moved: 0,
  changed: 0,
  missing: 0,
  sidecars: 0,
  passed_over: 0,
  problems: [],
  more_problems: 0,
};
const now = new Date(2026, 10, 24, 15).getTime();
const root = (part: Partial<RootView>): RootView => ({
  id: 1,
  path: "/art/prints",
  own: false,
  watched: true,
  state: "idle",
  seen: 12_000,
  to_read: 0,
  read: 0,
  unread: 0,
  assets: 3400,
  scanned_at: new Date(2026, 10, 24, 14, 2).getTime(),
  trouble: null,
  report: nothing,
  ...part,
});

describe("stateText", () => {
  it("says what goes on", () => {
    const text = (part: Partial<RootView>): string => stateText(root(part), now);
    expect(text({ state: "scanning" })).toBe("Looking: 12,000 files seen so far.");
    expect(text({ state: "scanning", to_read: 5000, read: 1200 })).toBe(
      "Reading: 1,200 of 5,000 new files, 12,000 seen.",
    );
    expect(text({ state: "scanning", to_read: 5000, read: 5000, unread: 1 })).toBe(
      "All can be found. 1 file is still to be compared with the others.",
    );
    expect(text({ state: "scanning", to_read: 9, read: 8, unread: 8 })).toContain(
      "Reading: 8 of 9",
    );
    expect(text({ state: "paused", to_read: 5, read: 4 })).toBe(
      "Paused, with 1 file still to read.",
    );
    expect(text({ state: "paused" })).toBe("Paused.");
    expect(text({ state: "away" })).toContain("3,400 outputs stay in the library");
    expect(text({})).toBe("It was gone through today 14:02 and is watched for changes.");
    expect(text({ scanned_at: null })).toBe("It was not gone through yet.");
  });
});

it("sums up a report, and says nothing of nothing", () => {
  expect(isEmpty(nothing)).toBe(true);
  expect(
    reportText({
      ...nothing,
      new: 1200,
      moved: 3,
      problems: [{ path: "a", text: "b" }],
      more_problems: 4,
    }),
  ).toBe("1,200 new, 3 moved or renamed, 5 could not be read");
});

it("calls folders by their last part", () => {
  expect(["/art/prints/", "C:\\art\\new", "/"].map(folderName)).toEqual(["prints", "new", "/"]);
});

it("knows which one takes new outputs, of all that they ever went to", () => {
  const library = { path: "/art/new", bytes: 0, free_bytes: null, trouble: null };
  expect(takesNew(root({ own: true, path: "/art/new" }), library)).toBe(true);
  expect(takesNew(root({ own: true, path: "/art/old" }), library)).toBe(false);
  expect(takesNew(root({ path: "/art/prints" }), library)).toBe(false);
});
