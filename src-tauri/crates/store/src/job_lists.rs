//! Jobs as they are read: one, the queue, what is in flight, the history, and how many.

use crate::{
    CountsRow, FlightRow, JobEventRow, JobRow, Kind, Result, Store,
    jobs::{CHUNK, MAY_BE_OFFERED, list, select_job},
    rows,
};
use domain::{AssetId, JobId, JobState, ServerId};
use sqlx::{QueryBuilder, Row, Sqlite};
use std::collections::HashMap;

/// How many outputs a list shows of a job.
const SHOWN: usize = 4;

impl Store {
    /// One job.
    pub async fn job(&self, id: JobId) -> Result<Option<JobRow>> {
        Ok(self.jobs(&[id]).await?.pop())
    }

    /// One job, without its pictures.
    pub async fn job_alone(&self, id: JobId) -> Result<Option<JobRow>> {
        let row = sqlx::query(select_job!("WHERE id = ?"))
            .bind(id.to_string())
            .fetch_optional(&self.read)
            .await?;
        row.as_ref().map(rows::job).transpose()
    }

    /// Some jobs, in the order asked for; those that are not there are left out.
    pub async fn jobs(&self, ids: &[JobId]) -> Result<Vec<JobRow>> {
        let mut found = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(CHUNK) {
            let mut query = QueryBuilder::<Sqlite>::new(select_job!("WHERE id IN ("));
            list(&mut query, chunk);
            for row in query.build().fetch_all(&self.read).await? {
                let job = rows::job(&row)?;
                found.insert(job.id, job);
            }
        }
        let rows = ids.iter().filter_map(|id| found.remove(id)).collect();
        self.with_pictures(rows).await
    }

    /// Jobs that have not ended, in queue order.
    pub async fn open_jobs(&self, limit: u32, offset: u32) -> Result<Vec<JobRow>> {
        let rows = sqlx::query(select_job!(
            "WHERE state <> 'ended' AND removed_at IS NULL ORDER BY position, id LIMIT ? OFFSET ?"
        ))
        .bind(limit)
        .bind(offset)
        .fetch_all(&self.read)
        .await?;
        self.with_pictures(rows.iter().map(rows::job).collect::<Result<_>>()?).await
    }

    /// What a server has of ours, in queue order.
    pub async fn flights(&self, server: ServerId) -> Result<Vec<FlightRow>> {
        let rows = sqlx::query(
            "SELECT id, state, server_end, outcome, cancel_requested, asked_back FROM job
             WHERE server_id = ? AND state IN ('sending', 'queued', 'running', 'collecting')
             ORDER BY position, id",
        )
        .bind(server.to_string())
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(rows::flight).collect()
    }

    /// What all servers have of ours.
    pub async fn all_in_flight(&self) -> Result<Vec<JobRow>> {
        let rows = sqlx::query(select_job!(
            "WHERE state IN ('sending', 'queued', 'running', 'collecting') ORDER BY position, id"
        ))
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(rows::job).collect()
    }

    /// The first job in the queue that this server may have now. `lacks` are the needs that it does
    /// not meet; a job that the artist gave to it goes there all the same.
    pub async fn next_eligible(
        &self,
        server: ServerId,
        now: i64,
        lacks: &[String],
    ) -> Result<Option<JobRow>> {
        let mut query = QueryBuilder::<Sqlite>::new(select_job!(
            "WHERE state = 'held' AND (wants_server IS NULL OR wants_server = "
        ));
        query.push_bind(server.to_string()).push(")").push(MAY_BE_OFFERED);
        query
            .push_bind(now)
            .push(") AND (needs IS NULL OR wants_server IS NOT NULL OR needs NOT IN (");
        list(&mut query, lacks);
        query.push(")");
        query.push(" ORDER BY position, id LIMIT 1");
        let row = query.build().fetch_optional(&self.read).await?;
        row.as_ref().map(rows::job).transpose()
    }

    /// Jobs that ended, newest first.
    pub async fn finished_jobs(&self, limit: u32, offset: u32) -> Result<Vec<JobRow>> {
        let rows = sqlx::query(select_job!(
            "WHERE state = 'ended' AND removed_at IS NULL ORDER BY ended_at DESC, id DESC LIMIT ? OFFSET ?"
        ))
        .bind(limit)
        .bind(offset)
        .fetch_all(&self.read)
        .await?;
        self.with_pictures(rows.iter().map(rows::job).collect::<Result<_>>()?).await
    }

