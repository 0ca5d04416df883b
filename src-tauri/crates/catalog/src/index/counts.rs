//! Counting rows by what they have.
//!
//! Half of the library is the most that is ever counted: where more matches, what does not match is
//! counted and taken from the numbers of all, which are kept until something changes.

use super::{Index, bits::each, recipes::NONE, row::Bits, traits::TRAITS};
use std::sync::OnceLock;

/// Days that are told apart.
const DAYS: usize = u16::MAX as usize + 1;

/// The numbers of all rows that are here.
#[derive(Debug, Default)]
pub(super) struct Totals {
    traits: OnceLock<Vec<u32>>,
    days: OnceLock<Vec<u32>>,
    servers: OnceLock<Vec<u32>>,
    recipes: OnceLock<Vec<u32>>,
}

/// What rows are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// Their traits.
    Traits,
    /// The day they were made on.
    Days,
    /// Their server; the last count is of those without.
    Servers,
    /// Their recipe; the last count is of those without.
    Recipes,
}

impl Totals {
    fn of(&self, by: By) -> &OnceLock<Vec<u32>> {
        match by {
            By::Traits => &self.traits,
            By::Days => &self.days,
            By::Servers => &self.servers,
            By::Recipes => &self.recipes,
        }
    }
}

impl Index {
    /// How many of some rows, which are here, have each value.
    pub(super) fn count_by(&self, by: By, rows: &Bits) -> Vec<u32> {
        let here = &self.assets.states.here;
        if rows.count_ones(..) * 2 <= here.count_ones(..) {
            return self.walk(by, rows);
        }
        let mut counts = self.totals.of(by).get_or_init(|| self.walk(by, here)).clone();
        let mut others = here.clone();
        others.difference_with(rows);
        for (count, others) in counts.iter_mut().zip(self.walk(by, &others)) {
            *count -= others;
        }
        counts
    }

    fn walk(&self, by: By, rows: &Bits) -> Vec<u32> {
        let assets = &self.assets;
        let servers = self.names(super::NameKind::Server).len();
        match by {
            By::Traits => walk(rows, TRAITS, |row| usize::from(assets.traits[row].0) % TRAITS),
            By::Servers => walk(rows, servers + 1, |row| place(assets.server[row], servers)),
            By::Days => walk_runs(rows, DAYS, |row| usize::from(assets.day[row])),
            By::Recipes => {
                let recipes = self.recipes.len();
                walk_runs(rows, recipes + 1, |row| place(assets.recipe[row], recipes))
            }
        }
    }
}

/// A place in a list, or the one behind it for none.
fn place(id: u32, length: usize) -> usize {
    if id == NONE { length } else { (id as usize).min(length) }
}

fn walk(rows: &Bits, length: usize, value: impl Fn(usize) -> usize) -> Vec<u32> {
    let mut counts = vec![0; length];
    each(rows, |row| counts[value(row)] += 1);
    counts
}

/// The same for what rows made together share: runs are counted in a register.
fn walk_runs(rows: &Bits, length: usize, value: impl Fn(usize) -> usize) -> Vec<u32> {
    let mut counts = vec![0; length];
    let (mut last, mut same) = (0, 0);
    each(rows, |row| {
        let value = value(row);
        if value != last {
            counts[last] += same;
            (last, same) = (value, 0);
        }
        same += 1;
    });
    counts[last] += same;
    counts
}
