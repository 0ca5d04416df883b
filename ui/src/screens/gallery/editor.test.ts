import { expect, it } from "vitest";
import type { ServerView } from "../../bindings/ServerView";
import { editorServers, editorText } from "./editor";

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
  const view = { name: "a", url: "http://a", drawn: true, existed: false };
  expect(editorText(view)).toContain("as it was drawn");
  expect(editorText({ ...view, drawn: false })).toContain("laid its nodes out");
  expect(editorText({ ...view, existed: true })).toContain("as it was left");
});
