//! Texts with `{a|b}` and `__wildcards__`, and what they become in each job.

use super::Problems;
use crate::view::Wording;
use std::collections::{HashMap, HashSet};
use workflow::{
    Change, Kind, Knobs, Prompt, Section,
    dynamic::{self, Prompts, Wildcards},
    sweep::{Address, JsonText},
};

/// Why not all wordings are made.
pub enum Excess {
    /// There are too many: so many.
    Jobs(u128),
    /// They take up too much.
    Bytes,
}

/// The texts of a setup that stand for more than one text.
#[derive(Default)]
pub struct Wordings {
    mode: Wording,
    chance: u64,
    /// Inputs that are words for people.
    words: HashSet<Address>,
    /// What texts stand for.
    known: HashMap<String, Prompts>,
    /// Texts of the workflow that nobody changed.
    own: Vec<Change>,
    /// The inputs whose texts stand for more than one text.
    places: HashSet<Address>,
}

/// The texts of a setup.
pub struct Texts<'a> {
    /// Those that all jobs share.
    pub values: &'a [Change],
    /// Those of lists and axes.
    pub more: &'a [Change],
    /// The inputs that lists and axes set: texts that all share do not count there.
    pub own: &'a HashSet<Address>,
}

impl Wordings {
    /// Of a workflow with these knobs.
    pub fn new(knobs: &Knobs, mode: Wording, chance: u64) -> Self {
        let words = knobs
            .all_possible()
            .filter(|knob| knob.linked.is_none() && matches!(knob.kind, Kind::Text { .. }))
            .filter(|knob| knob.role.section() == Section::Words)
            .map(|knob| Address::new(&knob.node.id, &knob.input))
            .collect();
        Self { mode, chance, words, ..Self::default() }
    }

    /// Reads all texts there are: the workflow's own, the artist's, and `more` of lists and axes.
    pub fn learn(
        &mut self,
        prompt: &Prompt,
        &Texts { values, more, own: set }: &Texts<'_>,
        wildcards: &impl Wildcards,
        problems: &mut Problems,
    ) {
        if self.mode == Wording::AsWritten {
            return;
        }
        let mut words: Vec<&Address> = self.words.iter().collect();
        words.sort();
        let mut own = Vec::new();
        for at in words {
            let is_set = set.contains(at)
                || values.iter().any(|set| set.node == at.node && set.input == at.input);
            let text = prompt.node(&at.node).and_then(|node| node.input(&at.input)?.string());
            if let (false, Some(text)) = (is_set, text) {
                let value = JsonText::string(&text).as_str().to_owned();
                own.push(Change { node: at.node.clone(), input: at.input.clone(), value });
            }
        }
        let counting = values.iter().filter(|change| !set.contains(&Address::of(change)));
        for change in own.iter().chain(counting).chain(more) {
            let Some(text) = self.text(change) else { continue };
            if self.known.contains_key(&text) {
                continue;
            }
            let read = dynamic::parse(&text).and_then(|template| {
                if template.is_plain() { Ok(None) } else { template.fill(wildcards).map(Some) }
            });
            match read {
                Ok(Some(prompts)) => {
                    self.known.insert(text, prompts);
                }
                Ok(None) => {}
                Err(error) => problems.at(&change.node, &change.input, error.to_string(), true),
            }
        }
        own.retain(|change| self.text(change).is_some_and(|text| self.known.contains_key(&text)));
        let counting = values.iter().filter(|change| !set.contains(&Address::of(change)));
        let several = own.iter().chain(counting).chain(more);
        self.places =
            several.filter(|change| self.prompts(change).is_some()).map(Address::of).collect();
        self.own = own;
    }

    /// Whether any text stands for more than one.
    pub fn any(&self) -> bool {
        !self.known.is_empty()
    }

    /// The inputs whose texts stand for more than one text in some job.
    pub fn places(&self) -> impl Iterator<Item = Address> + '_ {
        self.places.iter().cloned()
    }

    /// Puts one wording into each text of a job. Answers with the inputs that got one.
    pub fn fill(&self, changes: &mut Vec<Change>, run: u64) -> Vec<Address> {
        if self.known.is_empty() {
            return Vec::new();
        }
        let mut filled = Vec::new();
        for own in &self.own {
            if !changes.iter().any(|set| set.node == own.node && set.input == own.input) {
                changes.push(own.clone());
            }
        }
        for change in changes {
            if let Some(text) = self.text(change)
                && let Some(prompts) = self.known.get(&text)
            {
                let drawn = prompts.sample(self.chance, run);
                change.value = JsonText::string(&drawn).as_str().to_owned();
                filled.push(Address::of(change));
            }
        }
        filled
    }

    /// Every combination of the wordings of all texts: those of each entry of a list, with those of
    /// every other text.
    ///
    /// # Errors
    /// When there would be more than `most`, or they would have more than `most_bytes`.
    pub fn all(
        &self,
        values: &[Change],
        texts: &[Vec<Change>],
        most: usize,
        most_bytes: u128,
    ) -> Result<Vec<Vec<Change>>, Excess> {
        let listed: HashSet<(&str, &str)> = texts
            .iter()
            .flatten()
            .map(|change| (change.node.as_str(), change.input.as_str()))
            .collect();
        let others: Vec<&Change> = values
            .iter()
            .chain(&self.own)
            .filter(|change| !listed.contains(&(change.node.as_str(), change.input.as_str())))
            .filter(|change| self.prompts(change).is_some())
            .collect();
        let count =
            |change: &Change| self.prompts(change).map_or(1, |prompts| u128::from(prompts.count()));
        let product = |changes: &[Change]| {
            let own = changes.iter().map(count).fold(1, u128::saturating_mul);
            others.iter().map(|change| count(change)).fold(own, u128::saturating_mul)
        };
        let number = texts.iter().map(|text| product(text)).fold(0, u128::saturating_add);
        if number > most as u128 {
            return Err(Excess::Jobs(number));
        }
        let mut all = Vec::new();
        let mut bytes = 0_u128;
        for text in texts {
            let mut combined = vec![Vec::new()];
            for change in text.iter().chain(others.iter().copied()) {
                let wordings = self.every(change);
                let longest = wordings.iter().map(|one| one.value.len()).max().unwrap_or(0);
                let grown = combined.len().saturating_mul(wordings.len()).saturating_mul(longest);
                bytes = bytes.saturating_add(grown as u128);
                if bytes > most_bytes {
                    return Err(Excess::Bytes);
                }
                combined = combined
                    .into_iter()
                    .flat_map(|before: Vec<Change>| {
                        wordings.iter().map(move |one| {
                            before.iter().cloned().chain([one.clone()]).collect::<Vec<_>>()
                        })
                    })
                    .collect();
            }
            all.extend(combined);
        }
        Ok(all)
    }

    fn every(&self, change: &Change) -> Vec<Change> {
        let Some(prompts) = self.prompts(change) else { return vec![change.clone()] };
        let all = prompts.all().map(|text| {
            let value = JsonText::string(&text).as_str().to_owned();
            Change { value, ..change.clone() }
        });
        all.collect()
    }

    fn prompts(&self, change: &Change) -> Option<&Prompts> {
        self.text(change).and_then(|text| self.known.get(&text))
    }

    /// The text of a change, if it is of words.
    fn text(&self, change: &Change) -> Option<String> {
        let at = Address::new(&change.node, &change.input);
        if !self.words.contains(&at) { None } else { serde_json::from_str(&change.value).ok() }
    }
}
