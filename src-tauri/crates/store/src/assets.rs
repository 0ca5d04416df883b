//! Outputs: what is in the library, and finding it.

use crate::{
    AssetCellRow, AssetRow, Result, Store,
    jobs::list,
    rows::{self, json},
};
use domain::{AssetId, JobId, WorkflowHash};
use sqlx::{QueryBuilder, Row, Sqlite};
use std::collections::{HashMap, HashSet};

/// Names in a list of models or LoRAs.
const MOST_NAMES: i64 = 50;
/// Bound parameters of one statement.
const CHUNK: usize = 5_000;

/// Which outputs are wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AssetFilter {
    /// Words that must all be there, the last as the beginning of one.
    pub words: String,
    /// Only with this model.
    pub model: Option<String>,
    /// Only with this LoRA.
    pub lora: Option<String>,
    /// Only of this job.
    pub job_id: Option<JobId>,
    /// Only of this kind.
    pub kind: Option<String>,
    /// Oldest first.
    pub oldest_first: bool,
    /// At most this many.
    pub limit: u32,
}

/// What matches a filter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AssetIndexRows {
    /// The outputs, in order.
    pub cells: Vec<AssetCellRow>,
    /// Outputs in the whole library.
    pub total: u32,
    /// Models among the matches, most first.
    pub models: Vec<(String, u32)>,
    /// LoRAs among the matches.
    pub loras: Vec<(String, u32)>,
}

