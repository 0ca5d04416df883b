import { expect, it } from "vitest";
import { type Json, read } from "../../lib/json";
import { changes, isPrompt } from "./changes";

const of = (text: string): Json => {
  const found = read(text);
  if (!found.ok) throw new Error(found.why);
  return found.value;
};
const prompt = `{
  "3": { "class_type": "KSampler", "_meta": { "title": "First pass" },
         "inputs": { "seed": 18446744073709551615, "steps": 20, "model": ["4", 0] } },
  "4": { "class_type": "CheckpointLoaderSimple", "inputs": { "ckpt_name": "a.safetensors" } },
  "6": { "class_type": "CLIPTextEncode", "inputs": { "text": "a lamp", "clip": ["4", 1] } }
}`;
const told = (now: string): string[] =>
  changes(of(prompt), of(now)).map(
    ({ node, input, old, now }) => `${node}: ${input}: ${old ?? "-"} > ${now ?? "-"}`,
  );

it("names each input that differs, with the node's title", () => {
  expect(told(prompt)).toEqual([]);
  expect(told(prompt.replace("18446744073709551615", "18446744073709551614"))).toEqual([
    "First pass, node 3: seed: 18446744073709551615 > 18446744073709551614",
  ]);
  expect(told(prompt.replace('"a lamp"', '"a red lamp"'))).toEqual([
    "CLIPTextEncode, node 6: text: a lamp > a red lamp",
  ]);
  expect(told(prompt.replace('"steps": 20, ', '"cfg": 7, '))).toEqual([
    "First pass, node 3: steps: 20 > -",
    "First pass, node 3: cfg: - > 7",
  ]);
});

it("names links by the node they come from, and nodes that come and go", () => {
  expect(told(prompt.replace('"model": ["4", 0]', '"model": ["6", 0]'))).toEqual([
    "First pass, node 3: model: output 0 of CheckpointLoaderSimple, node 4 > output 0 of CLIPTextEncode, node 6",
  ]);
  expect(told(prompt.replace('"6":', '"7":'))).toEqual([
    "CLIPTextEncode, node 7: node: - > CLIPTextEncode",
    "CLIPTextEncode, node 6: node: CLIPTextEncode > -",
  ]);
  expect(told(prompt.replace("First pass", "Second pass"))).toEqual([
    "Second pass, node 3: title: First pass > Second pass",
  ]);
  expect(told(prompt.replace('"KSampler"', '"KSamplerAdvanced"'))).toEqual([
    "First pass, node 3: class_type: KSampler > KSamplerAdvanced",
  ]);
});

it("does not see a change in how something is written", () => {
  expect(told(prompt.replaceAll(/\s+(?=")/g, ""))).toEqual([]);
});

it("knows a prompt from other JSON", () => {
  expect(isPrompt(of(prompt))).toBe(true);
  expect(isPrompt(of("{}"))).toBe(false);
  expect(isPrompt(of('{"nodes": []}'))).toBe(false);
  expect(isPrompt(of("[1]"))).toBe(false);
});
