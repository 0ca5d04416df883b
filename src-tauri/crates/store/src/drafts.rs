//! What the artist is turning: drafts, and what was run before.

use crate::{Result, Store, WorkflowRow, rows, workflows};
use domain::{DraftId, WorkflowHash};
use sqlx::{Row, sqlite::SqliteRow};
use std::collections::HashMap;

/// The most drafts that are listed.
const MOST: u32 = 200;
/// The longest state that is listed, in characters.
const LONGEST_LISTED: u32 = 20_000;

/// Values that are not queued yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// Its id.
    pub id: DraftId,
    /// The workflow it begins with.
    pub workflow: WorkflowHash,
    /// A readable name.
    pub title: String,
    /// The file the workflow came from.
    pub source: Option<String>,
    /// What it began with, as JSON.
    pub about: String,
    /// What is set up, as JSON.
    pub state: String,
    /// When it was last changed.
    pub changed_at: i64,
}

fn draft(row: &SqliteRow) -> Result<DraftRow> {
    Ok(DraftRow {
        id: rows::id(row.try_get("id")?)?,
        workflow: WorkflowHash(row.try_get("workflow")?),
        title: row.try_get("title")?,
        source: row.try_get("source")?,
        about: row.try_get("about")?,
        state: row.try_get("state")?,
        changed_at: row.try_get("changed_at")?,
    })
}

impl Store {
    /// Adds a draft, with its workflow. It is on the list once it is changed.
    pub async fn add_draft(&self, draft: &DraftRow, workflow: &WorkflowRow) -> Result<()> {
        let mut tx = self.write.begin().await?;
        workflows::put_base(&mut tx, workflow).await?;
        sqlx::query(
            "INSERT INTO draft (id, workflow, title, source, about, state, changed_at, removed_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
        )
        .bind(draft.id.to_string())
        .bind(&draft.workflow.0)
        .bind(&draft.title)
        .bind(&draft.source)
        .bind(&draft.about)
        .bind(&draft.state)
        .bind(draft.changed_at)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// A draft, also a discarded one.
    pub async fn draft(&self, id: DraftId) -> Result<Option<DraftRow>> {
        let row = sqlx::query("SELECT * FROM draft WHERE id = ?")
            .bind(id.to_string())
            .fetch_optional(&self.read)
            .await?;
        row.as_ref().map(draft).transpose()
    }

    /// A draft as [`Self::draft`] has it, with an empty state: where that is not asked for, a few
    /// megabytes are not read.
    pub async fn draft_head(&self, id: DraftId) -> Result<Option<DraftRow>> {
        let row = sqlx::query(
            "SELECT id, workflow, title, source, about, '' AS state, changed_at
            FROM draft WHERE id = ?",
        )
        .bind(id.to_string())
        .fetch_optional(&self.read)
        .await?;
        row.as_ref().map(draft).transpose()
    }

    /// Drafts, the last changed first. Where much is set up, the state is left empty: all of them
    /// together are read for a list.
    pub async fn drafts(&self) -> Result<Vec<DraftRow>> {
        let rows = sqlx::query(
            "SELECT id, workflow, title, source, about, changed_at,
                CASE WHEN length(state) <= ? THEN state ELSE '' END AS state
            FROM draft WHERE removed_at IS NULL ORDER BY changed_at DESC, id LIMIT ?",
        )
        .bind(LONGEST_LISTED)
        .bind(MOST)
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(draft).collect()
    }

    /// Keeps what is set up, and brings the draft back to the list if that is another thing than what
    /// it was taken off with. Answers whether there is such a draft.
    pub async fn set_draft(&self, id: DraftId, state: &str, at: i64) -> Result<bool> {
        let changed = sqlx::query(
            "UPDATE draft SET state = ?1, changed_at = ?2,
                removed_at = CASE WHEN state = ?1 THEN removed_at END WHERE id = ?3",
        )
        .bind(state)
        .bind(at)
        .bind(id.to_string())
        .execute(&self.write)
        .await?;
        Ok(changed.rows_affected() > 0)
    }

    /// Takes a draft off the list at a time, or brings it back.
    pub async fn remove_draft(&self, id: DraftId, at: Option<i64>) -> Result<()> {
        sqlx::query("UPDATE draft SET removed_at = ? WHERE id = ?")
            .bind(at)
            .bind(id.to_string())
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Takes a draft off the list that was queued as it is set up here. What was typed and is kept only
    /// now does not bring it back.
    pub async fn finish_draft(&self, id: DraftId, state: &str, at: i64) -> Result<()> {
        sqlx::query("UPDATE draft SET state = ?, removed_at = ? WHERE id = ?")
            .bind(state)
            .bind(at)
            .bind(id.to_string())
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// The workflow of the newest job of a structure that came to a good end, and when it ended.
    pub async fn newest_of_structure(
        &self,
        structure: &str,
    ) -> Result<Option<(WorkflowHash, i64)>> {
        let row = sqlx::query(
            "SELECT job.workflow, job.ended_at FROM kin JOIN job ON job.workflow = kin.workflow
            WHERE kin.structure = ? AND outcome = 'succeeded' ORDER BY ended_at DESC LIMIT 1",
        )
        .bind(structure)
        .fetch_optional(&self.read)
        .await?;
        row.map(|row| Ok((WorkflowHash(row.try_get("workflow")?), row.try_get("ended_at")?)))
            .transpose()
    }

    /// How many recipes there are with each model and LoRA, by its name.
    pub async fn name_uses(&self) -> Result<HashMap<String, u32>> {
        let rows = sqlx::query(
            "SELECT name, sum(uses) AS n FROM name WHERE kind IN ('model', 'lora') GROUP BY name",
        )
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(|row| Ok((row.try_get("name")?, rows::count(row, "n")?))).collect()
    }
}
