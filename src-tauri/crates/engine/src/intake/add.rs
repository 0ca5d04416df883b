//! Jobs made of what was found.

use super::Found;
use crate::{core::Core, time::now_ms};
use domain::{BatchId, JobId, JobState, ServerId};
use std::collections::BTreeMap;
use store::{
    BatchRow, JobEventRow, JobRow, NeedRow, NewBatch, NewEntry, NewSheet, StoreError, WorkflowRow,
};
use uuid::Uuid;

/// Where the new jobs go.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    /// Held back until the artist lets them go.
    pub on_hold: bool,
    /// In front of everything that waits.
    pub next: bool,
    /// The server they must run on.
    pub server: Option<ServerId>,
}

/// One submission.
pub struct NewJobs<'a> {
    /// Its id.
    pub batch_id: BatchId,
    /// A readable name.
    pub title: &'a str,
    /// The jobs, in order.
    pub found: &'a [&'a Found],
    /// Sentences for the story of each; may be fewer than jobs.
    pub told: &'a [Vec<String>],
    /// Where they go.
    pub place: Place,
    /// The workflow that those of the jobs are patches of, if they are.
    pub base: Option<&'a WorkflowRow>,
    /// Its sheet, if it is a sweep; or that of the sweep it makes larger, with the sweep's batch.
    pub sheet: Option<(BatchId, &'a NewSheet)>,
}

/// What came of it.
pub enum Added {
    /// They are in the queue.
    Now(Vec<JobId>),
    /// They were there already: the same submission again.
    Before(Vec<JobId>),
}

impl Added {
    /// The jobs, in order.
    pub fn ids(&self) -> &[JobId] {
        match self {
            Self::Now(ids) | Self::Before(ids) => ids,
        }
    }
}

/// Queues jobs as one batch. Doing it twice with the same batch id queues nothing twice.
///
/// # Errors
/// When the database cannot be written; then nothing is queued.
pub async fn add(core: &Core, new: NewJobs<'_>) -> Result<Added, StoreError> {
    let now = now_ms();
    let count = u32::try_from(new.found.len()).unwrap_or(u32::MAX);
    let (first, last) = core.store.position_bounds().await?;
    let mut jobs = Vec::with_capacity(new.found.len());
    let mut workflows: Vec<WorkflowRow> = Vec::with_capacity(new.found.len());
    let mut needed = BTreeMap::new();
    let mut entries = BTreeMap::new();
    for (found, index) in new.found.iter().zip(1..) {
        needed.insert(&found.needs.digest, &found.needs);
        workflows.push(found.workflow(now));
        entries.insert(&found.hash.0, found.entry(now));
        let position = if new.place.next {
            first - f64::from(count) + f64::from(index - 1)
        } else {
            last + f64::from(index)
        };
        let place = (index, count, position);
        jobs.push(job(found, new.batch_id, place, new.place, now));
    }
    let batch = BatchRow { id: new.batch_id, title: new.title.to_owned(), created_at: now, count };
    let needs: Vec<NeedRow> = needed.into_values().cloned().collect();
    let entries: Vec<NewEntry> = entries.into_values().collect();
    let told = new.told.iter().map(Vec::as_slice).chain(std::iter::repeat(&[][..]));
    let stories = jobs.iter().zip(told).flat_map(|(job, told)| added(job, told, now));
    let events: Vec<JobEventRow> = stories.collect();
    let rows = NewBatch {
        batch: &batch,
        base: new.base,
        workflows: &workflows,
        needs: &needs,
        entries: &entries,
        sheet: new.sheet,
        jobs: &jobs,
        events: &events,
    };
    if !core.store.add_batch(rows).await? {
        // The same submission again: answer with what it made the first time.
        let made = core.store.batch_jobs(new.batch_id).await?;
        return Ok(Added::Before(made.iter().map(|job| job.id).collect()));
    }
    let ids = jobs.iter().map(|job| job.id).collect();
    if new.sheet.is_some_and(|(of, _)| of == new.batch_id) {
        jobs.iter_mut().for_each(|job| job.sheet = true);
    }
    core.publish_rows(jobs);
    core.touched.notify_one();
    core.book.wake_all();
    Ok(Added::Now(ids))
}

fn job(
    found: &Found,
    batch_id: BatchId,
    (batch_index, batch_count, position): (u32, u32, f64),
    place: Place,
    now: i64,
) -> JobRow {
    JobRow {
        id: JobId(Uuid::now_v7()),
        batch_id,
        batch_index,
        batch_count,
        title: found.title.clone(),
        state: JobState::Held,
        on_hold: place.on_hold || found.on_hold || found.needs_look.is_some(),
        cancel_requested: false,
        asked_back: false,
        position,
        wants_server: place.server,
        server_id: None,
        created_at: now,
        started_at: None,
        ended_at: None,
        workflow: found.hash.clone(),
        shape: Some(found.shape.clone()),
        needs: Some(found.needs.digest.clone()),
        pixels: found.pixels,
        batch_name: None,
        sheet: false,
        source: found.source.clone(),
        facts: found.facts.clone(),
        node_count: found.nodes,
        trouble: None,
        warnings: found.needs_look.iter().cloned().collect(),
        attempt: 1,
        retry_of: None,
        retried_by: None,
        practice: false,
        seen: false,
        not_before: None,
        removed_at: None,
        asset_count: 0,
        shown: Vec::new(),
    }
}

/// How a job's story begins.
fn added(job: &JobRow, told: &[String], at: i64) -> Vec<JobEventRow> {
    let text = match &job.source {
        Some(source) => format!("Added to the queue from {source}"),
        None => "Added to the queue".to_owned(),
    };
    let mut story = vec![JobEventRow { job_id: job.id, at, text, bad: false }];
    for text in told.iter().cloned() {
        story.push(JobEventRow { job_id: job.id, at, text, bad: false });
    }
    for warning in &job.warnings {
        let text = format!("Held for a look: {warning}");
        story.push(JobEventRow { job_id: job.id, at, text, bad: true });
    }
    story
}