    /// Failures nobody has seen and nothing has tried again, newest first.
    pub async fn unseen_failures(&self, limit: u32) -> Result<Vec<JobRow>> {
        let rows = sqlx::query(select_job!(
            "WHERE outcome IN ('failed', 'lost') AND seen = 0 AND retried_by IS NULL AND removed_at IS NULL ORDER BY ended_at DESC LIMIT ?"
        ))
        .bind(limit)
        .fetch_all(&self.read)
        .await?;
        self.with_pictures(rows.iter().map(rows::job).collect::<Result<_>>()?).await
    }

    /// Jobs that are ours and that the artist cancelled.
    pub async fn cancelled_here(&self) -> Result<Vec<JobId>> {
        let rows = sqlx::query("SELECT id FROM job WHERE state = 'held' AND cancel_requested")
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(|row| rows::id(row.try_get("id")?)).collect()
    }

    /// What happened to a job, newest first.
    pub async fn events(&self, job: JobId, limit: u32) -> Result<Vec<JobEventRow>> {
        let rows = sqlx::query(
            "SELECT at, text, bad FROM job_event WHERE job_id = ? ORDER BY rowid DESC LIMIT ?",
        )
        .bind(job.to_string())
        .bind(limit)
        .fetch_all(&self.read)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(JobEventRow {
                    job_id: job,
                    at: row.try_get("at")?,
                    text: row.try_get("text")?,
                    bad: row.try_get("bad")?,
                })
            })
            .collect()
    }

    /// How many of each there are.
    pub async fn counts(&self, now: i64) -> Result<CountsRow> {
        let row = sqlx::query(
            "SELECT
                (SELECT count(*) FROM job WHERE state IN ('held', 'sending', 'queued') AND removed_at IS NULL) AS waiting,
                (SELECT count(*) FROM job WHERE state IN ('running', 'collecting') AND removed_at IS NULL) AS running,
                (SELECT count(*) FROM job WHERE state = 'ended' AND removed_at IS NULL) AS finished,
                (SELECT count(*) FROM job WHERE outcome IN ('failed', 'lost') AND seen = 0 AND retried_by IS NULL AND removed_at IS NULL) AS unseen,
                (SELECT assets FROM library_total WHERE binned = 0)
                    - (SELECT count(*) FROM asset WHERE preview AND binned_at IS NULL) AS assets,
                (SELECT count(*) FROM asset WHERE binned_at IS NULL AND created_at >= ? AND NOT preview AND job_id IS NOT NULL) AS hour",
        )
        .bind(now - 3_600_000)
        .fetch_one(&self.read)
        .await?;
        Ok(CountsRow {
            waiting: row.try_get("waiting")?,
            running: row.try_get("running")?,
            finished: row.try_get("finished")?,
            unseen_failures: row.try_get("unseen")?,
            assets: row.try_get("assets")?,
            assets_last_hour: row.try_get("hour")?,
        })
    }

    /// Adds how many outputs each job has, without previews, and which of them are shown with it.
    pub(crate) async fn with_pictures(&self, mut jobs: Vec<JobRow>) -> Result<Vec<JobRow>> {
        let mut place: HashMap<JobId, usize> = HashMap::with_capacity(jobs.len());
        for (index, job) in jobs.iter().enumerate() {
            // What has not ended at its server has made nothing.
            if matches!(job.state, JobState::Collecting(_) | JobState::Ended(_)) {
                place.insert(job.id, index);
            }
        }
        let ids: Vec<JobId> = place.keys().copied().collect();
        for chunk in ids.chunks(CHUNK) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "SELECT made.job_id, id, kind, preview FROM made JOIN asset ON seq = asset WHERE made.job_id IN (",
            );
            list(&mut query, chunk);
            // The last ones are shown: outputs before previews, and those that have a picture.
            query.push(" ORDER BY preview DESC, kind IN ('picture', 'video'), seq");
            for row in query.build().fetch_all(&self.read).await? {
                let job: JobId = rows::id(row.try_get("job_id")?)?;
                let Some(index) = place.get(&job) else { continue };
                let job = &mut jobs[*index];
                job.asset_count += u32::from(!row.try_get::<bool, _>("preview")?);
                if job.shown.len() == SHOWN {
                    job.shown.remove(0);
                }
                let id = rows::id::<AssetId>(row.try_get("id")?)?;
                job.shown.push((id, Kind::of(row.try_get("kind")?)?));
            }
        }
        Ok(jobs)
    }
}
