//! More like an asset.

use crate::{Result, Store};
use sqlx::AssertSqlSafe;

/// In what others are like an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alike {
    /// The structure of the workflow.
    Workflow,
    /// The seed.
    Seed,
    /// The words.
    Text,
    /// The batch.
    Batch,
    /// The content's recipe: everything but the place in a batch of one sampler.
    Recipe,
}

impl Store {
    /// Others like an asset, the newest first, without those in the bin.
    pub async fn alike(&self, seq: u32, how: Alike, limit: u32) -> Result<Vec<u32>> {
        // An asset that has none of what is asked for is like no other.
        let same = match how {
            Alike::Workflow => recipes("structure"),
            Alike::Seed => recipes("seed"),
            Alike::Text => recipes("text"),
            Alike::Batch => "batch = (SELECT batch FROM asset WHERE seq = ?1)".to_owned(),
            Alike::Recipe => "recipe = (SELECT recipe FROM asset WHERE seq = ?1)".to_owned(),
        };
        Ok(sqlx::query_scalar(AssertSqlSafe(format!(
            "SELECT seq FROM asset WHERE {same} AND seq <> ?1 AND binned_at IS NULL
            ORDER BY created_at DESC, seq DESC LIMIT ?2"
        )))
        .bind(seq)
        .bind(limit)
        .fetch_all(&self.read)
        .await?)
    }
}

impl Store {
    /// The assets whose content's BLAKE3 begins with these hex digits (16 at least), the newest first, at
    /// most 20.
    pub async fn assets_with_content(&self, digits: &str) -> Result<Vec<u32>> {
        // The index has the first 16 digits.
        let Some(begin) = digits.get(..16) else { return Ok(Vec::new()) };
        Ok(sqlx::query_scalar(
            "SELECT seq FROM asset WHERE substr(hash, 1, 16) = ?
                AND substr(hash, 1, length(?2)) = ?2 ORDER BY seq DESC LIMIT 20",
        )
        .bind(begin)
        .bind(digits)
        .fetch_all(&self.read)
        .await?)
    }
}

/// Assets whose recipe shares a column with that of the one asked for.
fn recipes(column: &str) -> String {
    format!(
        "recipe IN (SELECT other.id FROM recipe AS other JOIN recipe AS mine
            ON other.{column} = mine.{column}
            WHERE mine.id = (SELECT recipe FROM asset WHERE seq = ?1))"
    )
}
