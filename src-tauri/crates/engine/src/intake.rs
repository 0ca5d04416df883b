//! Intake: what files and texts hold, in a sentence each, and jobs made from those that hold a
//! workflow.

use crate::{
    core::Core,
    matching, queue_file,
    time::now_ms,
    view::{IntakeItem, IntakeKind, IntakeReport, Standing},
};
use domain::{BatchId, JobId, JobState, PictureFacts, WorkflowHash};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{Cursor, Read},
    path::{Path, PathBuf},
};
use store::{BatchRow, JobEventRow, JobRow, NeedRow, NewBatch, StoreError, WorkflowRow};
use uuid::Uuid;

/// The most files taken at once.
pub const MAX_FILES: usize = 2_000;
/// How much of a file tells what it is.
const HEAD: usize = 4_096;

/// A workflow that was read and can be queued.
pub struct Found {
    prompt: String,
    ui_graph: Option<String>,
    hash: WorkflowHash,
    title: String,
    nodes: u32,
    facts: PictureFacts,
    shape: String,
    needs: NeedRow,
    pixels: Option<f64>,
    source: Option<String>,
    on_hold: bool,
}

/// What came of reading one thing.
pub struct Looked {
    name: String,
    message: String,
    found: Option<Found>,
}

impl Looked {
    fn no(name: &str, message: impl Into<String>) -> Self {
        Self { name: name.to_owned(), message: message.into(), found: None }
    }

    fn item(&self, job_id: Option<JobId>) -> IntakeItem {
        let found = self.found.as_ref();
        IntakeItem {
            name: self.name.clone(),
            path: None,
            kind: if found.is_some() { IntakeKind::Workflow } else { IntakeKind::Other },
            container: String::new(),
            standing: if found.is_some() { Standing::Ready } else { Standing::Refused },
            message: self.message.clone(),
            findings: Vec::new(),
            title: found.map(|found| found.title.clone()),
            nodes: found.map(|found| found.nodes),
            facts: found.map(|found| found.facts.clone()),
            workflow: found.map(|found| found.hash.clone()),
            same: None,
            job_id,
        }
    }
}

/// Reads files; blocking. Each is answered for by itself.
pub fn look_at_files(paths: &[PathBuf]) -> Vec<Looked> {
    let mut all = Vec::with_capacity(paths.len());
    for path in paths {
        match saved_queue(path) {
            Some(jobs) => all.extend(jobs),
            None => all.push(look_at_file(path)),
        }
    }
    all
}

/// The jobs of a saved queue, if the file is one.
fn saved_queue(path: &Path) -> Option<Vec<Looked>> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let head = path.is_file().then(|| head_of(path).ok()).flatten()?;
    if !queue_file::is_one(&head) {
        return None;
    }
    let jobs = match queue_file::read(path) {
        Ok(jobs) => jobs,
        Err(why) => return Some(vec![Looked::no(&name, why)]),
    };
    let looked = jobs.into_iter().map(|job| {
        let mut looked = look_at_json(&job.title, job.prompt.as_bytes(), job.workflow, None);
        if let Some(found) = &mut looked.found {
            found.title = job.title;
            found.source = job.source;
            found.on_hold = job.on_hold;
        }
        looked
    });
    Some(looked.collect())
}

/// A job's workflow replaced by another prompt: the workflow, and the job with what follows from it.
///
/// # Errors
/// A sentence about what is wrong with the prompt.
pub fn edited(job: &JobRow, prompt: &str) -> Result<(WorkflowRow, JobRow, NeedRow), String> {
    let looked = look_at_json(&job.title, prompt.as_bytes(), None, None);
    let Some(found) = looked.found else { return Err(looked.message) };
    let workflow = WorkflowRow {
        hash: found.hash.clone(),
        prompt: found.prompt,
        // The editor's graph is that of the old prompt.
        ui_graph: found.ui_graph,
        title: job.title.clone(),
        source: job.source.clone(),
        created_at: now_ms(),
    };
    let edited = JobRow {
        workflow: found.hash,
        facts: found.facts,
        node_count: found.nodes,
        shape: Some(found.shape),
        needs: Some(found.needs.digest.clone()),
        pixels: found.pixels,
        ..job.clone()
    };
    Ok((workflow, edited, found.needs))
}

