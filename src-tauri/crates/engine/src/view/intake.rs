//! What came of files and texts that were handed in.

use domain::{BatchId, JobId, PictureFacts};
use serde::Serialize;
use ts_rs::TS;

/// What came of one file or text that was handed in.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct IntakeItem {
    /// The file's name, or "Pasted text".
    pub name: String,
    /// Whether it holds a workflow that can be queued.
    pub ok: bool,
    /// A sentence: what it is, or why it cannot be read and what to do.
    pub message: String,
    /// The workflow's title.
    pub title: Option<String>,
    /// How many nodes it has.
    pub nodes: Option<u32>,
    /// What the graph says.
    pub facts: Option<PictureFacts>,
    /// The job that was queued for it.
    pub job_id: Option<JobId>,
}

/// What came of files that were handed in together.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct IntakeReport {
    /// One item for each file, in the order given.
    pub items: Vec<IntakeItem>,
    /// The batch that was queued, if anything could be.
    pub batch_id: Option<BatchId>,
}
