//! Intake commands.

use super::parts::Parts;
use crate::{
    Engine,
    checks::Shelves,
    intake::{self, Looked, Place, look},
    view::{
        AfterWatch, CommandError, CommandErrorCode, IntakeItem, IntakeKind, IntakeReport, Standing,
        WatchView, WorkKind,
    },
};
use domain::{BatchId, WorkflowHash};
use std::path::PathBuf;
use store::WorkflowRow;
use uuid::Uuid;

/// Jobs that are queued together, where there are many: all of them or none.
pub(super) const QUEUED_PART: usize = 500;
/// The most files that one workflow is run over at once.
const MOST_PICTURES: usize = 50_000;
/// The most that is fetched from a link.
const LARGEST_LINK: usize = 256 << 20;

/// Files to queue.
#[derive(Clone, Debug)]
pub struct SubmitPaths {
    /// The submission's id, made by whoever asks: the same id queues nothing twice.
    pub batch_id: BatchId,
    /// The files; folders stand for the files in them.
    pub paths: Vec<PathBuf>,
    /// Hold the jobs back.
    pub on_hold: bool,
    /// Put them in front of everything that waits.
    pub next: bool,
}

/// One workflow over many files.
#[derive(Clone, Debug)]
pub struct SubmitPictures {
    /// The submission's id.
    pub batch_id: BatchId,
    /// Pictures, videos or sounds; folders stand for the files in them.
    pub paths: Vec<PathBuf>,
    /// The workflow.
    pub workflow: WorkflowHash,
    /// The node that loads a file.
    pub node: String,
    /// Its input that names the file.
    pub input: String,
    /// Hold the jobs back.
    pub on_hold: bool,
}

