/** Where counting seeds stand after what was queued: the next run goes on behind the last. Pure. */
import type { ComposeState } from "../../bindings/ComposeState";
import type { KnobView } from "../../bindings/KnobView";
import { axisOf, knobAt, ruleOf, valueOf, withValue } from "./state";

/** 2⁶⁴ - 1, the most that a seed can be. */
const MOST = 0xffff_ffff_ffff_ffffn;

/** A whole number from 0 to 2⁶⁴ - 1; nothing for all else. */
function whole(text: string): bigint | null {
  const value = /^\d+$/.test(text) ? BigInt(text) : null;
  return value === null || value > MOST ? null : value;
}

/** As the engine counts: from `max` on to 0 and from 0 back to `max`, whatever the least is. */
export function seedAfter(
  start: bigint,
  rule: "increment" | "decrement",
  runs: bigint,
  max: bigint,
): bigint {
  const from = start > max ? max : start;
  const all = max + 1n;
  const steps = runs % all;
  return (from + (rule === "increment" ? steps : all - steps)) % all;
}

type Move = { knob: KnobView; from: string; to: string };

function moves(state: ComposeState, knobs: readonly KnobView[], runs: bigint): Move[] {
  return (["increment", "decrement"] as const).flatMap((rule) => {
    const seeds = state.seeds.flatMap((seed) => {
      const knob = seed.rule === rule ? knobAt(knobs, seed) : undefined;
      if (knob?.kind.type !== "int" || knob.linked !== null) return [];
      const from = valueOf(state, knob);
      const max = whole(knob.kind.max?.trim().split(".")[0] ?? "") ?? MOST;
      return [{ knob, from, start: whole(from) ?? 0n, max }];
    });
    const first = seeds[0]?.start ?? 0n;
    const least = seeds.reduce((max, seed) => (seed.max < max ? seed.max : max), MOST);
    return seeds
      .filter(({ knob }) => axisOf(state, knob) === null)
      .map(({ knob, from, start, max }) => ({
        knob,
        from,
        to: (state.seeds_together
          ? seedAfter(first, rule, runs, least)
          : seedAfter(start, rule, runs, max)
        ).toString(),
      }));
  });
}

/**
 * What moves the counting seeds of a state on after it was queued. Other states, typed before it or since,
 * move as it does where they have the same seed with the same rule, and stay as they are elsewhere.
 */
export function seedsAfter(
  queued: ComposeState,
  knobs: readonly KnobView[],
  runs: bigint,
): (state: ComposeState) => ComposeState {
  const all = moves(queued, knobs, runs).filter(({ from, to }) => from !== to);
  return (state) =>
    all.reduce(
      (next, { knob, from, to }) =>
        ruleOf(state, knob) === ruleOf(queued, knob) && valueOf(state, knob) === from
          ? withValue(next, knob, to)
          : next,
      state,
    );
}
