//! Intake: what files and texts hold, in a sentence each, and jobs made from those that hold a
//! workflow.

mod add;
mod beside;
mod folders;
pub mod look;
mod pictures;
mod waiting;

pub use add::{NewJobs, Place, add};
pub use folders::{Files, MAX_FILES, files_in, files_up_to};
pub use pictures::one_a_picture;
pub use waiting::take_up;

use crate::{
    checks::Shelves,
    core::Core,
    time::now_ms,
    view::{FindingView, IntakeItem, IntakeKind, IntakeReport, SameView, Standing},
};
use domain::{BatchId, JobId, PictureFacts, WorkflowHash};
use std::path::PathBuf;
use store::{BasePatch, JobRow, NeedRow, NewEntry, Store, StoreError, WorkflowRow};
use waiting::Waiting;

/// What a workflow in the editor's form needs first.
pub(crate) const NEEDS_SERVER: &str = "This workflow is in the form that ComfyUI's editor saves. To turn it into what runs, Safelight must once have heard from a server which nodes it has. Connect a server (or start the practice engine) and hand it in again.";
/// How many workflows are put into the library at a time.
const CATCH_UP: u32 = 500;

/// Reads files without holding up anything else, to queue them: what their workflows ask for is taken
/// along.
///
/// # Errors
/// A sentence when reading stopped, which is a fault of ours.
pub async fn look_at_files(core: &Core, paths: Vec<PathBuf>) -> Result<Vec<Looked>, String> {
    let known = Shelves::of(core);
    tokio::task::spawn_blocking(move || look::files(&paths, &known.read(), true))
        .await
        .map_err(|error| error.to_string())
}

/// A workflow that was read and can be queued.
#[derive(Clone)]
pub struct Found {
    /// Its text; empty where it is stored as a patch.
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
    /// What tells its prompt from all others.
    pub fn hash(&self) -> &WorkflowHash {
        &self.hash
    }

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
    /// The name of the workflow handed in with it that asks for it.
    goes_into: Option<String>,
    found: Option<Found>,
    /// What was drawn, where no server has said yet how to read it.
    waits: Option<Waiting>,
}

impl Looked {
    /// What was taken along for it, for the job's story.
    fn taken_along(&self) -> Vec<String> {
        let taken = self.findings.iter().filter(|found| found.kind == beside::TAKEN_ALONG);
        taken.map(|found| found.text.clone()).collect()
    }

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
                (None, _) if self.goes_into.is_some() => Standing::TakenAlong,
                (None, _) if self.waits.is_some() => Standing::Waits,
                (None, _) => Standing::Refused,
            },
            message: match &self.goes_into {
                Some(workflow) => format!("It goes into {workflow}, which asks for it."),
                None => look.unwrap_or(&self.message).clone(),
            },
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
    Ok(waiting::not_kept(report, NEEDS_SERVER))
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
    // First, so that nothing that is said to be kept is not.
    let kept = waiting::keep(&core.data, batch_id, &looked, place);
    let told = |report: IntakeReport| match &kept {
        Ok(()) => report,
        Err(why) => waiting::not_kept(report, why),
    };
    let found: Vec<&Found> = looked.iter().filter_map(|looked| looked.found.as_ref()).collect();
    let Some(first) = found.first() else {
        return Ok(told(report(&core.store, &looked).await?));
    };
    let mut before = Vec::with_capacity(looked.len());
    for looked in &looked {
        before.push(same(&core.store, looked).await?);
    }
    let taken: Vec<Vec<String>> =
        looked.iter().filter(|looked| looked.found.is_some()).map(Looked::taken_along).collect();
    let title = &first.title;
    let (base, sheet) = (None, None);
    let batch = NewJobs { batch_id, title, found: &found, told: &taken, place, base, sheet };
    let jobs = add(core, batch).await?;
    let mut ids = jobs.ids().iter();
    let items = looked
        .iter()
        .zip(before)
        .map(|(looked, same)| match &looked.found {
            Some(_) => IntakeItem { same, ..looked.item(ids.next().copied()) },
            None => looked.item(None),
        })
        .collect();
    Ok(told(IntakeReport { items, batch_id: Some(batch_id), ..IntakeReport::default() }))
}

/// A stored workflow, to be queued once more under its name.
pub fn look_at_stored(stored: &WorkflowRow) -> Looked {
    let mut looked = look::stored(&stored.title, &stored.prompt, stored.ui_graph.clone());
    if let Some(found) = &mut looked.found {
        found.title.clone_from(&stored.title);
        found.source.clone_from(&stored.source);
        // What is sent is what was stored, to the letter.
        found.prompt.clone_from(&stored.prompt);
        found.hash.clone_from(&stored.hash);
    }
    looked
}
