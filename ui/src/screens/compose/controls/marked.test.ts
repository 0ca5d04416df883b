import { expect, it } from "vitest";
import { marked } from "./marked";

it.each([
  ["impasto_v2", "impa", "[impa]sto_v2"],
  ["palette_knife_impasto", "IMPA knife", "palette_[knife]_[impa]sto"],
  ["abc", "", "abc"],
  ["abc", "x", "abc"],
  ["", "a", ""],
  ["İx", "x", "İx"],
])("%j by %j", (name, typed, shown) => {
  const text = marked(name, typed)
    .map((part) => (part.hit ? `[${part.text}]` : part.text))
    .join("");
  expect(text).toBe(shown);
});
