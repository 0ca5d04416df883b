//! Jobs, as lists and the page of one job show them.

use super::{AssetKind, AssetView};
use domain::{AssetId, BatchId, JobId, JobState, PictureFacts, ServerId, Trouble, WorkflowHash};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An output as it is shown with its job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct JobOutput {
    /// The output.
    pub id: AssetId,
    /// What it is.
    pub kind: AssetKind,
}

/// A job as lists show it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct JobView {
    /// Its id, also its `prompt_id` at the server.
    pub id: JobId,
    /// The submission it belongs to.
    pub batch_id: BatchId,
    /// The artist's name for that submission.
    pub batch_name: Option<String>,
    /// Whether that submission is a sweep, with a sheet.
    pub sheet: bool,
    /// Its place within the batch, from 1.
    pub batch_index: u32,
    /// How many jobs the batch has.
    pub batch_count: u32,
    /// A readable name.
    pub title: String,
    /// Where it is in its life.
    pub state: JobState,
    /// Whether the artist holds it back. Only a job in state `held` can be on hold.
    pub on_hold: bool,
    /// Whether the artist asked to cancel it and the server has not confirmed yet.
    pub cancel_requested: bool,
    /// Its place in the queue among all jobs: lower comes first. Not dense.
    pub position: f64,
    /// The server it must run on, if the artist chose one.
    pub wants_server: Option<ServerId>,
    /// The server that has it or had it.
    pub server_id: Option<ServerId>,
    /// When it was added.
    #[ts(type = "number")]
    pub created_at: i64,
    /// When the server began it.
    #[ts(type = "number | null")]
    pub started_at: Option<i64>,
    /// When it ended.
    #[ts(type = "number | null")]
    pub ended_at: Option<i64>,
    /// The workflow it runs.
    pub workflow: WorkflowHash,
    /// The file it came from, if it came from a file.
    pub source: Option<String>,
    /// The facts of its first output, as far as the graph says them before it has run.
    pub facts: PictureFacts,
    /// How many nodes will run.
    pub node_count: u32,
    /// What went wrong, or what keeps it from going on.
    pub trouble: Option<Trouble>,
    /// Sentences about parts of the workflow that the server dropped.
    pub warnings: Vec<String>,
    /// Up to four of its outputs. The last one stands for it: the newest, rather one with a picture.
    pub newest: Vec<JobOutput>,
    /// How many outputs it has.
    pub asset_count: u32,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// The job this one tries again.
    pub retry_of: Option<JobId>,
    /// The job that tries this one again.
    pub retried_by: Option<JobId>,
    /// Whether the server it ran on draws practice pictures.
    pub practice: bool,
    /// Whether the artist has seen how it ended. Failures stay until seen.
    pub seen: bool,
    /// What a server must have to run it; see [`WaitView`].
    pub needs: Option<String>,
    /// It is not sent before this time: the artist chose one, or it waits to be tried again. A time
    /// that has passed means nothing.
    #[ts(type = "number | null")]
    pub start_at: Option<i64>,
}

/// The state of one node in one job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum NodeState {
    /// Not reached yet.
    Waiting,
    /// The server had its result from an earlier run.
    Cached,
    /// Running now.
    Running,
    /// Done.
    Done,
    /// It failed, or the run was stopped in it.
    Failed,
}

/// One node of a job.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct NodeView {
    /// Its id in the prompt.
    pub id: String,
    /// The artist's title for it, else the name of its class.
    pub title: String,
    /// Its class.
    pub class: String,
    /// Its state.
    pub state: NodeState,
    /// Steps done, if the node reports steps. Absent: it reports none.
    pub value: Option<f64>,
    /// Steps in all, if the node reports steps.
    pub max: Option<f64>,
    /// When it was first seen running.
    #[ts(type = "number | null")]
    pub started_at: Option<i64>,
    /// When it was done.
    #[ts(type = "number | null")]
    pub ended_at: Option<i64>,
    /// Nodes the server made while running this one.
    pub made: u32,
}

/// How far a job is, from the server's events alone.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ProgressView {
    /// Share of the work done, 0 to 1. It never goes back, and is 1 only on success.
    pub share: f64,
    /// Whether steps and nodes are counted because nothing is known of earlier runs. Else each node
    /// weighs what it took before.
    pub rough: bool,
    /// Nodes in the order they are planned to run.
    pub nodes: Vec<NodeView>,
    /// Nodes done or cached.
    pub nodes_done: u32,
    /// Steps done over all nodes that report steps.
    pub steps_done: f64,
    /// Steps in all, as far as known (a node's `steps` input counts before it begins).
    pub steps_total: f64,
    /// Whether events arrive live. False: the job is followed by asking, and the page says so.
    pub live: bool,
    /// What is left, from earlier runs on this server; nothing without them.
    pub left: Option<LeftView>,
    /// When the server last said anything about it, if it runs and events arrive live.
    #[ts(type = "number | null")]
    pub heard_at: Option<i64>,
}

/// What is left of a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct LeftView {
    /// Milliseconds, at `at`.
    pub ms: f64,
    /// How many earlier runs it rests on.
    pub runs: u32,
    /// Whether a node has taken longer than it ever did: then nobody knows.
    pub late: bool,
    /// When that was so.
    #[ts(type = "number")]
    pub at: i64,
}

/// Where a job is in its server's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PlaceView {
    /// Jobs before it, the running ones included.
    pub ahead: u32,
    /// How many of these are other clients'.
    pub others: u32,
}

/// A preview that was kept: how the picture developed.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct KeptPreview {
    /// Number within the job; the picture is at `preview/<job>?rev=<rev>`.
    pub rev: u32,
    /// The step it showed, if the node said one.
    pub step: Option<f64>,
    /// The title of the node that sent it.
    pub node_title: String,
}

/// One line of what happened to a job.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct JobEventView {
    /// When.
    #[ts(type = "number")]
    pub at: i64,
    /// A sentence.
    pub text: String,
    /// Whether it is bad news.
    pub bad: bool,
}

/// Everything about one job.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct JobDetail {
    /// The job.
    pub job: JobView,
    /// Its progress: live, or as it was at the end.
    pub progress: ProgressView,
    /// What happened, newest first.
    pub events: Vec<JobEventView>,
    /// Its outputs.
    pub assets: Vec<AssetView>,
    /// Previews kept of its run, the first one first; none of runs long ago.
    pub previews: Vec<KeptPreview>,
    /// Other pictures of the same workflow, newest first, at most 12.
    pub siblings: Vec<AssetView>,
}