fn look_at_file(path: &Path) -> Looked {
    let name = path
        .file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let meta = match std::fs::metadata(path) {
        Ok(meta) => meta,
        Err(error) => return Looked::no(&name, format!("The file cannot be opened: {error}.")),
    };
    if meta.is_dir() {
        return Looked::no(&name, "This is a folder. Drop the files in it instead.");
    }
    let head = match head_of(path) {
        Ok(head) if head.is_empty() => return Looked::no(&name, "The file is empty."),
        Ok(head) => head,
        Err(error) => return Looked::no(&name, format!("The file cannot be read: {error}.")),
    };
    let extension = path.extension().and_then(|extension| extension.to_str());
    let container = media::recognise(&head, extension);
    if matches!(
        container,
        media::Container::Json | media::Container::Text | media::Container::Unknown
    ) && !head.contains(&0)
    {
        return look_at_json_file(path, &name, meta.len());
    }
    let embedded = match media::embedded(path) {
        Ok((_, embedded)) => embedded,
        Err(error) => return Looked::no(&name, error.to_string()),
    };
    if let Some(prompt) = embedded.prompt {
        return look_at_json(&name, prompt.as_bytes(), embedded.workflow, Some(path));
    }
    let what = container.name();
    Looked::no(
        &name,
        if embedded.workflow.is_some() {
            format!(
                "This {what} holds a workflow in ComfyUI's editor format only, which Safelight does not read yet. In ComfyUI, open it and choose Export (API)."
            )
        } else if embedded.parameters.is_some() {
            format!("This {what} holds generation settings as text, but no ComfyUI workflow.")
        } else if container == media::Container::Png {
            "This PNG holds no workflow. ComfyUI writes it into pictures unless it runs with --disable-metadata; programs that edit or send pictures often remove it.".to_owned()
        } else if container == media::Container::Unknown {
            "Safelight does not know this kind of file. Drop a workflow saved as JSON (API format) or a PNG that ComfyUI made.".to_owned()
        } else {
            format!(
                "This is a {what} file. Safelight does not read workflows out of {what} files yet."
            )
        },
    )
}

fn head_of(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD);
    File::open(path)?.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

fn look_at_json_file(path: &Path, name: &str, size: u64) -> Looked {
    let limit = workflow::MAX_WORKFLOW_BYTES as u64;
    if size > limit {
        return Looked::no(
            name,
            format!(
                "The file has {} MB; a workflow may have {} MB at most. Is it another kind of file?",
                size >> 20,
                limit >> 20
            ),
        );
    }
    let mut text = Vec::new();
    // The file may grow while it is read.
    match File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut text)) {
        Ok(_) => look_at_json(name, &text, None, Some(path)),
        Err(error) => Looked::no(name, format!("The file cannot be read: {error}.")),
    }
}

/// Reads a text that should be a workflow.
pub fn look_at_text(text: &str) -> Looked {
    look_at_json("Pasted text", text.as_bytes(), None, None)
}

/// Reads the bytes of a pasted file.
pub fn look_at_bytes(name: &str, bytes: &[u8]) -> Looked {
    let head = &bytes[..bytes.len().min(HEAD)];
    let container = media::recognise(head, name.rsplit_once('.').map(|(_, extension)| extension));
    match container {
        media::Container::Png | media::Container::Apng => {
            match media::png_texts(Cursor::new(bytes)) {
                Ok(texts) => {
                    let text = |key: &str| {
                        texts
                            .texts
                            .iter()
                            .find(|(name, _)| name == key)
                            .map(|(_, text)| text.clone())
                    };
                    match text("prompt") {
                        Some(prompt) => {
                            look_at_json(name, prompt.as_bytes(), text("workflow"), None)
                        }
                        None => Looked::no(
                            name,
                            "This picture holds no workflow. Most programs remove it when they copy a picture; drop the file itself instead.",
                        ),
                    }
                }
                Err(error) => Looked::no(name, error.to_string()),
            }
        }
        media::Container::Json | media::Container::Text => look_at_json(name, bytes, None, None),
        other => Looked::no(
            name,
            format!(
                "This is a {} file. Safelight does not read workflows out of those yet.",
                other.name()
            ),
        ),
    }
}

