/** Any value goes through the page and comes back to the letter. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { ComposeState } from "../../bindings/ComposeState";
import { plain } from "../../lib/value";
import { numberFault, numberJson } from "./exact";
import { aboutKnob, emptyState } from "./fixtures";
import { changedValues, valueOf, withValue } from "./state";

/** As it crosses the bridge, and comes back from a draft. */
const sent = (state: ComposeState): ComposeState =>
  JSON.parse(JSON.stringify(state)) as ComposeState;

/** Whole numbers as servers take them: seeds up to 2⁶⁴ - 1, and some below zero. */
const whole = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }).map(String);
/** Floats as they are written, with more digits than a JavaScript number has. */
const float = fc
  .tuple(
    fc.constantFrom("", "-"),
    fc.bigInt({ min: 0n, max: 10n ** 20n }),
    fc.stringMatching(/^[0-9]{1,24}$/),
  )
  .map(([sign, before, behind]) => `${sign}${before}.${behind}`);
/** Any JSON as it may be written, with its spaces. */
const json = fc
  .tuple(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(undefined, 1, "\t"))
  .map(([value, space]) => JSON.stringify(value, null, space));

it("numbers keep their digits from the field to the state and back", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        whole.map((text) => [text, true] as const),
        float.map((text) => [text, false] as const),
      ),
      ([text, isWhole]) => {
        const value = numberJson(text, isWhole);
        expect(value).toBe(text);
        expect(numberFault(text, isWhole, { min: null, max: null, step: null })).toBeNull();
        const knob = aboutKnob("3", "seed", { json: "0.0001" });
        const state = sent(withValue(emptyState(), knob, value ?? ""));
        // What the field shows is what was typed, and typed again it is the same value.
        expect(plain(valueOf(state, knob))).toBe(text);
        expect(numberJson(plain(valueOf(state, knob)), isWhole)).toBe(value);
      },
    ),
  );
});

it("texts of any letters come back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const knob = aboutKnob("6", "text", { kind: { type: "text", multiline: true } });
      const state = sent(withValue(emptyState(), knob, JSON.stringify(text)));
      expect(plain(valueOf(state, knob))).toBe(text);
    }),
  );
});

it("values of any form keep their letters, each at its own knob", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.string(), fc.string(), json), {
        selector: ([node, input]) => JSON.stringify([node, input]),
        maxLength: 8,
      }),
      (all) => {
        const knobs = all.map(([node, input]) =>
          aboutKnob(node, input, { json: "nothing like it" }),
        );
        const set = all.reduce(
          (state, [node, input, value]) =>
            withValue(state, aboutKnob(node, input, { json: "nothing like it" }), value),
          emptyState(),
        );
        const state = sent(set);
        for (const [at, [, , value]] of all.entries())
          expect(valueOf(state, knobs[at] ?? aboutKnob("", ""))).toBe(value);
        // A preset keeps the same.
        expect(changedValues(state, knobs)).toEqual(
          all.map(([node, input, value]) => ({ node, input, json: value })),
        );
        // The workflow's own value is not kept as the artist's.
        const back = all.reduce(
          (now, [node, input]) => withValue(now, aboutKnob(node, input), "1"),
          state,
        );
        expect(back.values).toEqual([]);
      },
    ),
  );
});
