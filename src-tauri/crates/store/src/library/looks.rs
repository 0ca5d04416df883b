//! What pictures look like, as far as anybody has looked.

use super::{RootId, intern::joined, packed::saturated};
use crate::{Result, Store};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};

/// Assets changed by one statement.
const AT_ONCE: usize = 400;

/// A picture or a video that was not looked at yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlooked {
    /// Its number.
    pub seq: u32,
    /// BLAKE3, or what stands for it until it was read whole.
    pub hash: String,
}

impl Store {
    /// Pictures and videos whose looks are not known and that can be reached, the newest first, with
    /// numbers above `after` and below `before`.
    pub async fn unlooked(&self, after: u32, before: u32, limit: u32) -> Result<Vec<Unlooked>> {
        let found = sqlx::query(
            "SELECT seq, hash FROM asset
            WHERE phash IS NULL AND kind IN ('picture', 'video') AND seq > ? AND seq < ?
                AND EXISTS (
                    SELECT 1 FROM place CROSS JOIN folder ON folder.id = place.folder
                        CROSS JOIN root ON root.id = folder.root
                    WHERE place.asset = asset.seq AND NOT place.missing
                        AND NOT folder.away AND NOT root.away)
            ORDER BY seq DESC LIMIT ?",
        )
        .bind(after)
        .bind(before)
        .bind(limit)
        .fetch_all(&self.read)
        .await?;
        found
            .iter()
            .map(|row| {
                Ok(Unlooked { seq: saturated(row.try_get("seq")?), hash: row.try_get("hash")? })
            })
            .collect()
    }

    /// Sets what assets look like: 64 bits that similar pictures share most of.
    pub async fn set_looks(&self, looks: &[(u32, u64)]) -> Result<()> {
        let mut tx = self.write.begin().await?;
        for chunk in looks.chunks(AT_ONCE) {
            let mut query = QueryBuilder::<Sqlite>::new("WITH look (seq, phash) AS (");
            query.push_values(chunk, |mut row, (seq, phash)| {
                row.push_bind(seq).push_bind(phash.cast_signed());
            });
            query
                .push(") UPDATE asset SET phash = look.phash FROM look WHERE asset.seq = look.seq");
            query.build().execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Says what is wrong with assets although they are in the library, each as a sentence. Those that are
    /// not there any more are passed over.
    pub async fn set_damage(&self, damaged: &[(u32, String)]) -> Result<()> {
        let mut tx = self.write.begin().await?;
        put_damage(&mut tx, damaged.iter().map(|(seq, text)| (*seq, text.as_str()))).await?;
        Ok(tx.commit().await?)
    }

    /// Files below a root that are there and damaged, and what is wrong with them, in the order of their
    /// paths, up to so many.
    pub async fn damaged_files(&self, root: RootId, limit: u32) -> Result<Vec<(Vec<u8>, String)>> {
        // In this order: few files are damaged, and a folder may have a million.
        let found = sqlx::query(
            "SELECT folder.path AS folder, place.name, damage.text
            FROM damage CROSS JOIN place ON place.asset = damage.asset AND NOT place.missing
                CROSS JOIN folder ON folder.id = place.folder
            WHERE folder.root = ? ORDER BY folder.path, place.name LIMIT ?",
        )
        .bind(root.0)
        .bind(limit)
        .fetch_all(&self.read)
        .await?;
        found
            .iter()
            .map(|row| {
                let path = joined(row.try_get("folder")?, row.try_get("name")?);
                Ok((path, row.try_get("text")?))
            })
            .collect()
    }
}

/// Writes what is wrong with assets, in a transaction of the caller's.
pub(super) async fn put_damage(
    connection: &mut SqliteConnection,
    damaged: impl Iterator<Item = (u32, &str)>,
) -> Result<()> {
    for (seq, text) in damaged {
        sqlx::query(
            "INSERT INTO damage (asset, text) SELECT seq, ?2 FROM asset WHERE seq = ?1
            ON CONFLICT (asset) DO UPDATE SET text = excluded.text",
        )
        .bind(seq)
        .bind(text)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
