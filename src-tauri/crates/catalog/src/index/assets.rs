//! Columns of assets.

use super::{
    arena::Arena,
    labels::Labels,
    recipes::{NONE, id_or_none},
    row::{AssetRow, Bits, CatalogError, Change, MAX_ID, Marks, Places},
    traits::{Traits, shape},
};
use crate::query::{FlagValue, day_in};
use domain::{BatchId, JobId};
use jiff::tz::TimeZone;
use std::collections::HashMap;
use uuid::Uuid;

/// One place for each asset, in the order they came. The place stays with it, also when it is gone.
#[derive(Debug, Default)]
pub(super) struct Assets {
    pub seq: Vec<u32>,
    /// Those that did not come in the order of their keys.
    late: HashMap<u32, u32>,
    /// How many of the first places are in the order of their keys.
    in_order: usize,
    pub created: Vec<i64>,
    /// Day in the artist's time, from 1970.
    pub day: Vec<u16>,
    pub traits: Vec<Traits>,
    pub width: Vec<u32>,
    pub height: Vec<u32>,
    pub bytes: Vec<u64>,
    pub took: Vec<u32>,
    pub recipe: Vec<u32>,
    pub server: Vec<u32>,
    pub batch: Vec<u32>,
    batch_ids: Vec<BatchId>,
    by_batch: HashMap<BatchId, u32>,
    /// Nil if it was imported.
    pub job: Vec<JobId>,
    pub phash: Vec<u64>,
    pub names: Arena,
    pub tags: Labels,
    pub collections: Labels,
    pub states: States,
}

/// Sets of rows.
#[derive(Debug, Default)]
pub(super) struct States {
    pub here: Bits,
    pub binned: Bits,
    pub practice: Bits,
    pub preview: Bits,
    pub favourite: Bits,
    pub away: Bits,
    pub missing: Bits,
    pub several: Bits,
    pub hashed: Bits,
}

impl States {
    fn all(&mut self) -> [&mut Bits; 9] {
        [
            &mut self.here,
            &mut self.binned,
            &mut self.practice,
            &mut self.preview,
            &mut self.favourite,
            &mut self.away,
            &mut self.missing,
            &mut self.several,
            &mut self.hashed,
        ]
    }
}

/// What a change touched of what lists are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Touched {
    pub rating: bool,
    pub name: bool,
}

impl Assets {
    /// Places, of assets that are here or gone.
    pub fn len(&self) -> usize {
        self.seq.len()
    }

    /// The place of an asset that is or was here.
    fn place(&self, seq: u32) -> Option<u32> {
        if let Ok(place) = self.seq[..self.in_order].binary_search(&seq) {
            return u32::try_from(place).ok();
        }
        self.late.get(&seq).copied()
    }

    pub fn row(&self, seq: u32) -> Option<u32> {
        self.place(seq).filter(|row| self.states.here.contains(*row as usize))
    }

    /// Adds an asset or replaces the one with the same key. Answers with its row, and whether the row
    /// is new.
    pub fn set(
        &mut self,
        row: &AssetRow<'_>,
        zone: &TimeZone,
    ) -> Result<(u32, bool), CatalogError> {
        if let Some(id) = row.recipe.filter(|id| *id > MAX_ID) {
            return Err(CatalogError::IdTooLarge(id));
        }
        let known = self.place(row.seq);
        let place = match known {
            Some(place) => place,
            None => u32::try_from(self.len()).map_err(|_| CatalogError::TooManyNames)?,
        };
        self.names.set(place, row.names)?;
        match known {
            Some(_) => self.remove(place),
            None => self.push(row.seq, place),
        }
        self.fill(place, row, zone);
        Ok((place, known.is_none()))
    }

    fn push(&mut self, seq: u32, place: u32) {
        if self.in_order == self.seq.len() && self.seq.last().is_none_or(|last| *last < seq) {
            self.in_order += 1;
        } else {
            self.late.insert(seq, place);
        }
        self.seq.push(seq);
        self.created.push(0);
        self.day.push(0);
        self.traits.push(Traits(0));
        self.width.push(0);
        self.height.push(0);
        self.bytes.push(0);
        self.took.push(NONE);
        self.recipe.push(NONE);
        self.server.push(NONE);
        self.batch.push(NONE);
        self.job.push(JobId(Uuid::nil()));
        self.phash.push(0);
        let length = self.len();
        for bits in self.states.all() {
            bits.grow(length);
        }
    }

