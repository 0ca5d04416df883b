//! Chance that can be repeated: the numbers follow from a seed.
//!
//! SplitMix64 (Steele, Lea and Flood, 2014; the constants are those of `splitmix64.c` by Vigna):
//! its output is fixed by these few lines, so the same seed gives the same picture on every machine
//! and in every version. A crate's generator would promise that only until its next major version.

/// Numbers by chance.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// For one of many runs with the same seed. Runs beside one another have nothing in common.
    pub fn of_run(seed: u64, run: u64) -> Self {
        Self(mixed(mixed(seed).wrapping_add(run)))
    }

    /// The next number, any of 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }

    /// A number below another, all as likely (Lemire, 2019); 0 below 0.
    pub fn below(&mut self, end: u64) -> u64 {
        let unfair = end.wrapping_neg().checked_rem(end).unwrap_or(0);
        loop {
            let scaled = u128::from(self.next()) * u128::from(end);
            // The lower half says whether this number stands for one draw too many.
            #[allow(clippy::cast_possible_truncation)]
            if scaled as u64 >= unfair {
                return (scaled >> 64) as u64;
            }
        }
    }

    /// A place in a list of some length.
    pub fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }
}

fn mixed(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_reference() {
        // What `splitmix64.c` gives for the seed 1234567.
        let mut dice = Dice::new(1_234_567);
        for expected in [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ] {
            assert_eq!(dice.next(), expected);
        }
    }

    #[test]
    fn all_places_are_as_likely() {
        let mut counts = [0_u32; 3];
        let mut dice = Dice::of_run(7, 0);
        for _ in 0..30_000 {
            counts[dice.place(3)] += 1;
        }
        assert!(counts.iter().all(|count| (9_700..10_300).contains(count)), "{counts:?}");
        assert_eq!(dice.below(0), 0);
        assert_eq!(dice.below(1), 0);
        assert!(dice.below(u64::MAX) < u64::MAX);
    }
}
