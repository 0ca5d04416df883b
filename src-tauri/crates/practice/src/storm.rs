//! Faults by chance: many scenes at once, each striking now and then, from a seed.

use std::fmt;
use std::sync::Mutex;

use crate::lock;
use crate::scenes::Scene;

/// Scenes that strike by chance. Each time one could happen (a frame, a request, a node, the end of a
/// job; see [`Scene`]) it does with its chance. The same seed and the same traffic give the same
/// faults; what threads do at the same time may be in another order. Each scene has numbers of its
/// own, so that how often one could strike does not change when another does.
#[derive(Clone, Debug, PartialEq)]
pub struct Storm {
    /// Where the numbers begin.
    pub seed: u64,
    /// Each scene with its chance, 0 to 1.
    pub chances: Vec<(Scene, f64)>,
}

impl Storm {
    /// What a bad network and a proxy do: frames and answers get lost, doubled, late and garbled,
    /// sockets break. The server itself is sound.
    pub fn network(seed: u64) -> Self {
        use Scene as S;
        let chances = vec![
            (S::EventsLost, 0.05),
            (S::EventsTwice, 0.05),
            (S::EventsReordered, 0.05),
            (S::EventsCut, 0.02),
            (S::EventsLate, 0.03),
            (S::Garbage, 0.02),
            (S::DropSockets, 0.01),
            (S::HalfOpen, 0.004),
            (S::SocketsRefused, 0.1),
            (S::Error500, 0.03),
            (S::AnswerLost, 0.03),
            (S::AnswerLate, 0.1),
            (S::PromptLost, 0.05),
            (S::PromptDropped, 0.05),
            (S::ViewTruncated, 0.1),
        ];
        Self { seed, chances }
    }

    /// A bad network, and a server that forgets everything now and then as after a restart, runs out
    /// of memory, and whose history others clear.
    pub fn everything(seed: u64) -> Self {
        let mut storm = Self::network(seed);
        storm.chances.extend([
            (Scene::ForgetEverything, 0.02),
            (Scene::HistoryCleared, 0.02),
            (Scene::OutOfMemory, 0.01),
            (Scene::ClockJump, 0.02),
        ]);
        storm
    }
}

impl fmt::Display for Storm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "storm with seed {}", self.seed)
    }
}

/// A storm that blows: scenes with their chance and where their numbers are.
#[derive(Default)]
pub(crate) struct Weather(Mutex<Vec<(Scene, f64, u64)>>);

impl Weather {
    #[cfg(any(feature = "scenes", test))]
    pub fn set(&self, storm: Option<Storm>) {
        let chances = storm.into_iter().flat_map(|storm| {
            let begin = move |(scene, chance)| (scene, chance, storm.seed ^ name_hash(scene));
            storm.chances.into_iter().map(begin)
        });
        *lock(&self.0) = chances.collect();
    }

    /// Whether the scene strikes this time.
    pub fn strikes(&self, scene: Scene) -> bool {
        let mut weather = lock(&self.0);
        let known = weather.iter_mut().find(|(known, ..)| *known == scene);
        known.is_some_and(|(_, chance, state)| next(state) < *chance)
    }
}

/// FNV-1a over the scene's name, which stays when scenes are added or moved.
#[cfg(any(feature = "scenes", test))]
fn name_hash(scene: Scene) -> u64 {
    format!("{scene:?}").bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// SplitMix64 (Steele, Lea and Flood, 2014), as a share from 0 to 1.
fn next(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_kept_and_a_seed_repeats_itself() {
        let mut state = 7;
        let numbers: Vec<f64> = (0..10_000).map(|_| next(&mut state)).collect();
        let below = numbers.iter().filter(|n| **n < 0.05).count();
        assert!((400..600).contains(&below), "{below} of 10,000 are below 0.05, seed 7");
        assert!(numbers.iter().all(|n| (0.0..1.0).contains(n)));
        let mut again = 7;
        assert_eq!(next(&mut again), numbers[0], "seed 7");
    }

    #[test]
    fn only_scenes_of_the_storm_strike() {
        let weather = Weather::default();
        assert!(!weather.strikes(Scene::Mute));
        weather.set(Some(Storm { seed: 1, chances: vec![(Scene::Mute, 1.0)] }));
        assert!(weather.strikes(Scene::Mute) && !weather.strikes(Scene::Garbage));
        weather.set(None);
        assert!(!weather.strikes(Scene::Mute));
    }

    #[test]
    fn a_scene_strikes_the_same_whatever_the_others_do() {
        let strikes = |others: usize| {
            let weather = Weather::default();
            weather.set(Some(Storm {
                seed: 42,
                chances: vec![(Scene::Garbage, 0.5), (Scene::EventsLost, 0.5)],
            }));
            let once = |_| {
                (0..others).for_each(|_| {
                    weather.strikes(Scene::Garbage);
                });
                weather.strikes(Scene::EventsLost)
            };
            (0..64).map(once).collect::<Vec<bool>>()
        };
        assert_eq!(strikes(0), strikes(1), "seed 42");
        assert_eq!(strikes(0), strikes(3), "seed 42");
    }
}
