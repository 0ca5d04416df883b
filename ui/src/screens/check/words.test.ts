import { describe, expect, it } from "vitest";
import type { ServerCheck } from "../../bindings/ServerCheck";
import { aboutNode } from "../report/fixtures";
import {
  asTrouble,
  atNodes,
  elsewhere,
  headAndRest,
  iconOf,
  inOrder,
  insteadOf,
  leastLacking,
  placeOf,
} from "./words";

const server = (server_id: string, more: Partial<ServerCheck> = {}): ServerCheck => ({
  server_id,
  ability: "cannot",
  text: "",
  findings: [],
  ...more,
});

it.each([
  [
    "Ready on attic-3060: 10 models and 14 node classes found.",
    "Ready on attic-3060",
    "10 models and 14 node classes found.",
  ],
  ["laptop has not said yet what it has.", "laptop has not said yet what it has.", ""],
  ["a would refuse it: 2 faults.", "a would refuse it", "2 faults."],
  ["a: b: c", "a", "B: c"],
])("%j is parted", (text, head, rest) => expect(headAndRest(text)).toEqual({ head, rest }));

it("says where a finding is", () => {
  expect(placeOf(aboutNode("x"))).toBe("Upscale Model, node 17, model_name");
  expect(placeOf(aboutNode("x", { title: null, input: null }))).toBe("UpscaleModelLoader, node 17");
  expect(placeOf(aboutNode("x", { title: null, class: null, node: null, input: null }))).toBe("");
});

it("has an icon for each kind", () => {
  expect(iconOf(aboutNode("x", { kind: "class_missing" }))).toBe("puzzle");
  expect(iconOf(aboutNode("x"))).toBe("triangle-alert");
  expect(iconOf(aboutNode("x", { severity: "says" }))).toBe("info");
});

it.each([
  ["model_missing", [], ""],
  ["model_missing", ["attic"], "attic has it."],
  ["class_missing", ["attic", "laptop"], "attic and laptop have it."],
  ["input_file_missing", ["attic", "laptop", "cloud"], "attic and 2 more have it."],
  ["too_large", ["attic"], "Fine on attic."],
])("%s says where else it is fine: %j", (kind, fine_on, said) =>
  expect(elsewhere(aboutNode("x", { kind, fine_on }))).toBe(said),
);

it("puts servers that are ready first", () => {
  const order = inOrder([
    server("a", { ability: "unknown" }),
    server("b"),
    server("c", { ability: "can" }),
    server("d", { ability: "can" }),
  ]);
  expect(order.map(({ server_id }) => server_id)).toEqual(["c", "d", "b", "a"]);
});

describe("the server that lacks least", () => {
  const lacking = server("few", { findings: [aboutNode("one")] });
  const more = server("many", { findings: [aboutNode("one"), aboutNode("two")] });
  it("is one that can, else the one with the fewest findings", () => {
    const can = server("can", { ability: "can", findings: [aboutNode("x"), aboutNode("y")] });
    const silent = server("silent", { ability: "unknown" });
    expect(leastLacking({ blocked: null, servers: [silent, more, lacking] })).toBe(lacking);
    expect(leastLacking({ blocked: null, servers: [more, lacking, can] })).toBe(can);
    expect(leastLacking({ blocked: null, servers: [silent] })).toBeUndefined();
  });

  it("gives what stands at the nodes, if no server can run it", () => {
    const twice = server("a", {
      findings: [
        aboutNode("one"),
        aboutNode("one"),
        aboutNode("hint", { severity: "says" }),
        aboutNode("all", { node: null }),
        aboutNode("other", { node: "3" }),
      ],
    });
    const at = atNodes({ blocked: "No server can.", servers: [twice] });
    expect([...at].map(([node, found]) => [node, found.map(({ text }) => text)])).toEqual([
      ["17", ["one"]],
      ["3", ["other"]],
    ]);
    expect(atNodes({ blocked: null, servers: [twice] }).size).toBe(0);
    expect(atNodes(null).size).toBe(0);
  });
});

describe("what a server refused", () => {
  const trouble = { ...asTrouble(aboutNode("It has no such file.")), allowed: ["a.pth", "b.pth"] };
  it("is told like what a check finds", () => {
    expect(trouble).toMatchObject({
      code: "validation",
      message: "It has no such file.",
      node_id: "17",
      input_name: "model_name",
      received: "4x-UltraSharp.pth",
    });
    expect(asTrouble(aboutNode("x", { kind: "class_missing" })).code).toBe("missing_node");
  });

  it("can be another value: one that a check proposes, else one that the server takes", () => {
    const findings = [
      aboutNode("elsewhere", { node: "3", suggestions: ['"no"'] }),
      aboutNode("here", { suggestions: ['"b.pth"'] }),
    ];
    const check = { blocked: "No.", servers: [server("a", { findings })] };
    expect(insteadOf(trouble, check)).toEqual(['"b.pth"']);
    expect(insteadOf(trouble, null)).toEqual(['"a.pth"', '"b.pth"']);
    expect(insteadOf({ ...trouble, node_id: null }, check)).toEqual([]);
  });
});
