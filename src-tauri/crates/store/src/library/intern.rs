//! Names and folders, each stored once and known by a number while rows are added.

use super::{RootId, writing::Writing};
use crate::Result;
use sqlx::{QueryBuilder, Row, Sqlite};
use std::collections::{BTreeSet, HashMap};

/// Names that are looked up together.
const AT_ONCE: usize = 1_000;

/// What a name is of, as it is stored.
pub(super) type NameOf = &'static str;

/// The numbers of names and folders that were met while adding.
#[derive(Default)]
pub(super) struct Interned {
    names: HashMap<NameOf, HashMap<String, i64>>,
    folders: HashMap<(RootId, Vec<u8>), i64>,
    /// Recipes that were added with a name.
    uses: HashMap<i64, i64>,
}

impl Interned {
    /// The number of a name.
    pub(super) async fn name(
        &mut self,
        writing: &mut Writing<'_>,
        of: NameOf,
        name: &str,
    ) -> Result<i64> {
        let known = self.names.entry(of).or_default();
        if let Some(id) = known.get(name) {
            return Ok(*id);
        }
        // An update that changes nothing, so that the number comes back in either case.
        let id = sqlx::query_scalar(
            "INSERT INTO name (kind, name) VALUES (?, ?)
            ON CONFLICT (kind, name) DO UPDATE SET uses = uses RETURNING id",
        )
        .bind(of)
        .bind(name)
        .fetch_one(writing.read().await?)
        .await?;
        known.insert(name.to_owned(), id);
        Ok(id)
    }

    /// Looks up the numbers of many names at once, so that each is known when it is asked for.
    pub(super) async fn meet(
        &mut self,
        writing: &mut Writing<'_>,
        names: impl Iterator<Item = (NameOf, &str)>,
    ) -> Result<()> {
        let mut new = BTreeSet::new();
        for (of, name) in names {
            if !self.names.get(of).is_some_and(|of| of.contains_key(name)) {
                new.insert((of, name));
            }
        }
        let new: Vec<(NameOf, &str)> = new.into_iter().collect();
        for chunk in new.chunks(AT_ONCE) {
            let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO name (kind, name) ");
            query.push_values(chunk, |mut row, (of, name)| {
                row.push_bind(*of).push_bind(*name);
            });
            // An update that changes nothing, so that the number comes back in either case.
            query.push(
                " ON CONFLICT (kind, name) DO UPDATE SET uses = uses RETURNING id, kind, name",
            );
            for row in query.build().fetch_all(writing.read().await?).await? {
                let of: String = row.try_get("kind")?;
                if let Some((of, _)) = chunk.iter().find(|(other, _)| *other == of) {
                    self.names
                        .entry(of)
                        .or_default()
                        .insert(row.try_get("name")?, row.try_get("id")?);
                }
            }
        }
        Ok(())
    }

    /// The number of a name that may be absent.
    pub(super) async fn maybe_name(
        &mut self,
        writing: &mut Writing<'_>,
        of: NameOf,
        name: Option<&str>,
    ) -> Result<Option<i64>> {
        Ok(match name {
            Some(name) => Some(self.name(writing, of, name).await?),
            None => None,
        })
    }

    /// Counts a recipe with a name.
    pub(super) fn used(&mut self, name: i64) {
        *self.uses.entry(name).or_default() += 1;
    }

    /// The number of a folder below a root.
    pub(super) async fn folder(
        &mut self,
        writing: &mut Writing<'_>,
        root: RootId,
        path: &[u8],
    ) -> Result<i64> {
        // Looked up without a key of its own being made: files of one folder come one after another.
        let key = (root, path.to_vec());
        if let Some(id) = self.folders.get(&key) {
            return Ok(*id);
        }
        let row = sqlx::query(
            "INSERT INTO folder (root, path) VALUES (?, ?)
            ON CONFLICT (root, path) DO UPDATE SET path = path RETURNING id",
        )
        .bind(root.0)
        .bind(path)
        .fetch_one(writing.read().await?)
        .await?;
        let id = row.try_get("id")?;
        self.folders.insert(key, id);
        Ok(id)
    }

    /// Writes how often names were used.
    pub(super) async fn finish(self, writing: &mut Writing<'_>) -> Result<()> {
        let connection = writing.read().await?;
        for (name, uses) in self.uses {
            sqlx::query("UPDATE name SET uses = uses + ? WHERE id = ?")
                .bind(uses)
                .bind(name)
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }
}

/// The path below a root of a file in a folder.
pub(super) fn joined(mut folder: Vec<u8>, name: &[u8]) -> Vec<u8> {
    if !folder.is_empty() {
        folder.push(b'/');
    }
    folder.extend_from_slice(name);
    folder
}

/// A path below a root as its folder and its name.
pub(super) fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|byte| *byte == b'/') {
        Some(at) => (&path[..at], &path[at + 1..]),
        None => (b"", path),
    }
}
