//! Workflows in the editor's form that were handed in before any server had said which nodes it has: kept
//! on disk, one file a submission, and queued when the first server says so.

use super::{Looked, Place, look, queue};
use crate::{
    checks::Shelves,
    commands::write_whole,
    core::Core,
    view::{IntakeReport, Standing},
};
use domain::{BatchId, ServerId};
use serde::{Deserialize, Serialize};
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// The folder, below the data folder.
const FOLDER: &str = "waiting";
/// The most submissions that wait. Each is bounded by what a submission may be.
const MOST: usize = 10_000;

/// What a submission left to be queued.
#[derive(Serialize, Deserialize)]
struct Submission {
    /// The batch it becomes: drawn once, so that it is queued once.
    batch: BatchId,
    on_hold: bool,
    next: bool,
    server: Option<ServerId>,
    graphs: Vec<Waiting>,
}

/// One workflow.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Waiting {
    /// The file's name.
    pub name: String,
    /// Where it was.
    pub path: Option<PathBuf>,
    /// What was drawn.
    pub graph: String,
}

/// Keeps what waits of a submission; the same submission again changes nothing. Blocking.
///
/// # Errors
/// A sentence: nothing is kept then.
pub fn keep(data: &Path, id: BatchId, looked: &[Looked], place: Place) -> Result<(), String> {
    let graphs: Vec<Waiting> = looked.iter().filter_map(|looked| looked.waits.clone()).collect();
    let folder = data.join(FOLDER);
    let path = folder.join(format!("{id}.json"));
    if graphs.is_empty() || path.is_file() {
        return Ok(());
    }
    fs::create_dir_all(&folder)
        .map_err(|error| format!("{} cannot be made: {error}.", folder.display()))?;
    if files(data).len() >= MOST {
        return Err(format!(
            "{MOST} submissions wait for a server already. Connect one, or start the practice engine."
        ));
    }
    let Place { on_hold, next, server } = place;
    let submission = Submission { batch: BatchId(Uuid::now_v7()), on_hold, next, server, graphs };
    let text = serde_json::to_string(&submission).map_err(|error| error.to_string())?;
    write_whole(&path, text.as_bytes())
}

/// Queues all that waits, and tells the page what came of it. A submission is forgotten only when its jobs
/// are stored.
pub async fn take_up(core: &Core) {
    for path in files(&core.data) {
        match take_up_one(core, &path).await {
            Ok(Some(report)) => core.hub.announce(report),
            Ok(None) => {}
            Err(why) => {
                tracing::error!(%why, path = %path.display(), "what waited for a server cannot be queued");
            }
        }
    }
}

async fn take_up_one(core: &Core, path: &Path) -> Result<Option<IntakeReport>, String> {
    let shelves = Shelves::of(core);
    let from = path.to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let text = fs::read(&from).map_err(|error| error.to_string())?;
        let submission: Submission =
            serde_json::from_slice(&text).map_err(|error| error.to_string())?;
        let shelf = shelves.read();
        let looked: Vec<Looked> =
            submission.graphs.iter().map(|waiting| look::waited(waiting, &shelf)).collect();
        Ok::<_, String>((submission, looked))
    });
    let (submission, looked) = read.await.map_err(|error| error.to_string())??;
    if looked.iter().any(|looked| looked.waits.is_some()) {
        // What a server says cannot be read from our disk yet.
        return Ok(None);
    }
    let Submission { batch, on_hold, next, server, .. } = submission;
    let place = Place { on_hold, next, server };
    let report = queue(core, batch, looked, place).await.map_err(|error| error.to_string())?;
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.to_string()),
        _ => Ok(Some(report)),
    }
}

/// The submissions, oldest first.
fn files(data: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(data.join(FOLDER)).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = found
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    // Ids are in the order of time.
    files.sort();
    files
}

/// As an item that is refused, where nothing is kept of it.
pub fn not_kept(mut report: IntakeReport, why: &str) -> IntakeReport {
    for item in report.items.iter_mut().filter(|item| item.standing == Standing::Waits) {
        item.standing = Standing::Refused;
        why.clone_into(&mut item.message);
    }
    report
}
