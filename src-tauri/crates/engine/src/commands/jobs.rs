//! Commands about jobs and the queue.

use crate::{
    Engine, convert,
    core::Note,
    intake,
    live::{Run, progress_view},
    time::now_ms,
    view::{CommandError, CommandErrorCode, Fact, JobDetail, JobView, LinkState},
};
use domain::{BatchId, Evidence, JobId, JobState, Moved, Outcome};
use std::{
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};
use store::{JobEventRow, JobRow, WorkflowRow};
use uuid::Uuid;

/// The most jobs listed at once.
const MOST_LISTED: u32 = 1_000;
/// Events shown of a job.
const EVENTS: u32 = 200;
/// Pictures of the same workflow shown with a job.
const SIBLINGS: u32 = 12;

/// Which jobs a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that have not ended, in queue order.
    Open,
    /// Those that have, newest first.
    Finished,
}

impl Engine {
    /// A part of a list of jobs.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn job_list(
        &self,
        which: Which,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<JobView>, CommandError> {
        let limit = limit.min(MOST_LISTED);
        let rows = match which {
            Which::Open => self.core().store.open_jobs(limit, offset).await?,
            Which::Finished => self.core().store.finished_jobs(limit, offset).await?,
        };
        Ok(rows.into_iter().map(convert::job).collect())
    }

    /// Everything about one job.
    ///
    /// # Errors
    /// When there is no such job, or the database cannot be read.
    pub async fn job_get(&self, id: JobId) -> Result<JobDetail, CommandError> {
        let core = self.core();
        let row = self.job(id).await?;
        let progress = match core.live.read(id, Run::view) {
            Some(progress) => progress,
            None => {
                let runs = core.store.node_runs(id).await?;
                let share =
                    if row.state == JobState::Ended(Outcome::Succeeded) { 1.0 } else { 0.0 };
                progress_view(&runs, share, true, false, |_| None)
            }
        };
        let mut previews = core.live.kept(id);
        if previews.is_empty() {
            let core = self.shared_core();
            previews = super::blocking(move || core.previews.list(id)).await?;
        }
        let assets = core.store.job_assets(id).await?;
        let siblings = core.store.workflow_assets(&row.workflow, SIBLINGS + 4).await?;
        Ok(JobDetail {
            progress,
            events: core.store.events(id, EVENTS).await?.into_iter().map(convert::event).collect(),
            siblings: siblings
                .into_iter()
                .filter(|asset| asset.job_id != Some(id))
                .take(SIBLINGS as usize)
                .map(convert::asset)
                .collect(),
            assets: assets.into_iter().map(convert::asset).collect(),
            previews,
            job: convert::job(row),
        })
    }

    /// The prompt of a job, as it is sent.
    ///
    /// # Errors
    /// When there is no such job.
    pub async fn job_workflow(&self, id: JobId) -> Result<String, CommandError> {
        let row = self.job(id).await?;
        let stored = self.core().store.workflow(&row.workflow).await?;
        stored.map(|stored| stored.prompt).ok_or_else(|| CommandError::not_found("The workflow"))
    }

