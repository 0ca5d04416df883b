//! File names and titles of all assets, folded.
//!
//! Most names of a library differ only by their numbers (`ComfyUI_00001_.png`). So each name has a
//! *mould* besides, the name with its numbers blanked, and each mould is kept once: a part without a
//! digit is looked for in the few moulds instead of in a million names.

use super::{
    bits::places,
    row::{Bits, CatalogError},
    texts::{END, Texts},
};
use crate::text::folded;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// Stands for a number in a mould.
const BLANK: u8 = 1;
const NO_ROW: u32 = u32::MAX;

/// The names of all rows.
#[derive(Debug, Default)]
pub(super) struct Arena {
    names: Texts,
    /// Whose names each text of `names` is; none if they were replaced.
    rows: Vec<u32>,
    /// The text of each row.
    of_row: Vec<u32>,
    moulds: Texts,
    /// The moulds by what they are.
    known_moulds: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// The mould of each row.
    mould_of_row: Vec<u32>,
}

impl Arena {
    /// Sets the names of a row; a new row is the one behind the last.
    pub fn set(&mut self, row: u32, names: &str) -> Result<(), CatalogError> {
        let mut names = folded(names).into_bytes();
        for byte in names.iter_mut().filter(|byte| matches!(**byte, END | BLANK)) {
            *byte = b' ';
        }
        let number = self.names.push(&names)?;
        self.rows.push(row);
        let mould = self.mould(names)?;
        if let (Some(old), Some(old_mould)) =
            (self.of_row.get_mut(row as usize), self.mould_of_row.get_mut(row as usize))
        {
            self.rows[*old as usize] = NO_ROW;
            *old = number;
            *old_mould = mould;
        } else {
            self.of_row.push(number);
            self.mould_of_row.push(mould);
        }
        Ok(())
    }

    /// The mould of some names.
    fn mould(&mut self, mut names: Vec<u8>) -> Result<u32, CatalogError> {
        for byte in names.iter_mut().filter(|byte| byte.is_ascii_digit()) {
            *byte = BLANK;
        }
        names.dedup_by(|byte, before| *byte == BLANK && *before == BLANK);
        let hash = self.hasher.hash_one(&names);
        let same = |mould: &u32| self.moulds.get(*mould) == names;
        if let Some(known) = self.known_moulds.find(hash, same) {
            return Ok(*known);
        }
        let mould = self.moulds.push(&names)?;
        let hash_of = |mould: &u32| self.hasher.hash_one(self.moulds.get(*mould));
        self.known_moulds.insert_unique(hash, mould, hash_of);
        Ok(mould)
    }

    /// The names of a row.
    pub fn names(&self, row: u32) -> &[u8] {
        self.of_row.get(row as usize).map_or(&[], |number| self.names.get(*number))
    }

    /// The first name of a row.
    pub fn first(&self, row: u32) -> &[u8] {
        let names = self.names(row);
        &names[..memchr::memchr(b'\n', names).unwrap_or(names.len())]
    }

    /// The rows whose names contain a folded text.
    pub fn containing(&self, part: &str) -> Bits {
        let part = part.as_bytes();
        let mut found = Bits::with_capacity(self.of_row.len());
        if part.is_empty() || part.iter().any(|byte| matches!(*byte, END | BLANK)) {
            return found;
        }
        if part.iter().any(u8::is_ascii_digit) {
            self.names.each_containing(part, |number| {
                if self.rows[number] != NO_ROW {
                    found.insert(self.rows[number] as usize);
                }
            });
            return found;
        }
        let mut moulds = Bits::with_capacity(self.moulds.len());
        self.moulds.each_containing(part, |mould| moulds.insert(mould));
        if moulds.is_clear() {
            return found;
        }
        places(&self.mould_of_row, |mould| moulds.contains(mould as usize))
    }

    /// Rows of which one name is this folded text, with or without the file's ending.
    pub fn called(&self, name: &str) -> Bits {
        let mut found = self.containing(name);
        let wanted = name.as_bytes();
        let without_ending = |line: &[u8]| {
            let dot = memchr::memrchr(b'.', line).unwrap_or(line.len());
            &line[..dot] == wanted
        };
        let wrong: Vec<usize> = found
            .ones()
            .filter(|row| {
                let row = u32::try_from(*row).unwrap_or(NO_ROW);
                let mut lines = self.names(row).split(|byte| *byte == b'\n');
                !lines.any(|line| line == wanted || without_ending(line))
            })
            .collect();
        for row in wrong {
            found.set(row, false);
        }
        found
    }

    /// Bytes on the heap, about.
    pub fn memory(&self) -> usize {
        let numbers = self.rows.capacity()
            + self.of_row.capacity()
            + self.mould_of_row.capacity()
            + self.known_moulds.capacity();
        self.names.memory() + self.moulds.memory() + numbers * size_of::<u32>()
    }
}
