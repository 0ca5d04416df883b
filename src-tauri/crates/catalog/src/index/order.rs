//! The order of all rows, kept per sort, so that a search only walks along it.

use super::{
    assets::{Assets, Touched},
    natural::{self, Keys},
    recipes::NONE,
    row::Bits,
};
use std::{
    cmp::{Ordering, Reverse},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

/// How results are ordered. Where rows are equal, the newest comes first, and of those made in the
/// same millisecond the one with the largest key; [`Sort::Oldest`] is [`Sort::Newest`] backwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// By the time they were made, newest first.
    #[default]
    Newest,
    /// By the time they were made, oldest first.
    Oldest,
    /// Most stars first.
    Rating,
    /// By title or file name, whatever the case; numbers in it count by their value.
    Name,
    /// Largest file first.
    Bytes,
    /// Most pixels first.
    Pixels,
    /// What took longest first; what is not known last.
    Took,
    /// By chance, the same for the same seed.
    Random(u64),
}

/// Sorts whose order is kept from the first time it is asked for.
const KEPT: [Sort; 6] =
    [Sort::Newest, Sort::Rating, Sort::Name, Sort::Bytes, Sort::Pixels, Sort::Took];
/// Up to one row in so many is sorted by itself: walking along the order of all would take longer.
const FEW: usize = 32;
/// Keys of names are compared by so many bytes at a time.
const CHUNK: usize = size_of::<u64>();
/// Keys that are equal so far are compared to the end at once.
const DEEPEST: usize = 32 * CHUNK;

#[derive(Debug, Default)]
pub(super) struct Orders {
    kept: [OnceLock<Vec<u32>>; KEPT.len()],
    /// The last one by chance, with its seed.
    random: Mutex<Option<(u64, Arc<Vec<u32>>)>>,
}

impl Orders {
    /// The members of a set, in order.
    pub fn of(&self, assets: &Assets, sort: Sort, rows: &Bits) -> Vec<u32> {
        let count = rows.count_ones(..);
        if count <= rows.len() / FEW {
            let mut few: Vec<u32> = rows.ones().filter_map(|row| u32::try_from(row).ok()).collect();
            if sort == Sort::Name {
                few.sort_unstable_by_key(|row| Reverse(age(assets, *row)));
                return sorted_by_name(assets, &few);
            }
            few.sort_unstable_by(|a, b| compare(assets, sort, *a, *b));
            return few;
        }
        match sort {
            Sort::Random(seed) => members(self.random(assets, seed).iter(), rows, count),
            Sort::Oldest => members(self.kept(assets, Sort::Newest).iter().rev(), rows, count),
            _ => members(self.kept(assets, sort).iter(), rows, count),
        }
    }

    /// Makes sure that the order of all rows is there.
    pub fn prepare(&self, assets: &Assets, sort: Sort) {
        match sort {
            Sort::Random(seed) => drop(self.random(assets, seed)),
            Sort::Oldest => drop(self.kept(assets, Sort::Newest)),
            _ => drop(self.kept(assets, sort)),
        }
    }

    fn kept(&self, assets: &Assets, sort: Sort) -> &[u32] {
        let place = KEPT.iter().position(|kept| *kept == sort).unwrap_or(0);
        self.kept[place].get_or_init(|| match sort {
            Sort::Newest => newest(assets),
            _ => sorted(assets, sort, self.kept(assets, Sort::Newest).to_vec()),
        })
    }

    fn random(&self, assets: &Assets, seed: u64) -> Arc<Vec<u32>> {
        let mut kept = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((known, order)) if *known == seed => Arc::clone(order),
            _ => {
                let mut keys: Vec<(u64, u32)> =
                    (0..).zip(&assets.seq).map(|(row, seq)| (chance(seed, *seq), row)).collect();
                keys.sort_unstable();
                let order = Arc::new(keys.into_iter().map(|(_, row)| row).collect());
                *kept = Some((seed, Arc::clone(&order)));
                order
            }
        }
    }

    /// Puts rows that were added or replaced where they belong, in every order that is kept.
    pub fn place(&mut self, assets: &Assets, rows: &[u32]) {
        self.forget_random();
        for (sort, kept) in KEPT.into_iter().zip(&mut self.kept) {
            if let Some(order) = kept.get_mut() {
                merge(assets, sort, order, rows);
            }
        }
    }

    /// Puts rows that were changed where they belong.
    pub fn replace(&mut self, assets: &Assets, rows: &[(u32, Touched)]) {
        for (sort, kept) in KEPT.into_iter().zip(&mut self.kept) {
            let moved = |touched: Touched| match sort {
                Sort::Rating => touched.rating,
                Sort::Name => touched.name,
                _ => false,
            };
            let rows: Vec<u32> =
                rows.iter().filter(|(_, touched)| moved(*touched)).map(|(row, _)| *row).collect();
            if let Some(order) = kept.get_mut().filter(|_| !rows.is_empty()) {
                merge(assets, sort, order, &rows);
            }
        }
    }

    fn forget_random(&mut self) {
        *self.random.get_mut().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Bytes on the heap.
    pub fn memory(&self) -> usize {
        let kept: usize =
            self.kept.iter().filter_map(OnceLock::get).map(|order| order.capacity()).sum();
        let random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        let random = random.as_ref().map_or(0, |(_, order)| order.capacity());
        (kept + random) * size_of::<u32>()
    }
}

/// What of an order is in a set with so many members. Each is written and then kept or not, since a
/// processor guesses badly which are.
fn members<'a>(order: impl Iterator<Item = &'a u32>, rows: &Bits, count: usize) -> Vec<u32> {
    let mut found = vec![0; count + 1];
    let mut kept = 0;
    for row in order {
        found[kept] = *row;
        kept += usize::from(rows.contains(*row as usize));
    }
    found.truncate(kept);
    found
}

