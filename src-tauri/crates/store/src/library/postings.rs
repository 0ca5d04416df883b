//! Which recipes have a value: for each value and each block of 1,024 numbers of recipes one row, with the
//! last bits of the numbers. A row for each recipe and value was a quarter of what SQLite did when a folder
//! was added.

use super::writing::Writing;
use crate::{Result, StoreError};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use std::collections::{BTreeMap, HashSet};

/// Bits of a recipe's number that are kept in a row; the others are the row's block.
const LOW_BITS: u32 = 10;
/// Rows that are looked up and written anew together: each has three values at most.
const AT_ONCE: usize = 5_000;
/// Hex digits of a block, and of the last bits of a number, where SQLite packs them.
const BLOCK_DIGITS: usize = 8;
const LOW_DIGITS: usize = 4;

/// A value, and a block of recipes.
type Row = (i64, u32);

/// Values and those that have them, row by row.
#[derive(Default)]
pub(super) struct Postings(BTreeMap<Row, Vec<u8>>);

/// Whether two recipes are in one row of each value that both have.
pub(super) fn is_same_block(one: i64, other: i64) -> bool {
    one >> LOW_BITS == other >> LOW_BITS
}

impl Postings {
    /// Adds a recipe to those that have a value.
    pub(super) fn add(&mut self, param: i64, recipe: u32) {
        let row = self.0.entry((param, recipe >> LOW_BITS)).or_default();
        row.extend(low(recipe).to_be_bytes());
    }

    /// Writes them. No recipe may have been added to a value before.
    pub(super) async fn write(self, writing: &mut Writing<'_>) -> Result<()> {
        // In the order of the table, so that one page after another is written.
        let rows: Vec<(Row, Vec<u8>)> = self.0.into_iter().collect();
        let add = "CAST(recipes || excluded.recipes AS BLOB)";
        writing.put_rows(&rows, |rows| Ok(insert(rows, add))).await
    }

    /// Takes recipes off the values that they have.
    pub(super) async fn remove(self, connection: &mut SqliteConnection) -> Result<()> {
        let keys: Vec<Row> = self.0.keys().copied().collect();
        for chunk in keys.chunks(AT_ONCE) {
            let mut query = QueryBuilder::<Sqlite>::new("WITH wanted (param, block) AS (VALUES ");
            for (at, (param, block)) in chunk.iter().enumerate() {
                query.push(if at > 0 { ", (" } else { "(" });
                query.push_bind(param).push(", ").push_bind(block).push(")");
            }
            // In this order: SQLite would go through all rows, and look each up among those wanted.
            query.push(
                ") SELECT param_recipes.param, param_recipes.block, recipes
                FROM wanted CROSS JOIN param_recipes ON param_recipes.param = wanted.param
                    AND param_recipes.block = wanted.block",
            );
            let found: Vec<(i64, u32, Vec<u8>)> =
                query.build_query_as().fetch_all(&mut *connection).await?;
            let (mut left, mut empty) = (Vec::new(), Vec::new());
            for (param, block, recipes) in found {
                let row = (param, block);
                let gone: HashSet<&[u8]> =
                    self.0.get(&row).map(|gone| gone.chunks_exact(2).collect()).unwrap_or_default();
                let stay: Vec<&[u8]> =
                    recipes.chunks_exact(2).filter(|one| !gone.contains(one)).collect();
                if stay.is_empty() {
                    empty.push(row);
                } else {
                    left.push((row, stay.concat()));
                }
            }
            if !left.is_empty() {
                let mut query = insert(&left, "excluded.recipes");
                query.build().execute(&mut *connection).await?;
            }
            if !empty.is_empty() {
                let mut query = QueryBuilder::<Sqlite>::new("WITH gone (param, block) AS (VALUES ");
                for (at, (param, block)) in empty.iter().enumerate() {
                    query.push(if at > 0 { ", (" } else { "(" });
                    query.push_bind(param).push(", ").push_bind(block).push(")");
                }
                query.push(
                    ") DELETE FROM param_recipes
                    WHERE (param, block) IN (SELECT param, block FROM gone)",
                );
                query.build().execute(&mut *connection).await?;
            }
        }
        Ok(())
    }
}

fn insert(rows: &[(Row, Vec<u8>)], or_set: &'static str) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("INSERT INTO param_recipes (param, block, recipes) ");
    query.push_values(rows, |mut row, ((param, block), recipes)| {
        row.push_bind(param).push_bind(block).push_bind(recipes.as_slice());
    });
    query.push(" ON CONFLICT (param, block) DO UPDATE SET recipes = ").push(or_set);
    query
}

fn low(recipe: u32) -> u16 {
    // Ten bits fit.
    (recipe & ((1 << LOW_BITS) - 1)) as u16
}

/// Rows as one text, which is quicker to read than thousands of rows: their blocks and recipes in hex.
/// The question goes on with a condition.
pub(super) const PACKED: &str =
    "SELECT CAST(group_concat(printf('%08X', block) || hex(recipes)) AS BLOB)
    FROM param_recipes WHERE ";

/// The recipes of [`PACKED`] rows, in order, each once.
pub(super) fn unpack(packed: &[u8]) -> Result<Vec<u32>> {
    let wrong = || StoreError::Value("recipes of a value".to_owned());
    let mut recipes = Vec::with_capacity(packed.len() / LOW_DIGITS);
    for row in packed.split(|byte| *byte == b',').filter(|row| !row.is_empty()) {
        let (block, lows) = row.split_at_checked(BLOCK_DIGITS).ok_or_else(wrong)?;
        let block = hex(block).ok_or_else(wrong)? << LOW_BITS;
        for low in lows.chunks(LOW_DIGITS) {
            recipes.push(block | hex(low).ok_or_else(wrong)?);
        }
    }
    recipes.sort_unstable();
    recipes.dedup();
    Ok(recipes)
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits
        .iter()
        .try_fold(0_u32, |number, digit| Some(number << 4 | char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rows_are_read_in_order_and_each_recipe_once() {
        for (packed, recipes) in [
            ("", vec![]),
            ("00000000", vec![]),
            ("000000010003,0000000003FF0000", vec![0, 1_023, 1_027]),
            ("000000000005,000000000005", vec![5]),
            ("003FFFFF03FF", vec![u32::MAX]),
        ] {
            assert_eq!(unpack(packed.as_bytes()).unwrap(), recipes, "{packed}");
        }
        for wrong in ["0000", "00000000X000"] {
            assert!(unpack(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
