import { expect, it } from "vitest";
import type { EditorsView } from "../../bindings/EditorsView";
import type { ServerView } from "../../bindings/ServerView";
import {
  editorsAfter,
  editorServers,
  editorsLines,
  editorsPlan,
  editorsTitle,
  editorText,
} from "./editor";

const server = (name: string, part: Partial<ServerView> = {}): ServerView =>
  ({ id: name, name, kind: "comfy", link: "online", ...part }) as ServerView;

it("offers servers with a page, the one that made the output first", () => {
  const servers = [
    server("away", { link: "offline" }),
    server("practice", { kind: "practice" }),
    server("attic"),
    server("studio"),
  ];
  const names = (made: string | null): string[] => editorServers(servers, made).map(({ id }) => id);
  expect(names("studio")).toEqual(["studio", "attic", "away"]);
  expect(names("away")).toEqual(["attic", "studio", "away"]);
  expect(names(null)).toEqual(["attic", "studio", "away"]);
});

it("says what is found there", () => {
  const view = { name: "a", url: "http://a", drawn: true, existed: false, trouble: null };
  expect(editorText(view)).toContain("as it was drawn");
  expect(editorText({ ...view, drawn: false })).toContain("laid its nodes out");
  expect(editorText({ ...view, existed: true })).toContain("as it was left");
});

it("says of several how many will be saved", () => {
  const none = { outputs: 0, why: null };
  expect(editorsPlan({ workflows: 2, left_out: { outputs: 1, why: "x" } }, 12)).toMatch(
    /^2 workflows made 11 of the 12 outputs\. .*saves them at the server/,
  );
  expect(editorsPlan({ workflows: 1, left_out: none }, 12)).toMatch(
    /^1 workflow made all 12 outputs\. .*saves it at the server/,
  );
  expect(editorsPlan({ workflows: 0, left_out: none }, 2)).toContain("their files hold none");
  const gone = { outputs: 2, why: "An output: it is not in the library any more." };
  expect(editorsPlan({ workflows: 0, left_out: gone }, 2)).toBe(
    `No workflow is known of these outputs. ${gone.why}`,
  );
});

it("says of several how many are there, and what is not", () => {
  const all = {
    url: "http://a",
    saved: 1,
    existed: 0,
    names: ["a"],
    left_out: { outputs: 0, why: null },
    cut_off: null,
    trouble: null,
  };
  expect([editorsTitle(all, "attic"), editorsLines(all)]).toEqual([
    "1 workflow is in the folder Safelight at attic",
    [],
  ]);
  const more = {
    ...all,
    saved: 1200,
    existed: 2,
    left_out: { outputs: 3, why: "scan: no workflow is known of it." },
    cut_off: { left: 8, why: null },
    trouble: "No browser could be opened. The page is http://a.",
  };
  expect([editorsTitle(more, "attic"), ...editorsLines(more)]).toEqual([
    "1,202 workflows are in the folder Safelight at attic",
    "No browser could be opened. The page is http://a.",
    "2 workflows were saved there before, and are as they were left there.",
    "3 outputs left out. scan: no workflow is known of it.",
    "8 are not saved, since you stopped it.",
  ]);
  expect(editorsTitle({ ...all, saved: 0 }, "attic")).toBe("No workflow was saved at attic");
});

it("counts as saved what was saved before the rest was", () => {
  const of = (saved: number, existed: number, left: number | null): EditorsView => ({
    url: "http://a",
    saved,
    existed,
    names: ["a"],
    left_out: { outputs: 0, why: null },
    cut_off: left === null ? null : { left, why: null },
    trouble: null,
  });
  const cases = [
    // Nothing before.
    [null, of(3, 2, 5), of(3, 2, 5)],
    // The rest is saved, and one of it was there.
    [of(3, 2, 5), of(4, 6, null), of(7, 3, null)],
    // Broken off once more: later, and before it came as far.
    [of(3, 2, 5), of(1, 5, 4), of(4, 2, 4)],
    [of(3, 2, 5), of(0, 4, 6), of(3, 2, 5)],
    // What was saved was deleted at the server meanwhile.
    [of(3, 2, 5), of(8, 2, null), of(8, 2, null)],
  ] as const;
  for (const [before, now, told] of cases) expect(editorsAfter(before, now)).toEqual(told);
});