/// Takes rows out of an order, if they are in it, and puts them where they belong.
fn merge(assets: &Assets, sort: Sort, order: &mut Vec<u32>, rows: &[u32]) {
    let mut moving = Bits::with_capacity(assets.len());
    moving.extend(rows.iter().map(|row| *row as usize));
    order.retain(|row| !moving.contains(*row as usize));
    let mut rows: Vec<u32> = moving.ones().filter_map(|row| u32::try_from(row).ok()).collect();
    rows.sort_unstable_by(|a, b| compare(assets, sort, *a, *b));
    // From the end, so that nothing is moved twice.
    let mut end = order.len();
    let mut place = order.len() + rows.len();
    order.resize(place, 0);
    for row in rows.into_iter().rev() {
        let from = order[..end].partition_point(|old| compare(assets, sort, *old, row).is_lt());
        order.copy_within(from..end, place - (end - from));
        place -= end - from + 1;
        order[place] = row;
        end = from;
    }
}

/// Which of two rows comes first.
fn compare(assets: &Assets, sort: Sort, a: u32, b: u32) -> Ordering {
    let primary = match sort {
        Sort::Newest => Ordering::Equal,
        Sort::Oldest => return compare(assets, Sort::Newest, b, a),
        Sort::Name => natural::key(assets.names.first(a)).cmp(natural::key(assets.names.first(b))),
        _ => key(assets, sort, a).cmp(&key(assets, sort, b)),
    };
    primary.then_with(|| age(assets, b).cmp(&age(assets, a)))
}

fn age(assets: &Assets, row: u32) -> (i64, u32) {
    (assets.created[row as usize], assets.seq[row as usize])
}

/// What rows are ordered by, least first.
fn key(assets: &Assets, sort: Sort, row: u32) -> u64 {
    let row = row as usize;
    match sort {
        Sort::Rating => u64::MAX - u64::from(assets.traits[row].rating()),
        Sort::Bytes => u64::MAX - assets.bytes[row],
        Sort::Pixels => u64::MAX - u64::from(assets.width[row]) * u64::from(assets.height[row]),
        Sort::Took if assets.took[row] == NONE => u64::MAX,
        Sort::Took => u64::MAX - 1 - u64::from(assets.took[row]),
        Sort::Random(seed) => chance(seed, assets.seq[row]),
        Sort::Newest | Sort::Oldest | Sort::Name => 0,
    }
}

fn newest(assets: &Assets) -> Vec<u32> {
    let mut keys: Vec<(i64, u32, u32)> = (0..)
        .zip(assets.created.iter().zip(&assets.seq))
        .map(|(row, (created, seq))| (*created, *seq, row))
        .collect();
    keys.sort_unstable_by(|a, b| b.cmp(a));
    keys.into_iter().map(|(_, _, row)| row).collect()
}

/// All rows in order, from the newest first.
fn sorted(assets: &Assets, sort: Sort, rows: Vec<u32>) -> Vec<u32> {
    if sort == Sort::Name {
        return sorted_by_name(assets, &rows);
    }
    let mut keys: Vec<(u64, u32)> =
        rows.iter().map(|row| (key(assets, sort, *row), *row)).collect();
    keys.sort_by_key(|(key, _)| *key);
    keys.into_iter().map(|(_, row)| row).collect()
}

/// Rows in the order of their names, those of one name as they come.
fn sorted_by_name(assets: &Assets, rows: &[u32]) -> Vec<u32> {
    let keys = Keys::of(rows.iter().map(|row| assets.names.first(*row)));
    let mut places: Vec<u32> = (0..).take(rows.len()).collect();
    sort_keys(&keys, &mut places, 0);
    places.into_iter().map(|place| rows[place as usize]).collect()
}

/// Sorts keys that are equal up to a depth by what follows, a chunk at a time: numbers compare faster
/// than bytes, and most names of a library begin alike.
fn sort_keys(keys: &Keys, places: &mut [u32], depth: usize) {
    if depth >= DEEPEST {
        places.sort_by(|a, b| keys.get(*a).cmp(keys.get(*b)));
        return;
    }
    let mut chunks: Vec<(u64, u32)> =
        places.iter().map(|place| (chunk(keys.get(*place), depth), *place)).collect();
    chunks.sort_by_key(|(chunk, _)| *chunk);
    for (place, (_, sorted)) in places.iter_mut().zip(&chunks) {
        *place = *sorted;
    }
    let mut start = 0;
    for run in chunks.chunk_by(|(a, _), (b, _)| a == b) {
        // No key has a zero, so a chunk that ends with one is the end of a key.
        let goes_on = run[0].0 & 0xff != 0;
        if goes_on && run.len() > 1 {
            sort_keys(keys, &mut places[start..start + run.len()], depth + CHUNK);
        }
        start += run.len();
    }
}

/// Some bytes of a key as a number that compares as they do.
fn chunk(key: &[u8], depth: usize) -> u64 {
    let mut bytes = [0; CHUNK];
    let rest = key.get(depth..).unwrap_or_default();
    let length = rest.len().min(CHUNK);
    bytes[..length].copy_from_slice(&rest[..length]);
    u64::from_be_bytes(bytes)
}

/// A number that follows from a seed and a key and looks like chance (the mixing of SplitMix64).
fn chance(seed: u64, seq: u32) -> u64 {
    mixed(mixed(seed).wrapping_add(u64::from(seq)))
}

fn mixed(mut bits: u64) -> u64 {
    bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}
