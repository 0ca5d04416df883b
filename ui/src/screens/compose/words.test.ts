import { expect, it } from "vitest";
import { withWildcard } from "./words";

it.each([
  ['""', '"__colour__"'],
  ['"a boat"', '"a boat, __colour__"'],
  ['"a boat,  "', '"a boat, __colour__"'],
  ["null", '"__colour__"'],
])("sets a wildcard off from %s", (json, wanted) => {
  expect(withWildcard(json, "colour")).toBe(wanted);
});
