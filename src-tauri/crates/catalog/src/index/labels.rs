//! Which rows have which tag or are in which collection.

use super::row::{Bits, NameId};

/// The rows of each label, in order. Few assets have any, so a list a label is small.
#[derive(Debug, Default)]
pub(super) struct Labels {
    rows: Vec<Vec<u32>>,
    /// Rows with any label.
    any: Bits,
}

impl Labels {
    /// Sets all labels of a row.
    pub fn set(&mut self, row: u32, labels: &[NameId]) {
        self.clear(row);
        self.add(row, labels);
    }

    /// Adds labels to a row.
    pub fn add(&mut self, row: u32, labels: &[NameId]) {
        if !labels.is_empty() {
            self.any.grow_and_insert(row as usize);
        }
        for label in labels {
            let label = label.0 as usize;
            if self.rows.len() <= label {
                self.rows.resize_with(label + 1, Vec::new);
            }
            let rows = &mut self.rows[label];
            if let Err(place) = rows.binary_search(&row) {
                rows.insert(place, row);
            }
        }
    }

    /// Takes all labels from a row.
    pub fn clear(&mut self, row: u32) {
        if !self.any.contains(row as usize) {
            return;
        }
        self.any.set(row as usize, false);
        for rows in &mut self.rows {
            if rows.last().is_some_and(|last| *last >= row)
                && let Ok(place) = rows.binary_search(&row)
            {
                rows.remove(place);
            }
        }
    }

    /// The rows of a label, in order.
    pub fn rows(&self, label: usize) -> &[u32] {
        self.rows.get(label).map_or(&[], Vec::as_slice)
    }

    /// Rows with any of these labels.
    pub fn with_any(&self, labels: &Bits, length: usize) -> Bits {
        let mut found = Bits::with_capacity(length);
        for label in labels.ones() {
            found.extend(self.rows(label).iter().map(|row| *row as usize));
        }
        found
    }

    /// Rows with any label.
    pub fn any(&self) -> &Bits {
        &self.any
    }

    /// The labels of a row.
    pub fn of_row(&self, row: u32) -> impl Iterator<Item = u32> {
        let has = move |(_, rows): &(usize, &Vec<u32>)| rows.binary_search(&row).is_ok();
        self.rows.iter().enumerate().filter(has).filter_map(|(label, _)| u32::try_from(label).ok())
    }

    /// Bytes on the heap.
    pub fn memory(&self) -> usize {
        self.rows
            .iter()
            .map(|rows| rows.capacity() * size_of::<u32>() + size_of::<Vec<u32>>())
            .sum()
    }
}
