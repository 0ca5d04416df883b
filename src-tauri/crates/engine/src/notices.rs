//! What is worth a system notification, and what the tray shows.

use domain::{BatchId, JobId};
use std::path::PathBuf;

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// All jobs of a batch are over: of one that has several, whatever came of them; of a single
    /// one, if it succeeded.
    BatchDone {
        /// How many succeeded.
        done: usize,
        /// How many failed or were lost.
        failed: usize,
    },
    /// A job alone failed, or was lost for good; or one of a batch whose rest is held since.
    Failed,
    /// A job runs, and nothing is heard of it.
    Quiet,
}

/// One notice. The engine sends each exactly once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The batch.
    pub batch: BatchId,
    /// The job that ended last, or failed.
    pub job: JobId,
    /// What it is about.
    pub kind: NoticeKind,
    /// A short title.
    pub title: String,
    /// A sentence.
    pub body: String,
    /// A picture to show with it.
    pub picture: Option<PathBuf>,
}

/// The sentence under a finished batch.
pub(crate) fn body(outputs: u32, failed: usize) -> String {
    let outputs = match outputs {
        0 => "No files came out".to_owned(),
        1 => "1 output".to_owned(),
        n => format!("{n} outputs"),
    };
    if failed == 0 { outputs } else { format!("{outputs}, {failed} failed") }
}

/// What the tray's lamp shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lamp {
    /// Nothing runs.
    #[default]
    Idle,
    /// Something is developing.
    Developing,
    /// Nothing runs, and something failed or is in the way.
    Trouble,
}

/// What the tray shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// The lamp.
    pub lamp: Lamp,
    /// Whether the queue is paused.
    pub paused: bool,
    /// Jobs waiting.
    pub waiting: u32,
    /// Running jobs: id, title, share done.
    pub running: Vec<(JobId, String, f64)>,
}