    fn fill(&mut self, place: u32, row: &AssetRow<'_>, zone: &TimeZone) {
        let at = place as usize;
        self.created[at] = row.created_at;
        self.day[at] = day(row.created_at, zone);
        self.traits[at] = Traits::new(row.kind, shape(row.width, row.height), row.marks);
        self.width[at] = row.width;
        self.height[at] = row.height;
        self.bytes[at] = row.bytes;
        // The largest number stands for none; nothing takes seven weeks.
        self.took[at] = row.took_ms.unwrap_or(NONE);
        self.recipe[at] = row.recipe.unwrap_or(NONE);
        self.server[at] = id_or_none(row.server);
        self.batch[at] = row.batch.map_or(NONE, |batch| self.batch_number(batch));
        self.job[at] = row.job.unwrap_or(JobId(Uuid::nil()));
        self.states.here.insert(at);
        self.states.practice.set(at, row.practice);
        self.states.preview.set(at, row.preview);
        self.set_phash(at, row.phash);
        self.set_marks(at, row.marks);
        self.set_places(at, row.places);
        self.tags.add(place, row.tags);
        self.collections.add(place, row.collections);
    }

    fn batch_number(&mut self, batch: BatchId) -> u32 {
        *self.by_batch.entry(batch).or_insert_with(|| {
            self.batch_ids.push(batch);
            // There are not more batches than rows, and rows are counted in 32 bits.
            u32::try_from(self.batch_ids.len() - 1).unwrap_or(NONE)
        })
    }

    fn set_phash(&mut self, at: usize, phash: Option<u64>) {
        self.phash[at] = phash.unwrap_or_default();
        self.states.hashed.set(at, phash.is_some());
    }

    fn set_marks(&mut self, at: usize, marks: Marks) {
        self.traits[at] = self.traits[at].with_marks(marks);
        self.states.binned.set(at, marks.binned);
        self.states.favourite.set(at, marks.favourite);
    }

    fn set_places(&mut self, at: usize, places: Places) {
        self.states.several.set(at, places.several);
        self.states.away.set(at, places.away);
        self.states.missing.set(at, places.missing);
    }

    pub fn change(&mut self, row: u32, change: &Change<'_>) -> Result<Touched, CatalogError> {
        let at = row as usize;
        let mut touched = Touched::default();
        if let Some(names) = change.names {
            self.names.set(row, names)?;
            touched.name = true;
        }
        if let Some(marks) = change.marks {
            touched.rating = self.traits[at].rating() != marks.rating.min(5);
            self.set_marks(at, marks);
        }
        if let Some(tags) = change.tags {
            self.tags.set(row, tags);
        }
        if let Some(collections) = change.collections {
            self.collections.set(row, collections);
        }
        if let Some(places) = change.places {
            self.set_places(at, places);
        }
        if change.phash.is_some() {
            self.set_phash(at, change.phash);
        }
        Ok(touched)
    }

    /// Previews that the artist has not marked or put anywhere: they are kept apart.
    pub fn apart(&self) -> Bits {
        let mut apart = self.states.preview.clone();
        apart.difference_with(self.tags.any());
        apart.difference_with(self.collections.any());
        for row in self.states.preview.ones() {
            let traits = self.traits[row];
            if traits.rating() > 0 || traits.favourite() || traits.flag() == FlagValue::Pick {
                apart.set(row, false);
            }
        }
        apart
    }

    /// Takes an asset away. Its place stays, empty.
    pub fn remove(&mut self, row: u32) {
        let at = row as usize;
        for bits in self.states.all() {
            bits.set(at, false);
        }
        self.tags.clear(row);
        self.collections.clear(row);
    }

    pub fn batch_id(&self, row: u32) -> Option<BatchId> {
        self.batch_ids.get(*self.batch.get(row as usize)? as usize).copied()
    }

    pub fn batch_ids(&self) -> &[BatchId] {
        &self.batch_ids
    }

    /// Bytes on the heap, about.
    pub fn memory(&self) -> usize {
        // What stands in the vectors above for one row.
        let row =
            3 * size_of::<u64>() + 7 * size_of::<u32>() + 2 * size_of::<u16>() + size_of::<JobId>();
        let sets = 9 * self.seq.capacity() / 8;
        let of_batch = size_of::<BatchId>() * 2 + size_of::<u32>() + 2;
        let batches = self.batch_ids.capacity() * of_batch;
        let late = self.late.capacity() * 9;
        let labels = self.tags.memory() + self.collections.memory();
        self.seq.capacity() * row + sets + batches + late + self.names.memory() + labels
    }
}

/// The day of a moment in the artist's time. Days before 1970 and after 2149 count as the first and
/// the last: only clocks that are wrong say so.
fn day(ms: i64, zone: &TimeZone) -> u16 {
    u16::try_from(day_in(zone, ms).max(0)).unwrap_or(u16::MAX)
}
