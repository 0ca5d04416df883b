//! The values of a list that are closest to one it does not have.
//!
//! Names that differ in folder, letters or ending come before names that are spelt alike: a model is
//! more often moved or renamed than mistyped. Distances are those of Levenshtein, in bytes, by
//! `rapidfuzz`: it compares 64 of them at once and gives up at a limit, which lists of 20,000 names
//! need.

use super::Suggestion;
use crate::needs::is_model;
use rapidfuzz::distance::levenshtein::{Args, BatchComparator};
use serde_json::Value;
use std::{cmp::Ordering, collections::HashMap};

/// The most that are given.
pub(super) const MOST_SUGGESTIONS: usize = 8;
/// Names of a list that are looked at.
const MOST_NAMES: usize = 20_000;
/// The longest name that is looked at, in bytes.
const LONGEST_NAME: usize = 300;
/// Names that are made ready for all findings of a report.
const MOST_READY: usize = 200_000;
/// Names that are looked at for all findings of a report.
const MOST_LOOKS: usize = 1_000_000;

/// Finds what is close, and keeps it: a workflow often names one thing many times, and many inputs
/// have the same list.
pub(super) struct Closest<'a> {
    ready_left: usize,
    looks_left: usize,
    lists: Vec<List<'a>>,
    /// Which of these a list is, by where it is in memory.
    known: HashMap<usize, usize>,
    found: HashMap<(usize, String), Vec<Suggestion>>,
}

/// A list with its names made ready.
struct List<'a> {
    values: &'a [Value],
    names: Vec<(Name, &'a Value)>,
}

impl Default for Closest<'_> {
    fn default() -> Self {
        Self {
            ready_left: MOST_READY,
            looks_left: MOST_LOOKS,
            lists: Vec::new(),
            known: HashMap::new(),
            found: HashMap::new(),
        }
    }
}

impl<'a> Closest<'a> {
    /// The values of a list closest to a text, closest first. Of short lists, all of them.
    pub fn find(&mut self, values: &'a [Value], given: &str) -> Vec<Suggestion> {
        if given.len() > LONGEST_NAME {
            return Vec::new();
        }
        let place = self.place(values);
        let key = (place, given.to_owned());
        if let Some(found) = self.found.get(&key) {
            return found.clone();
        }
        let names = &self.lists[place].names;
        let looked_at = names.len().min(self.looks_left);
        self.looks_left -= looked_at;
        let found = closest(&names[..looked_at], given);
        self.found.insert(key, found.clone());
        found
    }

    /// Where a list is that is made ready, or one with the same values.
    fn place(&mut self, values: &'a [Value]) -> usize {
        let Self { ready_left, lists, known, .. } = self;
        *known.entry(values.as_ptr().addr()).or_insert_with(|| {
            lists.iter().position(|list| list.values == values).unwrap_or_else(|| {
                let list = List::new(values, MOST_NAMES.min(*ready_left));
                *ready_left -= list.names.len();
                lists.push(list);
                lists.len() - 1
            })
        })
    }
}

impl<'a> List<'a> {
    fn new(values: &'a [Value], most: usize) -> Self {
        let name = |value: &'a Value| {
            let name = match value {
                Value::String(text) if text.len() <= LONGEST_NAME => Name::new(text),
                Value::Number(_) | Value::Bool(_) => Name::new(&value.to_string()),
                _ => return None,
            };
            Some((name, value))
        };
        Self { values, names: values.iter().take(most).filter_map(name).collect() }
    }
}

/// A value as a suggestion.
pub(super) fn suggestion(value: &Value) -> Suggestion {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Suggestion { text, json: value.to_string() }
}

fn closest(names: &[(Name, &Value)], given: &str) -> Vec<Suggestion> {
    let wanted = Name::new(given);
    let all = names.len() <= MOST_SUGGESTIONS;
    let comparer = BatchComparator::new(wanted.stem().bytes());
    // Closest first, never more than are given.
    let mut best: Vec<((u8, usize, &str), &Value)> = Vec::new();
    for (name, value) in names {
        let kin = wanted.kin(name);
        let longest = wanted.stem().len().max(name.stem().len());
        // Two of five letters may differ, unless the names are kin or there are but few.
        let mut limit = if all || kin < Name::STRANGER { longest } else { longest * 2 / 5 };
        // No worse than the last of those there are.
        if let Some(((last_kin, last_distance, _), _)) = best.get(MOST_SUGGESTIONS - 1) {
            match kin.cmp(last_kin) {
                Ordering::Greater => continue,
                Ordering::Equal => limit = limit.min(*last_distance),
                Ordering::Less => {}
            }
        }
        let arguments = Args::default().score_cutoff(limit);
        if let Some(distance) = comparer.distance_with_args(name.stem().bytes(), &arguments) {
            let rank = (kin, distance, name.path.as_str());
            let place = best.partition_point(|(other, _)| *other <= rank);
            best.insert(place, (rank, value));
            best.truncate(MOST_SUGGESTIONS);
        }
    }
    best.into_iter().map(|(_, value)| suggestion(value)).collect()
}

/// A name in the forms in which it is compared.
struct Name {
    /// In small letters, with `/` between folders.
    path: String,
    /// Where the file begins, and where its stem ends: before a model's ending.
    file: usize,
    stem_end: usize,
    /// Letters and digits of the stem.
    letters: String,
    /// Words of the stem that tell neither version nor precision.
    words: String,
}

