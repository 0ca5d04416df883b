//! What follows when a job ends: another try by itself, the rest of its batch, and who is told.

use crate::{
    convert,
    core::Core,
    notices::{Notice, NoticeKind},
    thumbs::ThumbSize,
    time::{millis, now_ms},
    view::{BatchEnd, Fact},
};
use domain::{AssetId, JobId, JobState, Outcome, TroubleCode};
use store::{JobEventRow, JobRow, Kind, StoreError};
use uuid::Uuid;

/// How often a job that the server lost is tried by itself.
const LOST_TRIES: u32 = 4;
/// How often a job that ran out of memory is tried by itself.
const MEMORY_TRIES: u32 = 2;

impl Core {
    pub(crate) async fn ended(
        &self,
        row: JobRow,
        outcome: Outcome,
        retry: Option<JobId>,
    ) -> Result<(), StoreError> {
        if outcome == Outcome::Succeeded {
            self.live.with(row.id, |run| {
                run.succeeded();
                true
            });
        }
        self.live.ended(row.id);
        self.previews.ended();
        let mut changed: Vec<JobId> = retry.into_iter().collect();
        if retry.is_none()
            && self.policy().stop_batch
            && matches!(outcome, Outcome::Failed | Outcome::Lost)
        {
            changed.extend(self.hold_rest(&row).await?);
        }
        self.publish(row.clone());
        self.publish_jobs(&changed).await?;
        if retry.is_none() {
            self.notice(&row, outcome).await?;
        }
        Ok(())
    }

    /// Holds what still waits of the batch of a job that failed.
    async fn hold_rest(&self, failed: &JobRow) -> Result<Vec<JobId>, StoreError> {
        let held = self.store.hold_batch(failed.batch_id).await?;
        let text = format!("Held, because {} of the same batch failed", failed.title);
        for id in &held {
            let event = JobEventRow { job_id: *id, at: now_ms(), text: text.clone(), bad: false };
            self.store.add_event(&event).await?;
        }
        Ok(held)
    }

    /// The job that tries one again by itself, if it ends in a way that the policy says so for.
    pub(crate) fn retry_by_itself(
        &self,
        row: &JobRow,
        next: JobState,
        trouble: Option<TroubleCode>,
    ) -> Option<(JobRow, JobEventRow)> {
        let policy = self.policy();
        let pause = match (next, trouble) {
            (JobState::Ended(Outcome::Lost), _)
                if policy.retry_lost && row.attempt < LOST_TRIES =>
            {
                0
            }
            (JobState::Ended(Outcome::Failed), Some(TroubleCode::OutOfMemory))
                if policy.retry_memory && row.attempt < MEMORY_TRIES =>
            {
                millis(self.pace.memory_pause)
            }
            _ => return None,
        };
        (!row.cancel_requested).then(|| retry_of(row, row.position, pause))
    }

    /// Adds a job that tries `old` again, at `position`. The old one stays as it ended.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn add_retry(&self, old: &JobRow, position: f64) -> Result<JobId, StoreError> {
        let (retry, event) = retry_of(old, position, 0);
        self.store.add_retry(old.id, &retry, &event).await?;
        Ok(retry.id)
    }

    /// Tells the page and the system about a batch that is over, and about a job alone that failed:
    /// each exactly once, because a job ends exactly once. What fails within a batch is told with the
    /// batch, unless the rest of it waits now for the artist.
    async fn notice(&self, job: &JobRow, outcome: Outcome) -> Result<(), StoreError> {
        let failed_now = matches!(outcome, Outcome::Failed | Outcome::Lost);
        let alone = job.batch_count <= 1;
        if failed_now && (alone || self.policy().stop_batch) {
            self.tell(Notice {
                batch: job.batch_id,
                job: job.id,
                kind: NoticeKind::Failed,
                title: format!("{} failed", job.title),
                body: job.trouble.as_ref().map(|t| t.message.clone()).unwrap_or_default(),
                picture: None,
            });
        }
        // A cancelled rest makes no news.
        if outcome == Outcome::Cancelled || self.store.batch_is_open(job.batch_id).await? {
            return Ok(());
        }
        let batch = self.store.batch_jobs(job.batch_id).await?;
        // A job that was tried again is spoken for by its newest try.
        let newest: Vec<&JobRow> = batch.iter().filter(|job| job.retried_by.is_none()).collect();
        let count = |wanted: Outcome| {
            newest.iter().filter(|job| job.state == JobState::Ended(wanted)).count()
        };
        let done = count(Outcome::Succeeded);
        let failed = count(Outcome::Failed) + count(Outcome::Lost);
        let many = newest.len();
        if many > 1 {
            let whole = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let asset = shown_with(&newest).map(convert::output);
            let (jobs, done, failed) = (whole(many), whole(done), whole(failed));
            let (batch_id, title) = (job.batch_id, job.title.clone());
            let (last, sheet) = (job.id, job.sheet);
            let ended = BatchEnd { batch_id, title, last, jobs, done, failed, sheet, asset };
            self.hub.publish(vec![Fact::BatchEnded { batch: ended }]);
        }
        // A single failure was told above.
        if done > 0 || many > 1 {
            let outputs: u32 = newest.iter().map(|job| job.asset_count).sum();
            self.tell(Notice {
                batch: job.batch_id,
                job: job.id,
                kind: NoticeKind::BatchDone { done, failed },
                title: if many == 1 {
                    format!("{} is done", job.title)
                } else {
                    format!("{}: {done} of {many} done", job.title)
                },
                body: crate::notices::body(outputs, failed),
                picture: self.newest_picture(&newest).await,
            });
        }
        Ok(())
    }

    async fn newest_picture(&self, jobs: &[&JobRow]) -> Option<std::path::PathBuf> {
        let (id, _) = shown_with(jobs)?;
        let asset = self.store.asset(id).await.ok()??;
        self.thumbs.ready(&asset.hash, ThumbSize::Small)
    }

    pub(crate) fn tell(&self, notice: Notice) {
        // Without a listener there is nobody to tell.
        let _ = self.notices.send(notice);
    }
}

/// The output that is shown with these jobs: one that has a picture, if there is one.
fn shown_with(jobs: &[&JobRow]) -> Option<(AssetId, Kind)> {
    let last = || jobs.iter().rev().filter_map(|job| job.shown.last());
    last().find(|(_, kind)| kind.has_picture()).or_else(|| last().next()).copied()
}

/// A job that tries `old` again, at `position` and after `pause_ms`, and what its story begins with.
fn retry_of(old: &JobRow, position: f64, pause_ms: i64) -> (JobRow, JobEventRow) {
    let id = JobId(Uuid::now_v7());
    let now = now_ms();
    let retry = JobRow {
        id,
        state: JobState::Held,
        on_hold: false,
        cancel_requested: false,
        asked_back: false,
        position,
        server_id: None,
        created_at: now,
        started_at: None,
        ended_at: None,
        trouble: None,
        warnings: Vec::new(),
        attempt: old.attempt + 1,
        retry_of: Some(old.id),
        retried_by: None,
        practice: false,
        seen: false,
        not_before: (pause_ms > 0).then_some(now + pause_ms),
        removed_at: None,
        asset_count: 0,
        shown: Vec::new(),
        ..old.clone()
    };
    let text = format!("Added to try again (try {})", retry.attempt);
    (retry, JobEventRow { job_id: id, at: now, text, bad: false })
}
