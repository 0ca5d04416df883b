//! What pictures look like, as far as anybody has looked.

use super::packed::saturated;
use crate::{Result, Store};
use sqlx::{QueryBuilder, Row, Sqlite};

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
    /// Pictures and videos whose looks are not known, the newest first, with numbers below `before`.
    pub async fn unlooked(&self, before: u32, limit: u32) -> Result<Vec<Unlooked>> {
        let found = sqlx::query(
            "SELECT seq, hash FROM asset
            WHERE phash IS NULL AND kind IN ('picture', 'video') AND seq < ?
            ORDER BY seq DESC LIMIT ?",
        )
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
}