fn look_at_json(name: &str, text: &[u8], workflow: Option<String>, path: Option<&Path>) -> Looked {
    let (prompt, graph) = match workflow::read(text).and_then(workflow::Read::as_it_runs) {
        Ok(read) => read,
        Err(error) => return Looked::no(name, error.to_string()),
    };
    let plan = workflow::plan(&prompt, None, None);
    let nodes = u32::try_from(plan.nodes.len()).unwrap_or(u32::MAX);
    let facts =
        plan.nodes.last().map(|node| workflow::facts(&prompt, &node.id)).unwrap_or_default();
    let stem = path.and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned());
    Looked {
        name: name.to_owned(),
        message: format!("A workflow of {nodes} node{}", if nodes == 1 { "" } else { "s" }),
        found: Some(Found {
            title: workflow::title_for(&prompt, stem.as_deref()),
            hash: prompt.hash(),
            prompt: prompt.text().to_owned(),
            ui_graph: graph.or(workflow),
            nodes,
            facts,
            shape: workflow::shape(&prompt),
            needs: matching::row_of(&workflow::needs(&prompt)),
            pixels: workflow::pixels(&prompt),
            on_hold: false,
            source: path.map(|path| path.display().to_string()),
        }),
    }
}

/// What was found, without queueing anything.
pub fn report(looked: &[Looked]) -> IntakeReport {
    IntakeReport {
        items: looked.iter().map(|looked| looked.item(None)).collect(),
        ..IntakeReport::default()
    }
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
        return Ok(report(&looked));
    }
    let (first, last) = core.store.position_bounds().await?;
    let mut items = Vec::with_capacity(looked.len());
    let mut jobs = Vec::new();
    let mut workflows = Vec::new();
    let mut needed = BTreeMap::new();
    for looked in &looked {
        let Some(found) = &looked.found else {
            items.push(looked.item(None));
            continue;
        };
        let id = JobId(Uuid::now_v7());
        let index = u32::try_from(jobs.len()).unwrap_or(u32::MAX) + 1;
        let position = if place.next {
            first - f64::from(count) + f64::from(index - 1)
        } else {
            last + f64::from(index)
        };
        needed.insert(&found.needs.digest, &found.needs);
        workflows.push(WorkflowRow {
            hash: found.hash.clone(),
            prompt: found.prompt.clone(),
            ui_graph: found.ui_graph.clone(),
            title: found.title.clone(),
            source: found.source.clone(),
            created_at: now,
        });
        jobs.push(JobRow {
            id,
            batch_id,
            batch_index: index,
            batch_count: count,
            title: found.title.clone(),
            state: JobState::Held,
            on_hold: place.on_hold || found.on_hold,
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
            source: found.source.clone(),
            facts: found.facts.clone(),
            node_count: found.nodes,
            trouble: None,
            warnings: Vec::new(),
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
        items.push(looked.item(Some(id)));
    }
    let title = jobs.first().map(|job| job.title.clone()).unwrap_or_default();
    let batch = BatchRow { id: batch_id, title, created_at: now, count };
    let needs: Vec<NeedRow> = needed.into_values().cloned().collect();
    let events: Vec<JobEventRow> = jobs.iter().map(|job| added(job, now)).collect();
    let new = NewBatch {
        batch: &batch,
        workflows: &workflows,
        needs: &needs,
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
fn added(job: &JobRow, at: i64) -> JobEventRow {
    let text = match &job.source {
        Some(source) => format!("Added to the queue from {source}"),
        None => "Added to the queue".to_owned(),
    };
    JobEventRow { job_id: job.id, at, text, bad: false }
}

/// The workflow of an earlier job, to be queued once more under its name.
pub fn look_at_stored(stored: &WorkflowRow, job: &JobRow) -> Looked {
    let mut looked =
        look_at_json(&job.title, stored.prompt.as_bytes(), stored.ui_graph.clone(), None);
    if let Some(found) = &mut looked.found {
        found.title.clone_from(&job.title);
        found.source.clone_from(&job.source);
        // What is sent is what was stored, to the letter.
        found.prompt.clone_from(&stored.prompt);
        found.hash.clone_from(&stored.hash);
    }
    looked
}
