//! Intake: what files and texts hold, in a sentence each, and jobs made from those that hold a
//! workflow.

mod folders;
pub mod look;
mod pictures;

pub use folders::{Files, MAX_FILES, files_in};
pub use pictures::one_a_picture;

use crate::{
    checks::Shelves,
    core::Core,
    time::now_ms,
    view::{FindingView, IntakeItem, IntakeKind, IntakeReport, SameView, Standing},
};
use domain::{BatchId, JobId, JobState, PictureFacts, WorkflowHash};
use std::{collections::BTreeMap, path::PathBuf};
use store::{
    BasePatch, BatchRow, JobEventRow, JobRow, NeedRow, NewBatch, NewEntry, Store, StoreError,
    WorkflowRow,
};
use uuid::Uuid;

/// How many workflows are put into the library at a time.
const CATCH_UP: u32 = 500;

/// Reads files without holding up anything else.
///
/// # Errors
/// A sentence when reading stopped, which is a fault of ours.
pub async fn look_at_files(core: &Core, paths: Vec<PathBuf>) -> Result<Vec<Looked>, String> {
    let known = Shelves::of(core);
    tokio::task::spawn_blocking(move || look::files(&paths, &known.read()))
        .await
        .map_err(|error| error.to_string())
}

/// A workflow that was read and can be queued.
pub struct Found {
    prompt: String,
    ui_graph: Option<String>,
    hash: WorkflowHash,
    title: String,
    nodes: u32,
    facts: PictureFacts,
    shape: String,
    structure: String,
    needs: NeedRow,
    pixels: Option<f64>,
    source: Option<String>,
    /// The workflow that it differs from in values only, and these.
    base: Option<BasePatch>,
    on_hold: bool,
    /// Why somebody should look at it before it runs.
    needs_look: Option<String>,
}

impl Found {
    fn workflow(&self, at: i64) -> WorkflowRow {
        WorkflowRow {
            hash: self.hash.clone(),
            prompt: self.prompt.clone(),
            ui_graph: self.ui_graph.clone(),
            title: self.title.clone(),
            source: self.source.clone(),
            created_at: at,
            base: self.base.clone(),
        }
    }

    fn entry(&self, at: i64) -> NewEntry {
        NewEntry {
            structure: self.structure.clone(),
            workflow: self.hash.clone(),
            title: self.title.clone(),
            node_count: self.nodes,
            facts: self.facts.clone(),
            source: self.source.clone(),
            used_at: at,
        }
    }
}

/// What came of reading one thing.
pub struct Looked {
    name: String,
    path: Option<String>,
    kind: IntakeKind,
    container: &'static str,
    message: String,
    /// What is said in it, where that is no workflow.
    facts: Option<PictureFacts>,
    findings: Vec<FindingView>,
    found: Option<Found>,
}

impl Looked {
    fn item(&self, job_id: Option<JobId>) -> IntakeItem {
        let found = self.found.as_ref();
        let look = found.and_then(|found| found.needs_look.as_ref());
        IntakeItem {
            name: self.name.clone(),
            path: self.path.clone(),
            kind: self.kind,
            container: self.container.to_owned(),
            standing: match (found, look) {
                (Some(_), None) => Standing::Ready,
                (Some(_), Some(_)) => Standing::NeedsLook,
                (None, _) => Standing::Refused,
            },
            message: look.unwrap_or(&self.message).clone(),
            findings: self.findings.clone(),
            title: found.map(|found| found.title.clone()),
            nodes: found.map(|found| found.nodes),
            facts: found.map(|found| found.facts.clone()).or_else(|| self.facts.clone()),
            workflow: found.map(|found| found.hash.clone()),
            same: None,
            job_id,
        }
    }
}

/// A job's workflow replaced by another prompt, and what follows from that.
pub struct Edited {
    /// The workflow.
    pub workflow: WorkflowRow,
    /// The job.
    pub job: JobRow,
    /// What it needs now.
    pub needs: NeedRow,
    /// Its place in the library.
    pub entry: NewEntry,
}

