//! More like this.

use super::{Index, bits::places, recipes::NONE, row::Bits};

/// Bits of perceptual hashes that may differ for `like:`.
pub const ALIKE: u32 = 8;

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
}
