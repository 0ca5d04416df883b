//! Seeds of many runs.

use super::{Address, JsonText, Set};
use crate::chance::Dice;
use serde::{Deserialize, Serialize};

/// How a seed changes from run to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SeedRule {
    /// It stays.
    #[default]
    Fixed,
    /// One more each run.
    Increment,
    /// One less each run.
    Decrement,
    /// By chance: what it begins with is the seed of the chance, so runs can be repeated.
    Random,
}

/// A seed of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed {
    /// Its value, 0 to the most.
    pub value: u64,
    /// Whether counting went past the most, or below 0, and began again at the other end.
    pub wrapped: bool,
}

/// A knob that is a seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeedKnob {
    /// The knob.
    pub at: Address,
    /// Its value in the first run. A string in JSON.
    #[serde(with = "seed_as_text")]
    pub start: u64,
    /// The most it takes. A string in JSON.
    #[serde(with = "seed_as_text")]
    pub max: u64,
}

/// The seeds of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeedPlan {
    /// How they change.
    pub rule: SeedRule,
    /// Whether all knobs are given the same seed: that of the first, within the least `max` of all.
    pub shared: bool,
    /// The seed of the chance. A string in JSON.
    #[serde(with = "seed_as_text")]
    pub stream: u64,
    /// The knobs.
    pub knobs: Vec<SeedKnob>,
}

impl SeedPlan {
    /// What the seeds of a run are set to, and whether any has begun again at the other end. Runs
    /// are counted from 0.
    pub fn sets(&self, run: u64) -> (Vec<Set>, bool) {
        let least = self.knobs.iter().map(|knob| knob.max).min().unwrap_or(u64::MAX);
        let first = self.knobs.first().map_or(0, |knob| knob.start);
        let mut wrapped = false;
        let mut sets = Vec::with_capacity(self.knobs.len());
        for (number, knob) in (0..).zip(&self.knobs) {
            let (start, max) = if self.shared { (first, least) } else { (knob.start, knob.max) };
            // Each knob has a stream of its own.
            let stream = if self.shared { 0 } else { number };
            let start = match self.rule {
                SeedRule::Random => Dice::of_run(self.stream, stream).next(),
                _ => start,
            };
            let seed = seed_for(self.rule, start, run, max);
            wrapped |= seed.wrapped;
            sets.push(Set { at: knob.at.clone(), value: JsonText::whole(seed.value) });
        }
        (sets, wrapped)
    }
}

/// The seed of a run, from 0 to `max`. Counting goes from `max` on to 0 and from 0 back to `max`; a
/// `start` beyond `max` counts as `max`. With [`SeedRule::Random`], `start` is the seed of the
/// chance, any of 64 bits. Runs are counted from 0.
pub fn seed_for(rule: SeedRule, start: u64, run: u64, max: u64) -> Seed {
    if rule == SeedRule::Random {
        let mut dice = Dice::of_run(start, run);
        let value = match max.checked_add(1) {
            Some(end) => dice.below(end),
            None => dice.next(),
        };
        return Seed { value, wrapped: false };
    }
    let start = start.min(max);
    // As many as there are seeds lead back to the start.
    let steps = max.checked_add(1).map_or(run, |seeds| run % seeds);
    let (value, wrapped) = match rule {
        SeedRule::Increment if steps > max - start => (steps - (max - start) - 1, true),
        SeedRule::Increment => (start + steps, steps < run),
        SeedRule::Decrement if steps > start => (max - (steps - start - 1), true),
        SeedRule::Decrement => (start - steps, steps < run),
        SeedRule::Fixed | SeedRule::Random => (start, false),
    };
    Seed { value, wrapped }
}

/// The most that a seed knob takes, from the text of its limit, `1125899906842624` or `4294967295.0`;
/// 2⁶⁴ - 1 where that is no number, above it, or below 0.
pub fn seed_max(text: &str) -> u64 {
    let whole = text.trim().split('.').next().unwrap_or_default();
    whole.parse().unwrap_or(u64::MAX)
}