impl Store {
    /// Stores outputs. One that is stored already, by job, node and number, is left as it is.
    pub async fn add_assets(&self, assets: &[AssetRow]) -> Result<()> {
        let mut tx = self.write.begin().await?;
        for asset in assets {
            let seq: Option<i64> = sqlx::query_scalar(
                "INSERT INTO asset (id, job_id, node_id, ordinal, title, kind, path, width, height,
                    bytes, hash, created_at, took_ms, practice, facts, server_name, workflow, library)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (job_id, node_id, ordinal) DO NOTHING RETURNING seq",
            )
            .bind(asset.id.to_string())
            .bind(asset.job_id.to_string())
            .bind(&asset.node_id)
            .bind(asset.ordinal)
            .bind(&asset.title)
            .bind(&asset.kind)
            .bind(&asset.path)
            .bind(asset.width)
            .bind(asset.height)
            .bind(i64::try_from(asset.bytes).unwrap_or(i64::MAX))
            .bind(&asset.hash)
            .bind(asset.created_at)
            .bind(asset.took_ms)
            .bind(asset.practice)
            .bind(json(&asset.facts)?)
            .bind(&asset.server_name)
            .bind(&asset.workflow.0)
            .bind(&asset.library)
            .fetch_optional(&mut *tx)
            .await?;
            let Some(seq) = seq else { continue };
            let facts = &asset.facts;
            let loras: Vec<&str> = facts.loras.iter().map(|lora| lora.name.as_str()).collect();
            let models: Vec<&str> = facts.models.iter().map(String::as_str).collect();
            for (kind, names) in [("model", &models), ("lora", &loras)] {
                for name in names {
                    sqlx::query(
                        "INSERT INTO asset_tag (kind, name, seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    )
                    .bind(kind)
                    .bind(*name)
                    .bind(seq)
                    .execute(&mut *tx)
                    .await?;
                }
            }
            sqlx::query(
                "INSERT INTO asset_words (rowid, prompt, negative, title, models, loras, file, seed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(seq)
            .bind(facts.prompt.as_deref().unwrap_or_default())
            .bind(facts.negative.as_deref().unwrap_or_default())
            .bind(&asset.title)
            .bind(models.join(" "))
            .bind(loras.join(" "))
            .bind(&asset.path)
            .bind(facts.seed.as_deref().unwrap_or_default())
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// One output.
    pub async fn asset(&self, id: AssetId) -> Result<Option<AssetRow>> {
        Ok(self.assets(&[id]).await?.pop())
    }

    /// Some outputs, in the order asked for; those that are not there are left out.
    pub async fn assets(&self, ids: &[AssetId]) -> Result<Vec<AssetRow>> {
        let mut found = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(CHUNK) {
            let mut query = QueryBuilder::<Sqlite>::new("SELECT * FROM asset WHERE id IN (");
            list(&mut query, chunk);
            for row in query.build().fetch_all(&self.read).await? {
                let asset = rows::asset(&row)?;
                found.insert(asset.id, asset);
            }
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// The outputs of a job, in the order they were stored.
    pub async fn job_assets(&self, job: JobId) -> Result<Vec<AssetRow>> {
        let rows = sqlx::query("SELECT * FROM asset WHERE job_id = ? ORDER BY seq")
            .bind(job.to_string())
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(rows::asset).collect()
    }

    /// Outputs of a workflow, newest first.
    pub async fn workflow_assets(&self, hash: &WorkflowHash, limit: u32) -> Result<Vec<AssetRow>> {
        let rows =
            sqlx::query("SELECT * FROM asset WHERE workflow = ? ORDER BY created_at DESC LIMIT ?")
                .bind(&hash.0)
                .bind(limit)
                .fetch_all(&self.read)
                .await?;
        rows.iter().map(rows::asset).collect()
    }

    /// Which outputs of a job are stored: node and number.
    pub async fn asset_source(&self, job: JobId) -> Result<HashSet<(String, u32)>> {
        let rows = sqlx::query("SELECT node_id, ordinal FROM asset WHERE job_id = ?")
            .bind(job.to_string())
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(|row| Ok((row.try_get("node_id")?, row.try_get("ordinal")?))).collect()
    }

    /// The size of all outputs in bytes.
    pub async fn asset_bytes_total(&self) -> Result<u64> {
        let bytes: i64 = sqlx::query_scalar("SELECT coalesce(sum(bytes), 0) FROM asset")
            .fetch_one(&self.read)
            .await?;
        Ok(bytes.unsigned_abs())
    }

    /// The outputs that match a filter, with the models and LoRAs among them.
    pub async fn asset_index(&self, filter: &AssetFilter) -> Result<AssetIndexRows> {
        let words = match_text(&filter.words);
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT id, width, height, created_at, kind, practice FROM asset",
        );
        wanted(&mut query, filter, words.as_deref());
        query.push(if filter.oldest_first {
            " ORDER BY created_at, seq LIMIT "
        } else {
            " ORDER BY created_at DESC, seq DESC LIMIT "
        });
        query.push_bind(filter.limit);
        let rows = query.build().fetch_all(&self.read).await?;
        Ok(AssetIndexRows {
            cells: rows.iter().map(rows::cell).collect::<Result<_>>()?,
            total: sqlx::query_scalar("SELECT count(*) FROM asset").fetch_one(&self.read).await?,
            models: self.names("model", filter, words.as_deref()).await?,
            loras: self.names("lora", filter, words.as_deref()).await?,
        })
    }

    async fn names(
        &self,
        kind: &str,
        filter: &AssetFilter,
        words: Option<&str>,
    ) -> Result<Vec<(String, u32)>> {
        let mut query =
            QueryBuilder::<Sqlite>::new("SELECT name, count(*) AS n FROM asset_tag WHERE kind = ");
        query.push_bind(kind).push(" AND seq IN (SELECT seq FROM asset");
        wanted(&mut query, filter, words);
        query.push(") GROUP BY name ORDER BY n DESC, name LIMIT ").push_bind(MOST_NAMES);
        let rows = query.build().fetch_all(&self.read).await?;
        rows.iter().map(|row| Ok((row.try_get("name")?, row.try_get("n")?))).collect()
    }
}

/// Writes the conditions of a filter.
fn wanted(query: &mut QueryBuilder<Sqlite>, filter: &AssetFilter, words: Option<&str>) {
    query.push(" WHERE TRUE");
    if let Some(words) = words {
        query.push(" AND seq IN (SELECT rowid FROM asset_words WHERE asset_words MATCH ");
        query.push_bind(words.to_owned()).push(")");
    }
    for (kind, name) in [("model", &filter.model), ("lora", &filter.lora)] {
        if let Some(name) = name {
            query.push(" AND seq IN (SELECT seq FROM asset_tag WHERE kind = ").push_bind(kind);
            query.push(" AND name = ").push_bind(name.clone()).push(")");
        }
    }
    if let Some(job) = filter.job_id {
        query.push(" AND job_id = ").push_bind(job.to_string());
    }
    if let Some(kind) = &filter.kind {
        query.push(" AND kind = ").push_bind(kind.clone());
    }
}

/// What the artist typed, as an FTS5 expression: every word quoted, so that nothing in it is an
/// operator, and the last one a beginning. Nothing when there is no word in it.
fn match_text(typed: &str) -> Option<String> {
    // A token needs a letter or a digit; quoted punctuation alone would match nothing.
    let words: Vec<String> = typed
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(|word| format!("\"{}\"", word.replace('"', "\"\"").replace('\0', "")))
        .collect();
    (!words.is_empty()).then(|| format!("{}*", words.join(" ")))
}
