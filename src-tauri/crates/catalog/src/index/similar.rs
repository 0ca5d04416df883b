//! More like this.

use super::{Index, bits::places, recipes::NONE, row::Bits};

/// Bits of perceptual hashes that may differ for `like:`.
pub const ALIKE: u32 = 8;

/// An asset that looks nearly the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    /// Its row.
    pub row: u32,
    /// Bits of the perceptual hashes that differ.
    pub distance: u32,
}

impl Index {
    /// The rows whose recipe has the same words (positive, negative, names of models), with the row
    /// itself; nothing if it has no recipe. What is in the bin is among them.
    #[must_use]
    pub fn same_prompt(&self, row: u32) -> Bits {
        let (assets, texts) = (&self.assets, &self.recipes.text);
        let recipe = assets.recipe.get(row as usize);
        let wanted = recipe.and_then(|recipe| texts.get(*recipe as usize).copied());
        let Some(wanted) = wanted.filter(|text| *text != NONE) else {
            return Bits::with_capacity(assets.len());
        };
        places(&assets.recipe, |recipe| texts.get(recipe as usize) == Some(&wanted))
    }

    /// The rows whose perceptual hash differs in at most so many bits, with the row itself. What is in
    /// the bin is among them.
    #[must_use]
    pub fn alike(&self, row: u32, most: u32) -> Bits {
        let assets = &self.assets;
        let mut rows = Bits::with_capacity(assets.len());
        if assets.states.hashed.contains(row as usize) {
            let hash = assets.phash[row as usize];
            rows = places(&assets.phash, |other| (other ^ hash).count_ones() <= most);
            rows.intersect_with(&assets.states.hashed);
        } else if assets.states.here.contains(row as usize) {
            rows.insert(row as usize);
        }
        rows
    }

    /// Other assets whose perceptual hash differs in at most so many bits, nearest first, then newest.
    /// What is in the bin is left out.
    #[must_use]
    pub fn near(&self, row: u32, most: u32) -> Vec<Near> {
        let assets = &self.assets;
        if !assets.states.hashed.contains(row as usize) {
            return Vec::new();
        }
        let hash = assets.phash[row as usize];
        let mut rows = self.alike(row, most);
        rows.difference_with(&assets.states.binned);
        rows.difference_with(&assets.apart());
        rows.set(row as usize, false);
        let distance = |row: usize| (assets.phash[row] ^ hash).count_ones();
        let mut near: Vec<Near> = rows
            .ones()
            .filter_map(|row| Some(Near { row: u32::try_from(row).ok()?, distance: distance(row) }))
            .collect();
        let age = |near: &Near| (assets.created[near.row as usize], assets.seq[near.row as usize]);
        near.sort_unstable_by(|a, b| a.distance.cmp(&b.distance).then(age(b).cmp(&age(a))));
        near
    }
}