/// Replaces a job's workflow by another prompt.
///
/// # Errors
/// A sentence about what is wrong with the prompt.
pub fn edited(job: &JobRow, prompt: &str) -> Result<Edited, String> {
    // What was drawn is not converted here: the artist edits what runs.
    workflow::read_prompt(prompt.as_bytes()).map_err(|error| error.to_string())?;
    let looked = look::stored(&job.title, prompt, None);
    let Some(found) = looked.found else { return Err(looked.message) };
    let now = now_ms();
    Ok(Edited {
        // The editor's graph is that of the old prompt.
        workflow: WorkflowRow {
            title: job.title.clone(),
            source: job.source.clone(),
            ..found.workflow(now)
        },
        entry: NewEntry {
            title: job.title.clone(),
            source: job.source.clone(),
            ..found.entry(now)
        },
        job: JobRow {
            workflow: found.hash,
            facts: found.facts,
            node_count: found.nodes,
            shape: Some(found.shape),
            needs: Some(found.needs.digest.clone()),
            pixels: found.pixels,
            // They were about the old prompt.
            warnings: Vec::new(),
            ..job.clone()
        },
        needs: found.needs,
    })
}

/// Puts workflows into the library that were run before there was one.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn catch_up(store: &Store) -> Result<(), StoreError> {
    loop {
        let before = store.workflows_without_entry(CATCH_UP).await?;
        if before.is_empty() {
            return Ok(());
        }
        let entries: Vec<NewEntry> =
            before.iter().map(|(row, used)| entry_of(row, *used)).collect();
        store.keep_workflows(&[], &entries).await?;
    }
}

fn entry_of(row: &WorkflowRow, used_at: i64) -> NewEntry {
    match look::stored(&row.title, &row.prompt, None).found {
        Some(found) => NewEntry {
            title: row.title.clone(),
            source: row.source.clone(),
            ..found.entry(used_at)
        },
        // Not to be asked for again; there are none such that we wrote.
        None => NewEntry {
            structure: row.hash.0.clone(),
            workflow: row.hash.clone(),
            title: row.title.clone(),
            node_count: 0,
            facts: PictureFacts::default(),
            source: row.source.clone(),
            used_at,
        },
    }
}

/// What was found, without queueing anything.
///
/// # Errors
/// When the database cannot be read.
pub async fn report(store: &Store, looked: &[Looked]) -> Result<IntakeReport, StoreError> {
    let mut items = Vec::with_capacity(looked.len());
    for looked in looked {
        items.push(IntakeItem { same: same(store, looked).await?, ..looked.item(None) });
    }
    Ok(IntakeReport { items, ..IntakeReport::default() })
}

/// Jobs of the same workflow with the same values.
async fn same(store: &Store, looked: &Looked) -> Result<Option<SameView>, StoreError> {
    let Some(found) = &looked.found else { return Ok(None) };
    let same = store.same(&found.hash).await?;
    Ok(same.map(|same| SameView {
        count: same.count,
        job_id: same.id,
        state: same.state,
        at: same.created_at,
    }))
}

/// Keeps everything that holds a workflow in the library, without queueing it.
///
/// # Errors
/// When the database cannot be written; then nothing is kept.
pub async fn keep(core: &Core, looked: &[Looked]) -> Result<IntakeReport, StoreError> {
    let now = now_ms();
    let found = || looked.iter().filter_map(|looked| looked.found.as_ref());
    let workflows: Vec<_> = found().map(|found| found.workflow(now)).collect();
    let entries: Vec<_> = found().map(|found| found.entry(now)).collect();
    let report = report(&core.store, looked).await?;
    core.store.keep_workflows(&workflows, &entries).await?;
    Ok(report)
}

/// Where the new jobs go.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    /// Held back until the artist lets them go.
    pub on_hold: bool,
    /// In front of everything that waits.
    pub next: bool,
}

