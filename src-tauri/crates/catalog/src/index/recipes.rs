//! Columns of recipes.

use super::row::{Bits, CatalogError, MAX_ID, NameId, RecipeRow};
use crate::query::Number;

/// No name, no text.
pub(super) const NONE: u32 = u32::MAX;

/// One place for each id up to the largest.
#[derive(Debug, Default)]
pub(super) struct Recipes {
    pub known: Bits,
    pub text: Vec<u32>,
    pub models: Lists,
    pub loras: Lists,
    pub workflow: Vec<u32>,
    pub seed: Vec<u64>,
    pub seeded: Bits,
    pub sampler: Vec<u32>,
    pub scheduler: Vec<u32>,
    pub steps: Vec<u32>,
    /// Not a number if it is unknown.
    pub cfg: Vec<f32>,
    /// Not a number if it is unknown.
    pub denoise: Vec<f32>,
    pub prompt: Bits,
    pub negative: Bits,
    pub rerunnable: Bits,
    pub sources: Bits,
}

/// A short list for each place.
#[derive(Debug, Default)]
pub(super) struct Lists {
    bounds: Vec<(u32, u32)>,
    ids: Vec<u32>,
    /// The place that each of `ids` belongs to; none if its list was replaced.
    places: Vec<u32>,
}

impl Lists {
    fn set(&mut self, place: usize, list: &[NameId]) -> Result<(), CatalogError> {
        let (old_start, old_end) = self.bounds[place];
        self.places[old_start as usize..old_end as usize].fill(NONE);
        let owner = u32::try_from(place).unwrap_or(NONE);
        let start = u32::try_from(self.ids.len()).map_err(|_| CatalogError::TooManyNames)?;
        for (at, id) in list.iter().enumerate() {
            // A model that is loaded twice counts once.
            if !list[..at].contains(id) {
                self.ids.push(id.0);
                self.places.push(owner);
            }
        }
        let end = u32::try_from(self.ids.len()).map_err(|_| CatalogError::TooManyNames)?;
        self.bounds[place] = (start, end);
        Ok(())
    }

    /// Adds up a number of each place for each id in its list, and answers with the sum of those whose
    /// list is empty; the last number is that of no place.
    pub fn add_up(&self, numbers: &[u32], sums: &mut [u32]) -> u32 {
        for (id, place) in self.ids.iter().zip(&self.places) {
            sums[*id as usize] += numbers.get(*place as usize).copied().unwrap_or(0);
        }
        let (of_places, of_none) = numbers.split_at(self.bounds.len().min(numbers.len()));
        let empty = self.bounds.iter().zip(of_places);
        let empty = empty.map(|((start, end), number)| number * u32::from(start == end));
        empty.sum::<u32>() + of_none.iter().sum::<u32>()
    }

    /// Places whose list has one of these.
    pub fn with_any(&self, ids: &Bits) -> Bits {
        super::bits::places(&self.bounds, |(start, end)| {
            self.ids[start as usize..end as usize].iter().any(|id| ids.contains(*id as usize))
        })
    }

    /// Places whose list is not empty.
    pub fn filled(&self) -> Bits {
        super::bits::places(&self.bounds, |(start, end)| start < end)
    }

    fn memory(&self) -> usize {
        self.bounds.capacity() * size_of::<(u32, u32)>()
            + self.ids.capacity() * 2 * size_of::<u32>()
    }
}

impl Recipes {
    /// Places of recipes, known or not.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    pub fn set(&mut self, row: &RecipeRow<'_>) -> Result<(), CatalogError> {
        for id in [row.id, row.text] {
            if id > MAX_ID {
                return Err(CatalogError::IdTooLarge(id));
            }
        }
        let place = row.id as usize;
        if place >= self.len() {
            self.grow(place + 1);
        }
        self.known.insert(place);
        self.text[place] = row.text;
        self.models.set(place, row.models)?;
        self.loras.set(place, row.loras)?;
        self.workflow[place] = id_or_none(row.workflow);
        self.seed[place] = row.seed.unwrap_or_default();
        self.seeded.set(place, row.seed.is_some());
        self.sampler[place] = id_or_none(row.sampler);
        self.scheduler[place] = id_or_none(row.scheduler);
        self.steps[place] = row.steps.unwrap_or(NONE);
        self.cfg[place] = single(row.cfg);
        self.denoise[place] = single(row.denoise);
        self.prompt.set(place, row.prompt);
        self.negative.set(place, row.negative);
        self.rerunnable.set(place, row.rerunnable);
        self.sources.set(place, row.sources);
        Ok(())
    }

    fn grow(&mut self, length: usize) {
        for ids in [
            &mut self.text,
            &mut self.workflow,
            &mut self.sampler,
            &mut self.scheduler,
            &mut self.steps,
        ] {
            ids.resize(length, NONE);
        }
        for numbers in [&mut self.cfg, &mut self.denoise] {
            numbers.resize(length, f32::NAN);
        }
        self.seed.resize(length, 0);
        self.models.bounds.resize(length, (0, 0));
        self.loras.bounds.resize(length, (0, 0));
        for bits in [
            &mut self.known,
            &mut self.seeded,
            &mut self.prompt,
            &mut self.negative,
            &mut self.rerunnable,
            &mut self.sources,
        ] {
            bits.grow(length);
        }
    }

    /// Bytes on the heap.
    pub fn memory(&self) -> usize {
        let ids = self.text.capacity() * 5 * size_of::<u32>();
        let numbers = self.cfg.capacity() * 2 * size_of::<f32>();
        let bits = self.known.len() / 8 * 6;
        let seeds = self.seed.capacity() * size_of::<u64>();
        ids + numbers + bits + seeds + self.models.memory() + self.loras.memory()
    }
}

pub(super) fn id_or_none(id: Option<NameId>) -> u32 {
    id.map_or(NONE, |id| id.0)
}

/// Half as exact: 0.6000000000000001, which programs write for 0.6, is 0.6.
#[allow(clippy::cast_possible_truncation)]
fn single(number: Option<f64>) -> f32 {
    number.map_or(f32::NAN, |number| number as f32)
}

/// A number of a query, as exact as the columns are.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn single_of(number: Number) -> f32 {
    number.value() as f32
}
