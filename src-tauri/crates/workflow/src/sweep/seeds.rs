//! Seeds of many runs.

use super::{Address, Set};
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
        let _ = run;
        todo!()
    }
}

/// The seed of a run. Counting goes from `max` on to 0 and from 0 back to `max`; `start` beyond
/// `max` counts as `max`. Runs are counted from 0.
pub fn seed_for(rule: SeedRule, start: u64, run: u64, max: u64) -> Seed {
    let _ = (rule, start, run, max);
    todo!()
}

/// The most that a seed knob takes, from the text of its limit, `1125899906842624` or `4294967295.0`;
/// 2⁶⁴ - 1 where that is no number, above it, or below 0.
pub fn seed_max(text: &str) -> u64 {
    let _ = text;
    todo!()
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
