//! Jobs as they are written: added, moved from state to state under guard, ordered.

use crate::{
    JobEventRow, JobRow, NeedRow, NewEntry, ROWS_AT_ONCE, Result, StateChange, Store, WorkflowRow,
    entries,
    rows::{self, json, state_columns},
    runs, workflows,
};
use domain::{JobId, JobState, ServerId, Trouble};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};

/// Bound parameters of one statement; SQLite takes 32,766.
pub(crate) const CHUNK: usize = 5_000;

/// Every column of a job, and whether the server it is or was with is a practice engine.
macro_rules! job_columns {
    () => {
        concat!(
            "*, (EXISTS (SELECT 1 FROM server WHERE server.id = job.server_id AND ",
            "server.kind = 'practice') OR EXISTS (SELECT 1 FROM made JOIN asset ON seq = asset ",
            "WHERE made.job_id = job.id AND asset.practice)) AS practice, (SELECT name FROM batch WHERE batch.id = job.batch_id) ",
            "AS batch_name, (SELECT sheet IS NOT NULL FROM batch WHERE batch.id = job.batch_id) AS sheet"
        )
    };
}

/// Reads such jobs.
macro_rules! select_job {
    ($rest:literal) => {
        concat!("SELECT ", $crate::jobs::job_columns!(), " FROM job ", $rest)
    };
}
pub(crate) use job_columns;
pub(crate) use select_job;

