//! What came of files and texts that were handed in.

use super::FindingView;
use domain::{BatchId, JobId, JobState, PictureFacts, WorkflowHash};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum IntakeKind {
    /// A workflow as text.
    Workflow,
    /// A picture, video, sound or other file with a workflow inside.
    Carrier,
    /// One job of a queue that Safelight saved.
    SavedJob,
    /// A picture, video or sound without a workflow: it can go into one.
    Input,
    /// Generation settings as other programs write them; no workflow.
    Settings,
    /// Anything else.
    Other,
}

/// Whether a thing can be queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Standing {
    /// It can run.
    Ready,
    /// It holds a workflow, but no server can run it as it is, or something about it is uncertain.
    /// It is queued on hold.
    NeedsLook,
    /// A picture, video or sound that a workflow handed in with it asks for: it goes into that one.
    TakenAlong,
    /// It was drawn, and no server has said yet which nodes it has: it is kept, and queued then.
    Waits,
    /// It holds no workflow that can be queued.
    Refused,
}

/// The same workflow with the same values, run or queued before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct SameView {
    /// How many jobs there are of it.
    pub count: u32,
    /// The newest of them.
    pub job_id: JobId,
    /// Its state.
    pub state: JobState,
    /// When it was added.
    #[ts(type = "number")]
    pub at: i64,
}

/// What came of one file or text that was handed in.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct IntakeItem {
    /// The file's name, or "Pasted text".
    pub name: String,
    /// The file's full path, if it is one.
    pub path: Option<String>,
    /// What it is.
    pub kind: IntakeKind,
    /// The kind of file, as a word in a sentence: PNG, JSON, WebM …
    pub container: String,
    /// Whether it can be queued.
    pub standing: Standing,
    /// A sentence: what it is, or why it cannot be read and what to do.
    pub message: String,
    /// What was not certain when it was read, and what the servers lack. At most 50.
    pub findings: Vec<FindingView>,
    /// The workflow's title.
    pub title: Option<String>,
    /// How many nodes it has.
    pub nodes: Option<u32>,
    /// What the graph, or the settings in the file, say.
    pub facts: Option<PictureFacts>,
    /// The workflow, once it is stored.
    pub workflow: Option<WorkflowHash>,
    /// The same was handed in before.
    pub same: Option<SameView>,
    /// The job that was queued for it.
    pub job_id: Option<JobId>,
}

/// What came of files that were handed in together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct IntakeReport {
    /// One item for each file (those in folders too), in the order given.
    pub items: Vec<IntakeItem>,
    /// Files that were not looked at, because they were too many at once.
    pub left_out: u32,
    /// The batch that was queued, if anything could be; the first, where it was done in parts.
    pub batch_id: Option<BatchId>,
    /// Where it was done in parts and broken off: what is not queued.
    pub cut_off: Option<CutOff>,
}

/// The end of what is done in parts, where it was not all: everything before it is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CutOff {
    /// How many things nothing was done with.
    pub left: u32,
    /// Why, as a sentence; nothing if the artist stopped it.
    pub why: Option<String>,
}

/// What is done with a file of the watched folder once it is in the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AfterWatch {
    /// It stays.
    #[default]
    Leave,
    /// It goes into the folder `queued` beside it.
    Move,
    /// It goes into the system's bin.
    Bin,
}

/// The watched folder: what is put there is queued.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct WatchView {
    /// Its path; nothing is watched without one.
    pub folder: Option<String>,
    /// What is done with a file afterwards.
    pub after: AfterWatch,
    /// What is in the way, in a sentence.
    pub trouble: Option<String>,
    /// Files taken since the start of the app.
    pub taken: u32,
}
