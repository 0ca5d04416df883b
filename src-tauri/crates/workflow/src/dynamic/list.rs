//! What a text stands for, with its wildcards: lists that refer to one another by number, so that a
//! file that is used a hundred times is there once.

use super::MAX_PICKS;

/// A text or an option of one: what comes one behind another.
pub(super) type Row = Vec<Node>;

#[derive(Clone, Debug)]
pub(super) enum Node {
    /// Plain text.
    Text(String),
    /// Some options of a list.
    Pick(Pick),
}

/// Some options of a list: at least and at most so many, each once, in any order.
#[derive(Clone, Debug)]
pub(super) struct Pick {
    /// Which list.
    pub list: usize,
    pub least: usize,
    pub most: usize,
    pub separator: String,
}

/// The options of a choice, or the lines of a wildcard. There is one at least.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    pub options: Vec<Row>,
    /// The sums of the weights up to and with each option.
    pub sums: Vec<u64>,
}

impl List {
    pub fn push(&mut self, option: Row, weight: u64) {
        let before = self.sums.last().copied().unwrap_or(0);
        self.options.push(option);
        self.sums.push(before.saturating_add(weight));
    }

    pub fn weight(&self, option: usize) -> u64 {
        let before = option.checked_sub(1).map_or(0, |before| self.sums[before]);
        self.sums[option] - before
    }
}

/// How large what a row or a pick stands for is. Numbers stop at their largest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Size {
    /// How many results it has.
    pub results: u64,
    /// The bytes of the longest result.
    pub bytes: u64,
    /// The most choices that are made for one result.
    pub choices: u64,
    /// How deep choices are within one another.
    pub depth: usize,
}

impl Size {
    /// Of plain text.
    pub fn of_text(text: &str) -> Self {
        Self { results: 1, bytes: text.len() as u64, ..Self::default() }
    }

    /// Of what comes one behind another.
    pub fn then(self, next: Self) -> Self {
        Self {
            results: self.results.saturating_mul(next.results),
            bytes: self.bytes.saturating_add(next.bytes),
            choices: self.choices.saturating_add(next.choices),
            depth: self.depth.max(next.depth),
        }
    }
}

/// The sizes of a list's options, and of picks of any number of them.
#[derive(Clone, Debug)]
pub(super) struct Sizes {
    pub options: Vec<Size>,
    /// By how many are picked, from 0 to all or [`MAX_PICKS`].
    picked: Vec<Size>,
}

impl Sizes {
    pub fn new(options: Vec<Size>) -> Self {
        let most = options.len().min(MAX_PICKS);
        // In how many ways so many options can be picked, and filled: the elementary symmetric
        // polynomials of the options' results.
        let mut ways = vec![0_u64; most + 1];
        ways[0] = 1;
        for option in &options {
            for picked in (1..=most).rev() {
                let with = ways[picked - 1].saturating_mul(option.results);
                ways[picked] = ways[picked].saturating_add(with);
            }
        }
        let largest_first = |of: fn(&Size) -> u64| {
            let mut all: Vec<u64> = options.iter().map(of).collect();
            all.sort_unstable_by(|one, other| other.cmp(one));
            all
        };
        let (bytes, choices) =
            (largest_first(|size| size.bytes), largest_first(|size| size.choices));
        let depth = options.iter().map(|size| size.depth).max().unwrap_or(0) + 1;
        let sum =
            |all: &[u64], picked| all.iter().take(picked).fold(0, |a: u64, b| a.saturating_add(*b));
        let picked = (0..=most).map(|picked| Size {
            // In any order.
            results: (1..=picked as u64).fold(ways[picked], u64::saturating_mul),
            bytes: sum(&bytes, picked),
            choices: sum(&choices, picked).saturating_add(picked.max(1) as u64),
            depth,
        });
        Self { picked: picked.collect(), options }
    }

    /// Of a pick; none if more than [`MAX_PICKS`] are picked.
    pub fn of_pick(&self, pick: &Pick) -> Option<Size> {
        let sizes = self.picked.get(pick.least..=pick.most)?;
        let between = pick.separator.len().saturating_mul(pick.most.saturating_sub(1)) as u64;
        let results = sizes.iter().fold(0, |all: u64, size| all.saturating_add(size.results));
        let last = sizes.last()?;
        Some(Size { results, bytes: last.bytes.saturating_add(between), ..*last })
    }
}