/// Queues everything that holds a workflow, as one batch. Doing it twice with the same batch id
/// queues nothing twice.
///
/// # Errors
/// When the database cannot be written; then nothing is queued.
pub async fn queue(
    core: &Core,
    batch_id: BatchId,
    looked: Vec<Looked>,
    place: Place,
) -> Result<IntakeReport, StoreError> {
    let now = now_ms();
    let count = looked.iter().filter(|looked| looked.found.is_some()).count();
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    if count == 0 {
        return report(&core.store, &looked).await;
    }
    let (first, last) = core.store.position_bounds().await?;
    let mut items = Vec::with_capacity(looked.len());
    let mut jobs = Vec::new();
    let mut workflows = Vec::new();
    let mut needed = BTreeMap::new();
    let mut entries = BTreeMap::new();
    for looked in &looked {
        let Some(found) = &looked.found else {
            items.push(looked.item(None));
            continue;
        };
        let same = same(&core.store, looked).await?;
        let id = JobId(Uuid::now_v7());
        let index = u32::try_from(jobs.len()).unwrap_or(u32::MAX) + 1;
        let position = if place.next {
            first - f64::from(count) + f64::from(index - 1)
        } else {
            last + f64::from(index)
        };
        needed.insert(&found.needs.digest, &found.needs);
        workflows.push(found.workflow(now));
        entries.insert(&found.hash.0, found.entry(now));
        jobs.push(JobRow {
            id,
            batch_id,
            batch_index: index,
            batch_count: count,
            title: found.title.clone(),
            state: JobState::Held,
            on_hold: place.on_hold || found.on_hold || found.needs_look.is_some(),
            cancel_requested: false,
            asked_back: false,
            position,
            wants_server: None,
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
            thumbs: Vec::new(),
        });
        items.push(IntakeItem { same, ..looked.item(Some(id)) });
    }
    let title = jobs.first().map(|job| job.title.clone()).unwrap_or_default();
    let batch = BatchRow { id: batch_id, title, created_at: now, count };
    let needs: Vec<NeedRow> = needed.into_values().cloned().collect();
    let entries: Vec<NewEntry> = entries.into_values().collect();
    let events: Vec<JobEventRow> = jobs.iter().flat_map(|job| added(job, now)).collect();
    let new = NewBatch {
        batch: &batch,
        workflows: &workflows,
        needs: &needs,
        entries: &entries,
        sheet: None,
        jobs: &jobs,
        events: &events,
    };
    if !core.store.add_batch(new).await? {
        // The same submission again: answer with what it made the first time.
        let made = core.store.batch_jobs(batch_id).await?;
        let mut made = made.iter();
        for item in items.iter_mut().filter(|item| item.job_id.is_some()) {
            item.job_id = made.next().map(|job| job.id);
        }
        return Ok(IntakeReport { items, batch_id: Some(batch_id), left_out: 0 });
    }
    core.publish_rows(jobs);
    core.touched.notify_one();
    core.book.wake_all();
    Ok(IntakeReport { items, batch_id: Some(batch_id), left_out: 0 })
}

/// How a job's story begins.
fn added(job: &JobRow, at: i64) -> Vec<JobEventRow> {
    let text = match &job.source {
        Some(source) => format!("Added to the queue from {source}"),
        None => "Added to the queue".to_owned(),
    };
    let mut story = vec![JobEventRow { job_id: job.id, at, text, bad: false }];
    for warning in &job.warnings {
        let text = format!("Held for a look: {warning}");
        story.push(JobEventRow { job_id: job.id, at, text, bad: true });
    }
    story
}

/// The workflow of an earlier job, to be queued once more under its name.
pub fn look_at_stored(stored: &WorkflowRow, job: &JobRow) -> Looked {
    let mut looked = look::stored(&job.title, &stored.prompt, stored.ui_graph.clone());
    if let Some(found) = &mut looked.found {
        found.title.clone_from(&job.title);
        found.source.clone_from(&job.source);
        // What is sent is what was stored, to the letter.
        found.prompt.clone_from(&stored.prompt);
        found.hash.clone_from(&stored.hash);
    }
    looked
}