/// What of a job that waits says that it may be offered; behind it, now, and a bracket.
pub(crate) const MAY_BE_OFFERED: &str = " AND NOT on_hold AND NOT cancel_requested
    AND removed_at IS NULL AND (not_before IS NULL OR not_before <= ";

impl Store {
    /// Adds the job that tries another one again.
    pub async fn add_retry(&self, of: JobId, retry: &JobRow, event: &JobEventRow) -> Result<()> {
        let mut tx = self.write.begin().await?;
        insert_retry(&mut tx, of, retry, event).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Moves a job from one state to another. Answers with the job as it is then, or with nothing, and
    /// changes nothing, when it was in another state.
    pub async fn move_state(
        &self,
        id: JobId,
        from: JobState,
        to: JobState,
        change: &StateChange,
    ) -> Result<Option<JobRow>> {
        let (was, was_end, was_outcome) = state_columns(from);
        let (state, end, outcome) = state_columns(to);
        let mut query = QueryBuilder::<Sqlite>::new("UPDATE job SET asked_back = 0, state = ");
        query.push_bind(state).push(", server_end = ").push_bind(end);
        query.push(", outcome = ").push_bind(outcome);
        if let Some(server) = change.server_id {
            query.push(", server_id = ").push_bind(server.to_string());
        } else if change.clear_server {
            query.push(", server_id = NULL, started_at = NULL");
        }
        if let Some(at) = change.started_at {
            query.push(", started_at = ").push_bind(at);
        }
        if let Some(at) = change.ended_at {
            query.push(", ended_at = ").push_bind(at);
        }
        if let Some(trouble) = &change.trouble {
            query.push(", trouble = ").push_bind(trouble.as_ref().map(json).transpose()?);
        }
        if let Some(warnings) = &change.warnings {
            query.push(", warnings = ").push_bind(json(warnings)?);
        }
        query.push(" WHERE id = ").push_bind(id.to_string());
        query.push(" AND state = ").push_bind(was);
        query.push(" AND server_end IS ").push_bind(was_end);
        query.push(" AND outcome IS ").push_bind(was_outcome);
        if let Some(offered) = &change.offered {
            query.push(" AND workflow = ").push_bind(&offered.workflow.0);
            query.push(" AND (wants_server IS NULL OR wants_server = ");
            query.push_bind(change.server_id.map(|server| server.to_string()));
            query.push(")").push(MAY_BE_OFFERED).push_bind(offered.now).push(")");
        }
        query.push(concat!(" RETURNING ", job_columns!()));
        let mut tx = self.write.begin().await?;
        let Some(row) = query.build().fetch_optional(&mut *tx).await? else { return Ok(None) };
        let job = rows::job(&row)?;
        if let Some(event) = &change.event {
            insert_event(&mut tx, event).await?;
        }
        // With the move or not at all: a kill in between would leave a lost job that nothing tries.
        if let Some((retry, event)) = &change.retry {
            insert_retry(&mut tx, id, retry, event).await?;
        }
        if let Some(runs) = &change.node_runs {
            runs::put(&mut tx, id, runs).await?;
        }
        tx.commit().await?;
        let mut job = self.with_pictures(vec![job]).await?.pop();
        if let (Some(job), Some((retry, _))) = (&mut job, &change.retry) {
            job.retried_by = Some(retry.id);
        }
        Ok(job)
    }

    /// Sets or clears what is in the way of a job.
    pub async fn set_trouble(&self, id: JobId, trouble: Option<&Trouble>) -> Result<()> {
        sqlx::query("UPDATE job SET trouble = ? WHERE id = ?")
            .bind(trouble.map(json).transpose()?)
            .bind(id.to_string())
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Sets what the server dropped.
    pub async fn set_warnings(&self, id: JobId, warnings: &[String]) -> Result<()> {
        sqlx::query("UPDATE job SET warnings = ? WHERE id = ?")
            .bind(json(&warnings)?)
            .bind(id.to_string())
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Holds waiting jobs back or lets them go. Answers with those that changed.
    pub async fn set_on_hold(&self, ids: &[JobId], on_hold: bool) -> Result<Vec<JobId>> {
        let set = if on_hold { "on_hold = 1" } else { "on_hold = 0" };
        self.update(ids, set, "state = 'held'").await
    }

    /// Gives a job that waits another workflow. Answers `false`, and changes nothing, when it no
    /// longer waits.
    pub async fn set_workflow(
        &self,
        id: JobId,
        workflow: &WorkflowRow,
        needs: &NeedRow,
        entry: &NewEntry,
        job: &JobRow,
    ) -> Result<bool> {
        let mut tx = self.write.begin().await?;
        workflows::put(&mut tx, workflow).await?;
        workflows::put_needs(&mut tx, needs).await?;
        let done = sqlx::query("UPDATE job SET workflow = ?, facts = ?, node_count = ?, shape = ?, pixels = ?, needs = ?, warnings = ? WHERE id = ? AND state = 'held'")
            .bind(&workflow.hash.0)
            .bind(json(&job.facts)?)
            .bind(job.node_count)
            .bind(&job.shape)
            .bind(job.pixels)
            .bind(&needs.digest)
            .bind(json(&job.warnings)?)
            .bind(id.to_string())
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() > 0 {
            entries::put_all(&mut tx, std::slice::from_ref(entry)).await?;
        }
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Remembers that jobs are to be cancelled. Answers with those for which that is news.
    pub async fn request_cancel(&self, ids: &[JobId]) -> Result<Vec<JobId>> {
        self.update(ids, "cancel_requested = 1", "state <> 'ended' AND NOT cancel_requested").await
    }

    /// Takes jobs off the lists, or brings them back. Jobs at a server are left alone.
    pub async fn set_removed(&self, ids: &[JobId], when: Option<i64>) -> Result<Vec<JobId>> {
        match when {
            Some(at) => {
                let set = format!("removed_at = {at}");
                self.update(ids, &set, "state IN ('held', 'ended') AND removed_at IS NULL").await
            }
            None => self.update(ids, "removed_at = NULL", "removed_at IS NOT NULL").await,
        }
    }

    /// Remembers that a server was asked to give a job back, until the job moves.
    pub async fn set_asked_back(&self, id: JobId) -> Result<()> {
        sqlx::query("UPDATE job SET asked_back = 1 WHERE id = ? AND state = 'queued'")
            .bind(id.to_string())
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Marks jobs as seen. Answers with those that were not.
    pub async fn set_seen(&self, ids: &[JobId]) -> Result<Vec<JobId>> {
        self.update(ids, "seen = 1", "state = 'ended' AND seen = 0").await
    }

    /// Does not offer a job before a time.
    pub async fn set_not_before(&self, id: JobId, at: Option<i64>) -> Result<()> {
        sqlx::query("UPDATE job SET not_before = ? WHERE id = ?")
            .bind(at)
            .bind(id.to_string())
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Lets jobs that wait be offered from a time on. Answers with those that changed.
    pub async fn start_from(&self, ids: &[JobId], at: i64) -> Result<Vec<JobId>> {
        let set = format!("not_before = {at}");
        self.update(ids, &set, "state = 'held' AND removed_at IS NULL").await
    }

    /// Ends the wait for a time that has not come. The time stays set: a job that has one is looked up
    /// at the server before it is offered, and one that waited to be offered again needs that.
    pub async fn start_now(&self, ids: &[JobId], now: i64) -> Result<Vec<JobId>> {
        let set = format!("not_before = {now}");
        self.update(ids, &set, &format!("state = 'held' AND not_before > {now}")).await
    }

    /// Gives jobs that wait new places in the queue, all or none.
    pub async fn set_positions(&self, positions: &[(JobId, f64)]) -> Result<()> {
        let mut tx = self.write.begin().await?;
        for (id, position) in positions {
            sqlx::query("UPDATE job SET position = ? WHERE id = ? AND state <> 'ended'")
                .bind(position)
                .bind(id.to_string())
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The first and the last place in the queue; 0 and 0 when it is empty.
    pub async fn position_bounds(&self) -> Result<(f64, f64)> {
        let row = sqlx::query(
            // One question each, so that the index answers both at once.
            "SELECT coalesce((SELECT min(position) FROM job WHERE state <> 'ended' AND removed_at IS NULL), 0.0),
                    coalesce((SELECT max(position) FROM job WHERE state <> 'ended' AND removed_at IS NULL), 0.0)",
        )
        .fetch_one(&self.read)
        .await?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    }

    /// The place of the job just before another one in the queue.
    pub async fn position_before(&self, before: JobId) -> Result<Option<f64>> {
        Ok(sqlx::query_scalar(
            "SELECT max(position) FROM job WHERE state <> 'ended' AND removed_at IS NULL AND position < (SELECT position FROM job WHERE id = ?)",
        )
        .bind(before.to_string())
        .fetch_one(&self.read)
        .await?)
    }

    /// Adds an event to a job's story.
    pub async fn add_event(&self, event: &JobEventRow) -> Result<()> {
        let mut connection = self.write.acquire().await?;
        insert_event(&mut connection, event).await
    }

    /// Updates those of the jobs for which `only` holds. Both texts are ours.
    async fn update(&self, ids: &[JobId], set: &str, only: &str) -> Result<Vec<JobId>> {
        let mut changed = Vec::new();
        let mut tx = self.write.begin().await?;
        for chunk in ids.chunks(CHUNK) {
            let mut query = QueryBuilder::<Sqlite>::new(format!(
                "UPDATE job SET {set} WHERE {only} AND id IN ("
            ));
            list(&mut query, chunk);
            query.push(" RETURNING id");
            for row in query.build().fetch_all(&mut *tx).await? {
                changed.push(rows::id::<JobId>(row.try_get("id")?)?);
            }
        }
        tx.commit().await?;
        // RETURNING promises no order; the caller's is kept.
        let set: std::collections::HashSet<_> = changed.into_iter().collect();
        Ok(ids.iter().copied().filter(|id| set.contains(id)).collect())
    }
}

/// Writes `?, ?, ?)`.
pub(crate) fn list<T: ToString>(query: &mut QueryBuilder<Sqlite>, ids: &[T]) {
    let mut separated = query.separated(", ");
    for id in ids {
        separated.push_bind(id.to_string());
    }
    query.push(")");
}

pub(crate) async fn insert(connection: &mut SqliteConnection, job: &JobRow) -> Result<()> {
    let (state, end, outcome) = state_columns(job.state);
    let server = |id: Option<ServerId>| id.map(|id| id.to_string());
    sqlx::query(
        "INSERT INTO job (id, batch_id, batch_index, batch_count, title, state, server_end, outcome,
            on_hold, cancel_requested, position, wants_server, server_id, created_at, started_at,
            ended_at, workflow, source, facts, node_count, trouble, warnings, attempt, retry_of,
            retried_by, seen, not_before, removed_at, shape, pixels, needs)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(job.id.to_string())
    .bind(job.batch_id.to_string())
    .bind(job.batch_index)
    .bind(job.batch_count)
    .bind(&job.title)
    .bind(state)
    .bind(end)
    .bind(outcome)
    .bind(job.on_hold)
    .bind(job.cancel_requested)
    .bind(job.position)
    .bind(server(job.wants_server))
    .bind(server(job.server_id))
    .bind(job.created_at)
    .bind(job.started_at)
    .bind(job.ended_at)
    .bind(&job.workflow.0)
    .bind(&job.source)
    .bind(json(&job.facts)?)
    .bind(job.node_count)
    .bind(job.trouble.as_ref().map(json).transpose()?)
    .bind(json(&job.warnings)?)
    .bind(job.attempt)
    .bind(job.retry_of.map(|id| id.to_string()))
    .bind(job.retried_by.map(|id| id.to_string()))
    .bind(job.seen)
    .bind(job.not_before)
    .bind(job.removed_at)
    .bind(&job.shape)
    .bind(job.pixels)
    .bind(&job.needs)
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_retry(
    connection: &mut SqliteConnection,
    of: JobId,
    retry: &JobRow,
    event: &JobEventRow,
) -> Result<()> {
    insert(connection, retry).await?;
    insert_event(connection, event).await?;
    sqlx::query("UPDATE job SET retried_by = ? WHERE id = ?")
        .bind(retry.id.to_string())
        .bind(of.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

async fn insert_event(connection: &mut SqliteConnection, event: &JobEventRow) -> Result<()> {
    insert_events(connection, std::slice::from_ref(event)).await
}

pub(crate) async fn insert_events(
    connection: &mut SqliteConnection,
    events: &[JobEventRow],
) -> Result<()> {
    for chunk in events.chunks(ROWS_AT_ONCE) {
        let mut query =
            QueryBuilder::<Sqlite>::new("INSERT INTO job_event (job_id, at, text, bad) ");
        query.push_values(chunk, |mut row, event| {
            row.push_bind(event.job_id.to_string())
                .push_bind(event.at)
                .push_bind(&event.text)
                .push_bind(event.bad);
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}
