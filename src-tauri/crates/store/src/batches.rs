//! Batches: adding what one submission makes, and naming, holding and grouping it.

use crate::{
    BatchRow, JobEventRow, JobRow, NeedRow, NewEntry, NewSheet, Result, Store, WorkflowRow,
    entries,
    jobs::{insert, insert_events, select_job},
    rows, sheets, workflows,
};
use domain::{BatchId, JobId};
use sqlx::Row;

/// What one submission adds.
#[derive(Clone, Copy, Debug)]
pub struct NewBatch<'a> {
    /// The batch.
    pub batch: &'a BatchRow,
    /// The workflow that those of its jobs are patches of, if they are.
    pub base: Option<&'a WorkflowRow>,
    /// The workflows of its jobs; those that are there already stay as they are.
    pub workflows: &'a [WorkflowRow],
    /// What a server must have to run them.
    pub needs: &'a [NeedRow],
    /// Their places in the library.
    pub entries: &'a [NewEntry],
    /// Its sheet, if it is a sweep; or, if it makes another sweep larger, that one's batch with what its
    /// sheet is now and its new cells.
    pub sheet: Option<(BatchId, &'a NewSheet)>,
    /// Its jobs.
    pub jobs: &'a [JobRow],
    /// How their stories begin.
    pub events: &'a [JobEventRow],
}

impl Store {
    /// Adds a batch with its workflows, jobs and their first events, all or nothing. Answers `false`,
    /// and adds nothing, when the batch is there already.
    pub async fn add_batch(&self, new: NewBatch<'_>) -> Result<bool> {
        let mut tx = self.write.begin().await?;
        let added = sqlx::query(
            "INSERT INTO batch (id, title, created_at, count) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(new.batch.id.to_string())
        .bind(&new.batch.title)
        .bind(new.batch.created_at)
        .bind(new.batch.count)
        .execute(&mut *tx)
        .await?
        .rows_affected();
        if added == 0 {
            return Ok(false);
        }
        if let Some(base) = new.base {
            workflows::put_base(&mut tx, base).await?;
        }
        workflows::put_all(&mut tx, new.workflows).await?;
        entries::put_all(&mut tx, new.entries).await?;
        if let Some((of, sheet)) = new.sheet {
            sheets::put(&mut tx, of, sheet).await?;
        }
        for needs in new.needs {
            workflows::put_needs(&mut tx, needs).await?;
        }
        for job in new.jobs {
            insert(&mut tx, job).await?;
        }
        insert_events(&mut tx, new.events).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// How many jobs a batch was added with; nothing if there is no such batch.
    pub async fn batch_count(&self, batch: BatchId) -> Result<Option<u32>> {
        Ok(sqlx::query_scalar("SELECT count FROM batch WHERE id = ?")
            .bind(batch.to_string())
            .fetch_optional(&self.read)
            .await?)
    }

    /// Whether anything of a batch is still to come.
    pub async fn batch_is_open(&self, batch: BatchId) -> Result<bool> {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM job WHERE batch_id = ? AND state <> 'ended' AND removed_at IS NULL)",
        )
        .bind(batch.to_string())
        .fetch_one(&self.read)
        .await?)
    }

    /// The jobs of a batch, in order.
    pub async fn batch_jobs(&self, batch: BatchId) -> Result<Vec<JobRow>> {
        let rows = sqlx::query(select_job!("WHERE batch_id = ? ORDER BY batch_index, attempt"))
            .bind(batch.to_string())
            .fetch_all(&self.read)
            .await?;
        self.with_pictures(rows.iter().map(rows::job).collect::<Result<_>>()?).await
    }

    /// Holds back what still waits of a batch. Answers with those that changed.
    pub async fn hold_batch(&self, batch: BatchId) -> Result<Vec<JobId>> {
        let rows = sqlx::query(
            "UPDATE job SET on_hold = 1 WHERE batch_id = ? AND state = 'held' AND NOT on_hold AND removed_at IS NULL RETURNING id",
        )
        .bind(batch.to_string())
        .fetch_all(&self.write)
        .await?;
        rows.iter().map(|row| rows::id(row.try_get("id")?)).collect()
    }

    /// Names a batch. Answers with its jobs that are on the lists.
    pub async fn name_batch(&self, batch: BatchId, name: Option<&str>) -> Result<Vec<JobId>> {
        sqlx::query("UPDATE batch SET name = ? WHERE id = ?")
            .bind(name)
            .bind(batch.to_string())
            .execute(&self.write)
            .await?;
        let rows = sqlx::query("SELECT id FROM job WHERE batch_id = ? AND removed_at IS NULL")
            .bind(batch.to_string())
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(|row| rows::id(row.try_get("id")?)).collect()
    }

    /// Makes one batch of jobs that wait, in the order given. Those that do not wait stay where they
    /// are. Answers with those that moved; with none of them, there is no new batch.
    pub async fn group(
        &self,
        batch: &BatchRow,
        name: Option<&str>,
        ids: &[JobId],
    ) -> Result<Vec<JobId>> {
        let mut tx = self.write.begin().await?;
        sqlx::query("INSERT INTO batch (id, title, created_at, count, name) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
            .bind(batch.id.to_string())
            .bind(&batch.title)
            .bind(batch.created_at)
            .bind(batch.count)
            .bind(name)
            .execute(&mut *tx)
            .await?;
        let mut moved = Vec::new();
        for id in ids {
            let done = sqlx::query("UPDATE job SET batch_id = ?, batch_index = ? WHERE id = ? AND state = 'held' AND removed_at IS NULL")
                .bind(batch.id.to_string())
                .bind(u32::try_from(moved.len()).unwrap_or(u32::MAX).saturating_add(1))
                .bind(id.to_string())
                .execute(&mut *tx)
                .await?;
            if done.rows_affected() > 0 {
                moved.push(*id);
            }
        }
        if moved.is_empty() {
            return Ok(moved);
        }
        sqlx::query("UPDATE job SET batch_count = ? WHERE batch_id = ?")
            .bind(u32::try_from(moved.len()).unwrap_or(u32::MAX))
            .bind(batch.id.to_string())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(moved)
    }
}