/// Seeds as texts: JavaScript's numbers do not hold them.
mod seed_as_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(seed: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(seed)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    const MOST: u64 = u64::MAX;

    #[test]
    fn seeds_are_exact_up_to_the_largest() {
        use SeedRule::{Decrement, Fixed, Increment};
        for (rule, start, run, max, value, wrapped) in [
            (Fixed, MOST, 9, MOST, MOST, false),
            (Fixed, 10, 9, 5, 5, false),
            (Increment, MOST - 1, 1, MOST, MOST, false),
            (Increment, MOST - 1, 2, MOST, 0, true),
            (Increment, MOST, MOST, MOST, MOST - 1, true),
            (Increment, 3, 0, 5, 3, false),
            (Increment, 3, 3, 5, 0, true),
            (Increment, 3, 6, 5, 3, true),
            (Increment, 9, 1, 5, 0, true),
            (Increment, 0, 7, 0, 0, true),
            (Decrement, 1, 1, MOST, 0, false),
            (Decrement, 1, 2, MOST, MOST, true),
            (Decrement, 0, MOST, MOST, 1, true),
            (Decrement, 1, 2, 5, 5, true),
            (Decrement, 1, 12, 5, 1, true),
        ] {
            let seed = seed_for(rule, start, run, max);
            assert_eq!(seed, Seed { value, wrapped }, "{rule:?} {start} {run} {max}");
        }
    }

    #[test]
    fn limits_are_read() {
        for (text, max) in [
            ("1125899906842624", 1_125_899_906_842_624),
            ("18446744073709551615", MOST),
            ("18446744073709551616", MOST),
            ("4294967295.0", 4_294_967_295),
            ("-1", MOST),
            ("", MOST),
            ("1e9", MOST),
        ] {
            assert_eq!(seed_max(text), max, "{text}");
        }
    }

    fn plan(rule: SeedRule, shared: bool) -> SeedPlan {
        let knob = |node: &str, start, max| SeedKnob { at: Address::new(node, "seed"), start, max };
        SeedPlan { rule, shared, stream: 7, knobs: vec![knob("3", 100, MOST), knob("5", 7, 10)] }
    }

    fn values(plan: &SeedPlan, run: u64) -> Vec<u64> {
        plan.sets(run).0.iter().map(|set| set.value.as_str().parse().unwrap()).collect()
    }

    #[test]
    fn several_knobs_share_a_seed_or_have_their_own() {
        assert_eq!(values(&plan(SeedRule::Increment, false), 2), [102, 9]);
        assert!(plan(SeedRule::Increment, false).sets(4).1);
        assert_eq!(values(&plan(SeedRule::Increment, true), 0), [10, 10]);
        assert_eq!(values(&plan(SeedRule::Fixed, false), 5), [100, 7]);
        let own = values(&plan(SeedRule::Random, false), 5);
        assert!(own[0] > 10 && own[1] <= 10, "{own:?}");
        assert_eq!(own, values(&plan(SeedRule::Random, false), 5));
        let shared = values(&plan(SeedRule::Random, true), 5);
        assert!(shared[0] == shared[1] && shared[0] <= 10);
        // These are stored with jobs: they may never change.
        assert_eq!(seed_for(SeedRule::Random, 7, 0, MOST).value, 13_019_073_220_954_770_443);
        assert_eq!(own[0], 13_215_808_101_681_578_507);
    }

    #[test]
    fn seeds_survive_json() {
        let mut plan = plan(SeedRule::Random, true);
        plan.knobs[0].start = MOST;
        let json = serde_json::to_string(&plan).unwrap();
        assert!(json.contains("\"18446744073709551615\""), "{json}");
        assert_eq!(serde_json::from_str::<SeedPlan>(&json).unwrap(), plan);
    }

    proptest! {
        #[test]
        fn counting_is_that_of_larger_numbers(start: u64, run: u64, max: u64, small in 0..5_u64) {
            for max in [max, small, MOST] {
                let (seeds, at) = (u128::from(max) + 1, u128::from(start.min(max)));
                let up = seed_for(SeedRule::Increment, start, run, max);
                prop_assert_eq!(u128::from(up.value), (at + u128::from(run)) % seeds);
                prop_assert_eq!(up.wrapped, at + u128::from(run) > u128::from(max));
                let down = seed_for(SeedRule::Decrement, start, run, max);
                prop_assert_eq!(seed_for(SeedRule::Increment, down.value, run, max).value, start.min(max));
                prop_assert_eq!(down.wrapped, u128::from(run) > at);
                prop_assert!(seed_for(SeedRule::Random, start, run, max).value <= max);
            }
        }
    }
}