impl Engine {
    /// Reads files and says what they are. Queues nothing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn intake_inspect(&self, paths: Vec<PathBuf>) -> Result<IntakeReport, CommandError> {
        let (looked, missed) = self.look(paths, false).await?;
        Ok(missed.told(intake::report(&self.core().store, &looked).await?))
    }

    /// Queues all files that hold a workflow, as one batch.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn intake_submit(&self, submit: SubmitPaths) -> Result<IntakeReport, CommandError> {
        let (looked, missed) = self.look(submit.paths, true).await?;
        let place = Place { on_hold: submit.on_hold, next: submit.next, ..Place::default() };
        Ok(missed.told(intake::queue(self.core(), submit.batch_id, looked, place).await?))
    }

    /// Keeps all files that hold a workflow in the library, without queueing them.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn intake_save(&self, paths: Vec<PathBuf>) -> Result<IntakeReport, CommandError> {
        let (looked, missed) = self.look(paths, true).await?;
        Ok(missed.told(intake::keep(self.core(), &looked).await?))
    }

    /// Queues one job a picture, video or sound. Many are queued in parts, a batch each; doing it twice
    /// with the same batch id queues nothing twice.
    ///
    /// # Errors
    /// When the workflow or its input is not there, or the database cannot be written before anything
    /// is queued.
    pub async fn intake_pictures(
        &self,
        submit: SubmitPictures,
    ) -> Result<IntakeReport, CommandError> {
        let core = self.core();
        let SubmitPictures { batch_id, paths, workflow, node, input, on_hold } = submit;
        let stored = core.workflow(&workflow).await?;
        let stored = stored.ok_or_else(|| CommandError::not_found("The workflow"))?;
        let files = blocking(move || intake::files_up_to(MOST_PICTURES, &paths)).await?;
        let place = Place { on_hold, ..Place::default() };
        let of = files.paths.len();
        let title = format!("Queueing {of} files into {}", stored.title);
        let mut parts = Parts::begin(core, WorkKind::Queue, title, of, QUEUED_PART);
        let mut report = IntakeReport::default();
        // Of none, too, it is asked whether the workflow has that input.
        let rest = files.paths.chunks(QUEUED_PART).skip(1);
        let first = files.paths.get(..QUEUED_PART).unwrap_or(&files.paths);
        for (part, paths) in std::iter::once(first).chain(rest).enumerate() {
            if !parts.go_on() {
                break;
            }
            let into = (stored.clone(), node.clone(), input.clone());
            let queued = self.pictures_part(paths, part_of(batch_id, part), into, place).await;
            if let Some(queued) = parts.take(paths.len(), queued) {
                join(&mut report, queued);
            }
        }
        report.cut_off = parts.end()?;
        Ok(Missed::of(files).told(report))
    }

    async fn pictures_part(
        &self,
        paths: &[PathBuf],
        batch_id: BatchId,
        (workflow, node, input): (WorkflowRow, String, String),
        place: Place,
    ) -> Result<IntakeReport, CommandError> {
        let core = self.core();
        let (inputs, paths) = (core.inputs.clone(), paths.to_owned());
        let make = move || intake::one_a_picture(&workflow, &node, &input, &paths, &inputs);
        let looked = blocking(make).await?;
        let looked = looked.map_err(|why| CommandError::new(CommandErrorCode::BadInput, why))?;
        Ok(intake::queue(core, batch_id, looked, place).await?)
    }

    /// Queues the workflow in a pasted text.
    ///
    /// # Errors
    /// When the text is too long, or the database cannot be written.
    pub async fn intake_text(
        &self,
        batch_id: BatchId,
        text: String,
        on_hold: bool,
    ) -> Result<IntakeReport, CommandError> {
        let shelves = Shelves::of(self.core());
        let looked = blocking(move || vec![look::text(&text, &shelves.read())]).await?;
        let place = Place { on_hold, ..Place::default() };
        Ok(intake::queue(self.core(), batch_id, looked, place).await?)
    }

    /// Queues the workflow in a pasted file.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn intake_bytes(
        &self,
        batch_id: BatchId,
        name: String,
        bytes: Vec<u8>,
    ) -> Result<IntakeReport, CommandError> {
        self.take_bytes(batch_id, name, bytes, Place::default()).await
    }

    /// Fetches the file behind a link and queues the workflow in it. The artist was asked before.
    ///
    /// # Errors
    /// When the file cannot be fetched, or the database cannot be written.
    pub async fn intake_link(
        &self,
        batch_id: BatchId,
        url: &str,
        on_hold: bool,
    ) -> Result<IntakeReport, CommandError> {
        let linked = comfy::fetch_link(url, LARGEST_LINK)
            .await
            .map_err(|error| CommandError::new(CommandErrorCode::BadInput, error.to_string()))?;
        let place = Place { on_hold, ..Place::default() };
        self.take_bytes(batch_id, linked.name, linked.bytes, place).await
    }

    async fn take_bytes(
        &self,
        batch_id: BatchId,
        name: String,
        bytes: Vec<u8>,
        place: Place,
    ) -> Result<IntakeReport, CommandError> {
        let shelves = Shelves::of(self.core());
        let looked = blocking(move || vec![look::bytes(&name, &bytes, &shelves.read())]).await?;
        Ok(intake::queue(self.core(), batch_id, looked, place).await?)
    }

    /// Sends an intake report to the page.
    pub fn announce_intake(&self, report: IntakeReport) {
        self.core().hub.announce(report);
    }

    /// The watched folder.
    pub fn watch_get(&self) -> WatchView {
        self.core().watch.view()
    }

    /// Watches another folder, or none.
    ///
    /// # Errors
    /// When the folder cannot be read, or the database cannot be written.
    pub async fn watch_set(
        &self,
        folder: Option<PathBuf>,
        after: AfterWatch,
    ) -> Result<WatchView, CommandError> {
        let watch = &self.core().watch;
        watch
            .set(self.core(), folder, after)
            .await
            .map_err(|why| CommandError::new(CommandErrorCode::BadInput, why))?;
        Ok(watch.view())
    }

    async fn look(
        &self,
        paths: Vec<PathBuf>,
        take: bool,
    ) -> Result<(Vec<Looked>, Missed), CommandError> {
        let shelves = Shelves::of(self.core());
        blocking(move || {
            let files = intake::files_in(&paths);
            let looked = look::files(&files.paths, &shelves.read(), take);
            (looked, Missed::of(files))
        })
        .await
    }
}

/// The batch of a part, by its number: always the same one, so that a part is queued once.
pub(super) fn part_of(batch: BatchId, part: usize) -> BatchId {
    BatchId(Uuid::from_u128(batch.0.as_u128() ^ part as u128))
}

/// Puts what came of a part behind what came of those before it.
pub(super) fn join(report: &mut IntakeReport, part: IntakeReport) {
    report.items.extend(part.items);
    report.batch_id = report.batch_id.or(part.batch_id);
}

/// What was handed in and not looked at.
struct Missed {
    left_out: u32,
    empty: Vec<PathBuf>,
}

impl Missed {
    fn of(files: intake::Files) -> Self {
        Self { left_out: u32::try_from(files.left_out).unwrap_or(u32::MAX), empty: files.empty }
    }

    /// The report, with what was missed in it.
    fn told(self, mut report: IntakeReport) -> IntakeReport {
        report.left_out = self.left_out;
        report.items.extend(self.empty.iter().map(|folder| IntakeItem {
            name: look::name_of(folder),
            path: Some(folder.display().to_string()),
            kind: IntakeKind::Other,
            container: "folder".to_owned(),
            standing: Standing::Refused,
            message: "There are no files in this folder.".to_owned(),
            findings: Vec::new(),
            title: None,
            nodes: None,
            facts: None,
            workflow: None,
            same: None,
            job_id: None,
        }));
        report
    }
}

pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, CommandError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| CommandError {
        code: CommandErrorCode::Internal,
        message: "Reading stopped unexpectedly. Please report this with the file.".to_owned(),
        details: Some(error.to_string()),
        retry: false,
    })
}
