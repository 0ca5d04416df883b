//! Results in order: stacks, days, and places in the list.

use super::{Index, matches::Matches, order::Sort, recipes::NONE};
use std::{collections::HashSet, ops::Range};

/// Results in order. A row stays the same asset as long as the index is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Every row that matches, in order.
    pub rows: Vec<u32>,
    /// Where each entry of the list begins in `rows`, if rows of one batch next to each other are
    /// shown as one; each row is an entry by itself if this is absent.
    pub stacks: Option<Vec<u32>>,
    sort: Sort,
}

impl Found {
    /// Entries of the list: stacks and rows that are in none.
    #[must_use]
    pub fn len(&self) -> usize {
        self.stacks.as_ref().map_or(self.rows.len(), Vec::len)
    }

    /// Nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows of an entry: one, or those of a stack, the one that is shown first. Empty behind the
    /// last entry.
    #[must_use]
    pub fn entry(&self, entry: usize) -> &[u32] {
        self.rows.get(self.range(entry)).unwrap_or_default()
    }

    fn range(&self, entry: usize) -> Range<usize> {
        let Some(stacks) = &self.stacks else { return entry..entry + 1 };
        let start =
            |entry: usize| stacks.get(entry).map_or(self.rows.len(), |start| *start as usize);
        start(entry)..start(entry + 1)
    }

    /// The row that is shown for each entry, and how many rows it stands for.
    pub fn entries(&self) -> impl Iterator<Item = (u32, u32)> {
        (0..self.len()).filter_map(|entry| {
            let rows = self.entry(entry);
            Some((*rows.first()?, u32::try_from(rows.len()).unwrap_or(u32::MAX)))
        })
    }

    /// The entry that a row is in.
    #[must_use]
    pub fn entry_of(&self, row: u32) -> Option<usize> {
        let place = self.rows.iter().position(|found| *found == row)?;
        Some(self.entry_at(place))
    }

    /// The rows of all entries that any of these are in, in order.
    #[must_use]
    pub fn with_their_stacks(&self, rows: &HashSet<u32>) -> Vec<u32> {
        let entries = (0..self.len()).map(|entry| self.entry(entry));
        let of_them = entries.filter(|entry| entry.iter().any(|row| rows.contains(row)));
        of_them.flatten().copied().collect()
    }

    /// The entry that a place of `rows` is in.
    fn entry_at(&self, place: usize) -> usize {
        match &self.stacks {
            Some(stacks) => {
                stacks.partition_point(|start| *start as usize <= place).saturating_sub(1)
            }
            None => place,
        }
    }

    /// Up to so many rows before and behind a row, in order, whether or not they are in stacks: what a
    /// viewer shows next.
    #[must_use]
    pub fn neighbours(&self, row: u32, before: usize, behind: usize) -> Option<(&[u32], &[u32])> {
        let place = self.rows.iter().position(|found| *found == row)?;
        let first = place.saturating_sub(before);
        let last = (place + 1).saturating_add(behind).min(self.rows.len());
        Some((&self.rows[first..place], &self.rows[place + 1..last]))
    }
}

impl Index {
    /// What matches, in order; with stacks, rows of one batch that are next to each other are one
    /// entry.
    #[must_use]
    pub fn found(&self, matches: &Matches, sort: Sort, stacked: bool) -> Found {
        let rows = self.orders.of(&self.assets, sort, &matches.rows);
        let stacks = stacked.then(|| self.stacks(&rows));
        Found { rows, stacks, sort }
    }

    fn stacks(&self, rows: &[u32]) -> Vec<u32> {
        let mut stacks = vec![0; rows.len()];
        let (mut last, mut begun) = (NONE, 0);
        for (place, row) in (0..).zip(rows) {
            let batch = self.assets.batch[*row as usize];
            // Written whether or not it begins here: see `members` of the orders.
            stacks[begun] = place;
            begun += usize::from(batch == NONE || batch != last);
            last = batch;
        }
        stacks.truncate(begun);
        stacks
    }

    /// Makes sure that the first search with a sort need not wait for it: about a tenth of a second
    /// for a million.
    pub fn prepare(&self, sort: Sort) {
        self.orders.prepare(&self.assets, sort);
    }

    /// The entry to show for a moment (milliseconds since 1970, UTC): the first that was not made
    /// later ([`Sort::Newest`]) or earlier ([`Sort::Oldest`]). The number of entries if there is none;
    /// nothing if results are not ordered by time.
    #[must_use]
    pub fn entry_at_date(&self, found: &Found, ms: i64) -> Option<usize> {
        let made = |row: &u32| self.assets.created[*row as usize];
        let place = match found.sort {
            Sort::Newest => found.rows.partition_point(|row| made(row) > ms),
            Sort::Oldest => found.rows.partition_point(|row| made(row) < ms),
            _ => return None,
        };
        Some(if place == found.rows.len() { found.len() } else { found.entry_at(place) })
    }
}
