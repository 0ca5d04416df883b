import { describe, expect, it } from "vitest";
import { filesIn, linkIn, linkInList, linkParts } from "./link";

describe("a link in a text", () => {
  it.each([
    ["https://example.org/a.json", "https://example.org/a.json"],
    ["  http://localhost:8188/x?y=1#z\n", "http://localhost:8188/x?y=1#z"],
    ["HTTPS://Example.org", "https://example.org/"],
    ["see https://example.org/a.json", null],
    ["https://example.org/a https://example.org/b", null],
    ['{"3": {"class_type": "KSampler"}}', null],
    ["ftp://example.org/a", null],
    ["file:///home/a.json", null],
    ["javascript:alert(1)", null],
    ["https://", null],
    ["", null],
    [`https://example.org/${"a".repeat(5000)}`, null],
  ])("%j", (text, link) => expect(linkIn(text)).toBe(link));

  it("is the first of a list that leads to the web", () => {
    expect(linkInList("# a comment\r\nfile:///tmp/a.png\r\nhttps://example.org/b.png\r\n")).toBe(
      "https://example.org/b.png",
    );
    expect(linkInList("file:///tmp/a.png")).toBeNull();
  });
});

it("is told by its place and its file", () => {
  expect(linkParts("https://example.org:444/a/My%20flow.json?x")).toEqual({
    host: "example.org:444",
    file: "My flow.json",
  });
  expect(linkParts("https://example.org/%zz")).toEqual({ host: "example.org", file: "%zz" });
  expect(linkParts("https://example.org/")).toEqual({ host: "example.org", file: "" });
});

describe("addresses of files", () => {
  it.each([
    ["file:///home/a%20b.png\r\nfile:///c.json\r\n", ["/home/a b.png", "/c.json"]],
    ["# copied\nfile://localhost/x.png", ["/x.png"]],
    ["file:///C:/flows/a.json", ["C:/flows/a.json"]],
    ["file:///a.png\nand words", []],
    ["file://elsewhere/a.png", []],
    ["file:///%zz", []],
    ["https://example.org/a.png", []],
    ["", []],
  ])("%j", (text, paths) => expect(filesIn(text)).toEqual(paths));
});
