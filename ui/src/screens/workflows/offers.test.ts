import { describe, expect, it } from "vitest";
import type { OfferView } from "../../bindings/OfferView";
import type { ServerView } from "../../bindings/ServerView";
import { type Known, type Row, rowsOf, serverNote } from "./offers";

const server = (id: string, link: ServerView["link"] = "online"): ServerView =>
  ({ id, name: id, link }) as ServerView;
const offer = (title: string, more: Partial<OfferView> = {}): OfferView => ({
  key: title,
  title,
  description: "",
  group: "",
  modified_at: null,
  template: false,
  ...more,
});
const known = (offers: OfferView[]): Known => ({
  view: { server_id: "a", offers, trouble: null },
  failure: null,
});
const texts = (rows: readonly Row[]): string[] =>
  rows.map((row) => {
    if (row.kind === "server") return `= ${row.server.name} ${row.found}`;
    if (row.kind === "group") return `${row.open ? "-" : "+"} ${row.title} ${row.count}`;
    return row.offer.title;
  });

const offers = [
  offer("lamp"),
  offer("chair", { group: "work/2026" }),
  offer("stool", { group: "work/2026" }),
  offer("flux", { group: "Flux", template: true, description: "Text to picture" }),
  offer("wan", { group: "Video", template: true, description: "Text to video" }),
];

describe("rows", () => {
  it("are servers, groups, and workflows of open groups; templates begin folded", () => {
    const rows = rowsOf([server("a"), server("b")], new Map([["a", known(offers)]]), "", new Map());
    expect(texts(rows)).toEqual([
      "= a 5",
      "- Saved there 1",
      "lamp",
      "- work/2026 2",
      "chair",
      "stool",
      "+ Flux 1",
      "+ Video 1",
      "= b 0",
    ]);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  });

  it("are folded as the artist wants", () => {
    const map = new Map([["a", known(offers)]]);
    const folds = new Map([
      ["group a s Saved there", false],
      ["group a t Flux", true],
    ]);
    expect(texts(rowsOf([server("a")], map, "", folds))).toEqual([
      "= a 5",
      "+ Saved there 1",
      "- work/2026 2",
      "chair",
      "stool",
      "- Flux 1",
      "flux",
      "+ Video 1",
    ]);
  });

  it("are those with all the words, in title, description or group, all open", () => {
    const map = new Map([["a", known(offers)]]);
    expect(texts(rowsOf([server("a")], map, "TEXT video", new Map()))).toEqual([
      "= a 1",
      "- Video 1",
      "wan",
    ]);
  });

  it("have keys of their own where a server offers one twice", () => {
    const twice = known([offer("a"), offer("a")]);
    const rows = rowsOf([server("a")], new Map([["a", twice]]), "", new Map());
    expect(new Set(rows.map(({ key }) => key)).size).toBe(4);
  });
});

describe("what is said at a server", () => {
  const note = (one: ServerView, k: Known, filter = ""): string | null => {
    const [row] = rowsOf([one], new Map([["a", k]]), filter, new Map());
    return row?.kind === "server" ? serverNote(row, filter !== "") : "no row";
  };
  it("is why there is nothing to see", () => {
    const none = { view: null, failure: null };
    expect(note(server("a"), none)).toBe("Reading the workflows of a.");
    expect(note(server("a", "offline"), none)).toMatch(/^Not connected/);
    expect(note(server("a"), { view: null, failure: "It did not answer." })).toBe(
      "It did not answer.",
    );
    expect(note(server("a"), known([]))).toBe("It offers no workflows.");
    expect(note(server("a"), known(offers), "zebra")).toBe("Nothing here has these words.");
    expect(note(server("a"), known(offers))).toBeNull();
  });

  it("is what the server could not list, even if it listed something", () => {
    const view = { server_id: "a", offers, trouble: "Templates could not be listed." };
    expect(note(server("a"), { view, failure: null })).toBe("Templates could not be listed.");
  });
});