    /// Cancels jobs. What only waits with us ends at once; what is at a server ends when the server
    /// confirms it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn job_cancel(&self, ids: Vec<JobId>) -> Result<(), CommandError> {
        let core = self.core();
        let asked = core.store.request_cancel(&ids).await?;
        for row in core.store.jobs(&asked).await? {
            let here = core.hear(row.id, Evidence::CancelledHere, Note::default()).await?;
            if !matches!(here, Moved::To(_)) {
                core.store
                    .add_event(&JobEventRow {
                        job_id: row.id,
                        at: now_ms(),
                        text: "Cancelled by you, the server is being told".to_owned(),
                        bad: false,
                    })
                    .await?;
            }
        }
        self.changed(&asked).await
    }

    /// Holds jobs back, or lets them go. A job that waits at a server is taken back first.
    ///
    /// # Errors
    /// When a job already runs, or the database cannot be written.
    pub async fn job_hold(&self, ids: Vec<JobId>, on_hold: bool) -> Result<(), CommandError> {
        let changed = self.core().store.set_on_hold(&ids, on_hold).await?;
        if on_hold && changed.is_empty() {
            return Err(CommandError::new(
                CommandErrorCode::WrongState,
                "Only a job that waits with Safelight can be held. This one is at the server already; cancel it there, or pause the queue.",
            ));
        }
        self.changed(&changed).await
    }

    /// Lets waiting jobs go at a time, or at once without one. A job on hold is let go: it would never
    /// start at its time else. Nothing starts while the queue is paused, and a job whose time passed
    /// meanwhile starts when it is resumed.
    ///
    /// # Errors
    /// When none of the jobs waits any more, or the database cannot be written.
    pub async fn job_start_at(&self, ids: Vec<JobId>, at: Option<i64>) -> Result<(), CommandError> {
        let store = &self.core().store;
        let changed = match at {
            Some(at) => store.start_from(&ids, at).await?,
            None => store.start_now(&ids, now_ms()).await?,
        };
        if at.is_some() {
            if changed.is_empty() {
                return Err(CommandError::new(
                    CommandErrorCode::WrongState,
                    "Only a job that waits with Safelight can be given a time to start. This one has been sent already.",
                ));
            }
            store.set_on_hold(&changed, false).await?;
        }
        self.changed(&changed).await
    }

    /// Tries jobs again: each becomes a new job at the end of the queue, and the old one stays as it
    /// ended.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn job_retry(&self, ids: Vec<JobId>) -> Result<(), CommandError> {
        let core = self.core();
        let mut changed = Vec::new();
        for row in core.store.jobs(&ids).await? {
            if row.state.is_ended() && row.retried_by.is_none() {
                let (_, last) = core.store.position_bounds().await?;
                changed.push(core.add_retry(&row, last + 1.0).await?);
                changed.push(row.id);
            }
        }
        core.store.set_seen(&ids).await?;
        self.changed(&changed).await
    }

    /// Queues the same workflows once more, as new jobs. Copies of one batch are one batch again, under
    /// its name.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn job_duplicate(&self, ids: Vec<JobId>) -> Result<(), CommandError> {
        let core = self.core();
        let rows = core.store.jobs(&ids).await?;
        for batch in rows.chunk_by(|a, b| a.batch_id == b.batch_id) {
            let mut looked = Vec::with_capacity(batch.len());
            for row in batch {
                let stored = core.store.workflow(&row.workflow).await?;
                let stored = stored.ok_or_else(|| CommandError::not_found("The workflow"))?;
                let (title, source) = (row.title.clone(), row.source.clone());
                let stored = WorkflowRow { title, source, ..stored };
                looked.push(intake::look_at_stored(&stored));
            }
            let copy = BatchId(Uuid::now_v7());
            intake::queue(core, copy, looked, intake::Place::default()).await?;
            if let Some(name) = batch.first().and_then(|row| row.batch_name.as_deref()) {
                self.batch_rename(copy, name).await?;
            }
        }
        Ok(())
    }

    /// Takes jobs off the lists: jobs that ended, and jobs that wait with us. It can be undone with
    /// [`Engine::job_restore`]. Pictures stay in the library.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn job_remove(&self, ids: Vec<JobId>) -> Result<(), CommandError> {
        let removed = self.core().store.set_removed(&ids, Some(now_ms())).await?;
        self.put_away(removed.clone()).await?;
        self.core().hub.publish(vec![Fact::JobsRemoved { ids: removed }]);
        self.core().touched.notify_one();
        // One may have been chosen to be sent: the next is looked for.
        self.core().book.wake_all();
        Ok(())
    }

    /// Puts away what is kept on disk of jobs that are removed.
    async fn put_away(&self, removed: Vec<JobId>) -> Result<(), CommandError> {
        let core = self.shared_core();
        core.live.set_unsaved(&removed, false);
        super::blocking(move || core.previews.put_away(&removed)).await
    }

    /// Brings removed jobs back.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn job_restore(&self, ids: Vec<JobId>) -> Result<(), CommandError> {
        let restored = self.core().store.set_removed(&ids, None).await?;
        let (core, back) = (self.shared_core(), restored.clone());
        super::blocking(move || core.previews.bring_back(&back)).await?;
        // What was new when they were removed is saved now.
        self.core().live.set_unsaved(&restored, true);
        self.core().previews.ended();
        self.changed(&restored).await
    }

    /// Moves waiting jobs, in the order given, to stand before another one, or to the end.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn job_move(
        &self,
        ids: Vec<JobId>,
        before: Option<JobId>,
    ) -> Result<(), CommandError> {
        if ids.is_empty() || before.is_some_and(|before| ids.contains(&before)) {
            return Ok(());
        }
        let store = &self.core().store;
        let count = positions_between(ids.len());
        let (_, last) = store.position_bounds().await?;
        let (low, high) = match before {
            Some(before) => {
                let high = self.job(before).await?.position;
                (store.position_before(before).await?.unwrap_or(high - 1.0), high)
            }
            None => (last, last + 1.0),
        };
        let positions: Vec<(JobId, f64)> =
            ids.iter().zip(count).map(|(id, share)| (*id, low + (high - low) * share)).collect();
        store.set_positions(&positions).await?;
        self.changed(&ids).await
    }

    /// Puts waiting jobs in front of everything that waits, and lets them go if they were held or had a
    /// time to start.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn job_run_next(&self, ids: Vec<JobId>) -> Result<(), CommandError> {
        let store = &self.core().store;
        let (first, _) = store.position_bounds().await?;
        let positions: Vec<(JobId, f64)> = ids
            .iter()
            .zip(positions_between(ids.len()))
            .map(|(id, share)| (*id, first - 1.0 + share * 0.5))
            .collect();
        store.set_positions(&positions).await?;
        store.set_on_hold(&ids, false).await?;
        store.start_now(&ids, now_ms()).await?;
        self.changed(&ids).await
    }

    /// Marks ended jobs as seen.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn job_seen(&self, ids: Vec<JobId>) -> Result<(), CommandError> {
        self.core().store.set_seen(&ids).await?;
        self.changed(&ids).await
    }

    /// Pauses the whole queue, or resumes it. What runs is finished. With `free` the servers' memory is
    /// freed then, as far as they can be reached: that a server cannot is no reason not to pause.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn queue_pause(&self, paused: bool, free: bool) -> Result<(), CommandError> {
        let core = self.core();
        core.store.set_value("paused", if paused { "1" } else { "0" }).await?;
        core.paused.store(paused, Ordering::Relaxed);
        core.settle_pause().await;
        core.hub.publish(vec![Fact::QueuePaused { paused }]);
        core.touched.notify_one();
        core.book.wake_all();
        if paused && free {
            for server in core.book.views() {
                if server.link == LinkState::Online
                    && let Err(error) = self.server_free(server.id).await
                {
                    tracing::warn!(server = %server.name, message = %error.message, "not freed");
                }
            }
        }
        Ok(())
    }

    /// Removes everything that waits with us. Answers with what was removed, to undo it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn queue_clear(&self) -> Result<Vec<JobId>, CommandError> {
        let core = self.core();
        let waiting: Vec<JobId> = core
            .store
            .open_jobs(u32::MAX >> 1, 0)
            .await?
            .into_iter()
            .filter(|job| job.state == JobState::Held)
            .map(|job| job.id)
            .collect();
        let removed = core.store.set_removed(&waiting, Some(now_ms())).await?;
        self.put_away(removed.clone()).await?;
        core.hub.publish(vec![Fact::JobsRemoved { ids: removed.clone() }]);
        core.touched.notify_one();
        core.book.wake_all();
        Ok(removed)
    }

    /// Gives a job that waits with us another workflow: the text of an API-format prompt. One that
    /// waits at a server is not taken back for this: cancel it, or pause the queue first.
    ///
    /// # Errors
    /// When it is no workflow, or the job no longer waits.
    pub async fn job_edit(&self, id: JobId, prompt: &str) -> Result<(), CommandError> {
        let row = self.job(id).await?;
        let intake::Edited { workflow, job, needs, entry } = intake::edited(&row, prompt)
            .map_err(|why| CommandError::new(CommandErrorCode::BadInput, why))?;
        if !self.core().store.set_workflow(id, &workflow, &needs, &entry, &job).await? {
            return Err(CommandError::new(
                CommandErrorCode::WrongState,
                "This job has been sent already, so it can no longer be edited. Duplicate it, and edit the copy.",
            ));
        }
        let event = JobEventRow {
            job_id: id,
            at: now_ms(),
            text: "Edited while it waited".to_owned(),
            bad: false,
        };
        self.core().store.add_event(&event).await?;
        self.changed(&[id]).await
    }

    /// Writes what waits with us into a file, in queue order: these jobs, or all. Answers with how
    /// many there are in it. Dropping the file on the window brings them back.
    ///
    /// # Errors
    /// When nothing waits, or the file cannot be written.
    pub async fn queue_export(&self, path: PathBuf, ids: Vec<JobId>) -> Result<u32, CommandError> {
        let store = &self.core().store;
        let mut rows = match ids.as_slice() {
            [] => store.open_jobs(u32::MAX >> 1, 0).await?,
            some => store.jobs(some).await?,
        };
        rows.retain(|row| matches!(row.state, JobState::Held));
        rows.sort_by(|a, b| a.position.total_cmp(&b.position));
        if rows.is_empty() {
            return Err(CommandError::new(
                CommandErrorCode::WrongState,
                "Nothing waits with Safelight, so there is nothing to save. Jobs that a server has are not saved; pause the queue to take them back.",
            ));
        }
        let bad = |why| CommandError::new(CommandErrorCode::BadInput, why);
        let mut file = crate::queue_file::Writer::new();
        let mut count = 0;
        for row in rows {
            if let Some(workflow) = store.workflow(&row.workflow).await? {
                file.push(&row, &workflow).map_err(bad)?;
                count += 1;
            }
        }
        let text = file.done();
        tokio::task::spawn_blocking(move || write_whole(&path, text.as_bytes()))
            .await
            .map_err(|error| error.to_string())
            .and_then(|written| written)
            .map_err(|why| CommandError::new(CommandErrorCode::BadInput, why))?;
        Ok(count)
    }

    pub(crate) async fn job(&self, id: JobId) -> Result<JobRow, CommandError> {
        self.core().store.job(id).await?.ok_or_else(|| CommandError::not_found("The job"))
    }

    pub(crate) async fn changed(&self, ids: &[JobId]) -> Result<(), CommandError> {
        self.core().publish_jobs(ids).await?;
        self.core().touched.notify_one();
        self.core().book.wake_all();
        Ok(())
    }
}

/// Writes a file whole or not at all: what was there stays until the new one is complete.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let aside = path.with_extension("part");
    let written = std::fs::write(&aside, bytes).and_then(|()| std::fs::rename(&aside, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&aside);
        format!("{} cannot be written: {error}. Choose another place.", path.display())
    })
}

/// Shares of the way from one neighbour to the other for `count` jobs, evenly and in order.
fn positions_between(count: usize) -> impl Iterator<Item = f64> {
    let parts = f64::from(u32::try_from(count).unwrap_or(u32::MAX)) + 1.0;
    (1..=u32::try_from(count).unwrap_or(u32::MAX)).map(move |n| f64::from(n) / parts)
}
