//! Chance that can be had again: a seed, and numbers that follow from it.

use std::env;

/// The seed of a run that names none.
const SEED: u64 = 20_261_124;

/// The seed: `SAFELIGHT_REPLAY_SEED`, or always the same.
pub fn seed() -> u64 {
    env::var("SAFELIGHT_REPLAY_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(SEED)
}

/// SplitMix64 (Steele, Lea, Flood 2014): good enough to cut and shuffle.
pub struct Chance(u64);

impl Chance {
    /// Numbers that follow from the seed and from what they are for.
    pub fn new(of: &str) -> Self {
        let mix = |state: u64, byte: u8| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(of.bytes().fold(seed(), mix))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, but not, `end`.
    pub fn below(&mut self, end: usize) -> usize {
        let end = end.max(1) as u64;
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}
