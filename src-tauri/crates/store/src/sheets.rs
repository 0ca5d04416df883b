//! Sheets: the cells of a sweep, whoever made them.

use crate::{AssetRow, ROWS_AT_ONCE, Result, Store, rows};
use domain::{BatchId, JobId, WorkflowHash};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};
use std::collections::HashMap;

/// Values bound at once.
const CHUNK: usize = 500;

/// One combination of a sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellRow {
    /// The place on each axis, as JSON.
    pub at: String,
    /// The workflow with these values.
    pub workflow: WorkflowHash,
    /// The values that the axes set, as JSON.
    pub values: String,
}

/// What a submission keeps of its sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSheet {
    /// What its axes are, as JSON.
    pub about: String,
    /// Its cells.
    pub cells: Vec<CellRow>,
}

/// A sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// Its name.
    pub title: String,
    /// When it was queued.
    pub created_at: i64,
    /// What its axes are, as JSON.
    pub about: String,
    /// Its cells.
    pub cells: Vec<CellRow>,
}

/// A job that made, or will make, a workflow's picture.
#[derive(Clone, Debug, PartialEq)]
pub struct MakerRow {
    /// The job.
    pub job: JobId,
    /// When it was added.
    pub created_at: i64,
    /// How long its run took, in milliseconds.
    pub took_ms: Option<i64>,
    /// Its newest output.
    pub asset: Option<AssetRow>,
}

impl MakerRow {
    /// Whether it was added before a time.
    pub fn before(&self, at: i64) -> bool {
        self.created_at < at
    }
}

pub(crate) async fn put(
    connection: &mut SqliteConnection,
    batch: BatchId,
    sheet: &NewSheet,
) -> Result<()> {
    sqlx::query("UPDATE batch SET sheet = ? WHERE id = ?")
        .bind(&sheet.about)
        .bind(batch.to_string())
        .execute(&mut *connection)
        .await?;
    for chunk in sheet.cells.chunks(ROWS_AT_ONCE) {
        let mut query =
            QueryBuilder::<Sqlite>::new("INSERT INTO cell (batch_id, at, workflow, vals) ");
        query.push_values(chunk, |mut row, cell| {
            row.push_bind(batch.to_string())
                .push_bind(&cell.at)
                .push_bind(&cell.workflow.0)
                .push_bind(&cell.values);
        });
        query.push(" ON CONFLICT DO NOTHING").build().execute(&mut *connection).await?;
    }
    Ok(())
}

impl Store {
    /// A sweep with its cells.
    pub async fn sheet(&self, batch: BatchId) -> Result<Option<SheetRow>> {
        let row = sqlx::query(
            "SELECT coalesce(name, title) AS title, created_at, sheet FROM batch
            WHERE id = ? AND sheet IS NOT NULL",
        )
        .bind(batch.to_string())
        .fetch_optional(&self.read)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let cells = sqlx::query("SELECT at, workflow, vals FROM cell WHERE batch_id = ?")
            .bind(batch.to_string())
            .fetch_all(&self.read)
            .await?;
        Ok(Some(SheetRow {
            title: row.try_get("title")?,
            created_at: row.try_get("created_at")?,
            about: row.try_get("sheet")?,
            cells: cells
                .iter()
                .map(|cell| {
                    Ok(CellRow {
                        at: cell.try_get("at")?,
                        workflow: WorkflowHash(cell.try_get("workflow")?),
                        values: cell.try_get("vals")?,
                    })
                })
                .collect::<Result<_>>()?,
        }))
    }

    /// Of each workflow the job that stands for it: one that came to a good end before one that is
    /// still to come, one with pictures before one without, and of those the newest. A job that came to
    /// a good end counts also when it was taken off the lists, because its pictures stay.
    ///
    /// Jobs that came to another end count for a sheet only: those of its batch, and those that ended
    /// since it was queued, for it waited for them. Without a sheet, jobs that are being cancelled do
    /// not count either.
    pub async fn makers(
        &self,
        workflows: &[WorkflowHash],
        sheet: Option<BatchId>,
    ) -> Result<HashMap<WorkflowHash, MakerRow>> {
        let sheet = sheet.map(|batch| batch.to_string());
        let mut found = HashMap::new();
        for chunk in workflows.chunks(CHUNK) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "SELECT job.id AS maker, job.created_at, job.workflow AS of, started_at, ended_at, outcome,
                    (SELECT seq FROM asset WHERE asset.job_id = job.id ORDER BY seq DESC LIMIT 1) AS newest
                FROM job WHERE (outcome = 'succeeded' OR (removed_at IS NULL AND (
                    (state <> 'ended' AND (NOT cancel_requested OR ",
            );
            query.push_bind(sheet.is_some()).push(")) OR batch_id = ").push_bind(&sheet);
            query.push(" OR ended_at >= (SELECT created_at FROM batch WHERE id = ");
            query.push_bind(&sheet).push(")))) AND job.workflow IN (");
            let mut separated = query.separated(", ");
            for workflow in chunk {
                separated.push_bind(&workflow.0);
            }
            // Of two with one workflow the later row wins: the best stands last.
            query.push(
                ") ORDER BY outcome IS NOT NULL AND outcome <> 'succeeded' DESC,
                    outcome IS 'succeeded', newest IS NOT NULL, created_at, attempt",
            );
            for row in query.build().fetch_all(&self.read).await? {
                let (began, ended): (Option<i64>, Option<i64>) =
                    (row.try_get("started_at")?, row.try_get("ended_at")?);
                let newest: Option<i64> = row.try_get("newest")?;
                let maker = MakerRow {
                    job: rows::id(row.try_get("maker")?)?,
                    created_at: row.try_get("created_at")?,
                    took_ms: began.zip(ended).map(|(began, ended)| (ended - began).max(0)),
                    asset: None,
                };
                found.insert(WorkflowHash(row.try_get("of")?), (maker, newest));
            }
        }
        let mut pictures = self.assets_by_seq(found.values().filter_map(|(_, seq)| *seq)).await?;
        Ok(found
            .into_iter()
            .map(|(workflow, (mut maker, newest))| {
                maker.asset = newest.and_then(|seq| pictures.remove(&seq));
                (workflow, maker)
            })
            .collect())
    }

    async fn assets_by_seq(
        &self,
        seqs: impl Iterator<Item = i64>,
    ) -> Result<HashMap<i64, AssetRow>> {
        let seqs: Vec<i64> = seqs.collect();
        let mut found = HashMap::with_capacity(seqs.len());
        for chunk in seqs.chunks(CHUNK) {
            let mut query = QueryBuilder::<Sqlite>::new("SELECT * FROM asset WHERE seq IN (");
            let mut separated = query.separated(", ");
            for seq in chunk {
                separated.push_bind(seq);
            }
            query.push(")");
            for row in query.build().fetch_all(&self.read).await? {
                found.insert(row.try_get("seq")?, rows::asset(&row)?);
            }
        }
        Ok(found)
    }
}