impl Name {
    /// A name that has nothing in common but letters.
    const STRANGER: u8 = 6;

    fn new(text: &str) -> Self {
        let path = text.to_lowercase().replace('\\', "/");
        let file = path.rfind('/').map_or(0, |slash| slash + 1);
        let ending = path.rfind('.').filter(|dot| *dot > file && is_model(&path[file..]));
        let stem_end = ending.unwrap_or(path.len());
        let stem = &path[file..stem_end];
        let letters = stem.chars().filter(|letter| letter.is_alphanumeric()).collect();
        let words: String = stem
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| tells(word))
            .collect();
        Self { file, stem_end, letters, words, path }
    }

    fn file(&self) -> &str {
        &self.path[self.file..]
    }

    fn stem(&self) -> &str {
        &self.path[self.file..self.stem_end]
    }

    /// How near of kin another name is; 0 is nearest.
    fn kin(&self, other: &Self) -> u8 {
        let long = |text: &str| text.len() >= 4;
        let within = |one: &str, other: &str| long(one) && other.contains(one);
        if self.path == other.path {
            0
        } else if self.file() == other.file() {
            1
        } else if self.stem() == other.stem() {
            2
        } else if !self.letters.is_empty() && self.letters == other.letters {
            3
        } else if long(&self.words) && self.words == other.words {
            4
        } else if within(&self.letters, &other.letters) || within(&other.letters, &self.letters) {
            5
        } else {
            Self::STRANGER
        }
    }
}

/// Whether a word of a name says more than a version (`v2`, `1`), a precision (`fp16`, `q4`) or that
/// something was left out (`pruned`).
fn tells(word: &str) -> bool {
    let numbered = |start: &str| {
        word.strip_prefix(start).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    !(word.is_empty()
        || ["", "v", "ver", "version", "fp", "bf", "q", "int"].into_iter().any(numbered)
        || ["pruned", "emaonly", "ema", "only", "scaled", "e4m3fn", "e5m2", "k", "m", "s"]
            .contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(list: &[&str], given: &str) -> Vec<String> {
        let list: Vec<Value> = list.iter().map(|text| Value::from(*text)).collect();
        Closest::default().find(&list, given).into_iter().map(|found| found.text).collect()
    }

    #[test]
    fn moved_and_renamed_files_come_before_those_that_are_spelt_alike() {
        let list = [
            "sd_xl_bass_1.0.safetensors",
            "old/SD_XL_base_1.0.safetensors",
            "sd_xl_base_1.0.ckpt",
            "sd-xl-base-1.0.safetensors",
            "sd_xl_base_0.9.safetensors",
            "sd_xl_base_1.0_0.9vae.safetensors",
            "v1-5-pruned-emaonly.safetensors",
            "dreamshaper_8.safetensors",
            "zz_other.safetensors",
        ];
        assert_eq!(
            find(&list, "sd_xl_base_1.0.safetensors"),
            [
                "old/SD_XL_base_1.0.safetensors",
                "sd_xl_base_1.0.ckpt",
                "sd-xl-base-1.0.safetensors",
                "sd_xl_base_0.9.safetensors",
                "sd_xl_base_1.0_0.9vae.safetensors",
                "sd_xl_bass_1.0.safetensors",
            ]
        );
    }

    #[test]
    fn the_slash_of_another_system_is_no_difference() {
        let list = ["a\\b.safetensors", "b.safetensors", "c.safetensors"];
        assert_eq!(find(&list, "A/B.safetensors")[..2], ["a\\b.safetensors", "b.safetensors"]);
    }

    #[test]
    fn versions_and_precisions_are_left_aside() {
        let list: Vec<String> = (0..20)
            .map(|n| format!("{}{n}.safetensors", "qwxyz".repeat(5)))
            .chain(["dreamshaper_8_pruned.safetensors", "flux1-dev-Q4_K_M.gguf"].map(str::to_owned))
            .collect();
        let list: Vec<&str> = list.iter().map(String::as_str).collect();
        assert_eq!(find(&list, "DreamShaper_v7.safetensors"), ["dreamshaper_8_pruned.safetensors"]);
        assert_eq!(find(&list, "flux1-dev-fp8.safetensors"), ["flux1-dev-Q4_K_M.gguf"]);
    }

    #[test]
    fn short_lists_are_given_whole_and_long_ones_are_not() {
        assert_eq!(find(&["x", "eulr", "heun"], "euler"), ["eulr", "heun", "x"]);
        let many: Vec<String> = (0..9).map(|n| format!("sampler{n}{n}{n}")).collect();
        let mut many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(find(&many, "euler").is_empty());
        many.push("eulr");
        assert_eq!(find(&many, "euler"), ["eulr"]);
        assert_eq!(find(&["samplers1"; 20], "sampler1").len(), MOST_SUGGESTIONS);
    }

    #[test]
    fn the_work_is_bounded() {
        let list: Vec<Value> = (0..30_000).map(|n| Value::from(format!("model{n}"))).collect();
        let mut closest = Closest { ready_left: 19_000, looks_left: 45_000, ..Closest::default() };
        let given = "x".repeat(100_000);
        assert!(closest.find(&list, &given).is_empty(), "longer than any name");
        for n in 0..3 {
            closest.find(&list, &format!("other{n}"));
        }
        assert_eq!((closest.ready_left, closest.looks_left), (0, 0));
        assert!(closest.find(&list, "model1").is_empty(), "nothing is looked at any more");
    }
}
