//! The rows, as the engine sees them.

mod columns;

pub(crate) use columns::{
    asset, count, flight, from_json, id, job, job_state, json, maybe_id, node_run, server, shape,
    state_columns,
};

use domain::{AssetId, BatchId, JobId, JobState, PictureFacts, ServerId, Trouble, WorkflowHash};

use crate::{Kind, PlaceState};

/// A workflow, stored once.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkflowRow {
    /// BLAKE3 of the prompt text.
    pub hash: WorkflowHash,
    /// The prompt, as it is sent.
    pub prompt: String,
    /// The editor's graph, if there was one.
    pub ui_graph: Option<String>,
    /// A readable name.
    pub title: String,
    /// The file it came from.
    pub source: Option<String>,
    /// When it was first seen.
    pub created_at: i64,
    /// The workflow that it differs from in values only. It is stored as these, then.
    pub base: Option<BasePatch>,
}

/// A workflow, and the values that make another one of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasePatch {
    /// That workflow. It has no base of its own.
    pub base: WorkflowHash,
    /// The values, as JSON; what is in it is not the store's business.
    pub patch: String,
}

/// What a server must have to run jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedRow {
    /// Jobs of one digest need the same.
    pub digest: String,
    /// The needs as JSON; what is in it is not the store's business.
    pub json: String,
}

/// A submission.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchRow {
    /// Its id.
    pub id: BatchId,
    /// A readable name.
    pub title: String,
    /// When it was made.
    pub created_at: i64,
    /// How many jobs it began with.
    pub count: u32,
}

/// A job.
#[derive(Clone, Debug, PartialEq)]
pub struct JobRow {
    /// Its id.
    pub id: JobId,
    /// Its batch.
    pub batch_id: BatchId,
    /// Its place in the batch, from 1.
    pub batch_index: u32,
    /// How many jobs the batch has.
    pub batch_count: u32,
    /// A readable name.
    pub title: String,
    /// Where it is in its life.
    pub state: JobState,
    /// Held back by the artist.
    pub on_hold: bool,
    /// The artist asked to cancel it.
    pub cancel_requested: bool,
    /// The server was asked to give it back.
    pub asked_back: bool,
    /// Its place in the queue.
    pub position: f64,
    /// The server it must run on.
    pub wants_server: Option<ServerId>,
    /// The server that has it or had it.
    pub server_id: Option<ServerId>,
    /// When it was added.
    pub created_at: i64,
    /// When the server began it.
    pub started_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// Its workflow.
    pub workflow: WorkflowHash,
    /// What jobs that cost the same have in common.
    pub shape: Option<String>,
    /// The digest of what a server must have to run it; see [`Store::put_needs`](crate::Store::put_needs).
    pub needs: Option<String>,
    /// Pixels its workflow begins with.
    pub pixels: Option<f64>,
    /// The artist's name for its batch. Read only.
    pub batch_name: Option<String>,
    /// Whether that submission is a sweep, with a sheet.
    pub sheet: bool,
    /// The file it came from.
    pub source: Option<String>,
    /// What the graph says.
    pub facts: PictureFacts,
    /// How many nodes will run.
    pub node_count: u32,
    /// What went wrong or is in the way.
    pub trouble: Option<Trouble>,
    /// What the server dropped.
    pub warnings: Vec<String>,
    /// Which try it is, from 1.
    pub attempt: u32,
    /// The job it tries again.
    pub retry_of: Option<JobId>,
    /// The job that tries it again.
    pub retried_by: Option<JobId>,
    /// Whether a practice engine ran it. Read only: known from its outputs and its server.
    pub practice: bool,
    /// Whether the artist has seen how it ended.
    pub seen: bool,
    /// Not offered before this time.
    pub not_before: Option<i64>,
    /// When it was taken off the lists.
    pub removed_at: Option<i64>,
    /// How many outputs it has. Read only.
    pub asset_count: u32,
    /// What of its outputs is shown with it, at most four, what is shown first last. Read only.
    pub shown: Vec<(AssetId, Kind)>,
}

/// What else changes with a job's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateChange {
    /// The server it is with from now on.
    pub server_id: Option<ServerId>,
    /// It is with no server from now on.
    pub clear_server: bool,
    /// When the server began it.
    pub started_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// Set or clear its trouble.
    pub trouble: Option<Option<Trouble>>,
    /// What happened, in words.
    pub event: Option<JobEventRow>,
    /// What the server dropped.
    pub warnings: Option<Vec<String>>,
    /// The job that tries it again, with what its story begins with.
    pub retry: Option<(JobRow, JobEventRow)>,
    /// How its nodes ran, in order, in place of what was stored of that.
    pub node_runs: Option<Vec<NodeRunRow>>,
    /// Nothing is changed unless it may still be offered to the server, as it was when it was chosen.
    pub offered: Option<Offered>,
}

/// What a job has to be like when it is sent, however long ago it was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The workflow that is sent.
    pub workflow: WorkflowHash,
    /// Now, in milliseconds since 1970: it may have been put off.
    pub now: i64,
}

/// As much of a job that a server has as it takes to follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlightRow {
    /// Its id.
    pub id: JobId,
    /// Where it is.
    pub state: JobState,
    /// The artist wants it cancelled.
    pub cancel_requested: bool,
    /// The server was asked to give it back.
    pub asked_back: bool,
}

/// Something that happened to a job.
#[derive(Clone, Debug, PartialEq)]
pub struct JobEventRow {
    /// The job.
    pub job_id: JobId,
    /// When.
    pub at: i64,
    /// A sentence.
    pub text: String,
    /// Whether it is bad news.
    pub bad: bool,
}

/// How a node of a job ran.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeRunRow {
    /// The node's id in the prompt.
    pub node_id: String,
    /// Its title.
    pub title: String,
    /// Its class.
    pub class: String,
    /// `waiting`, `cached`, `running`, `done` or `failed`.
    pub state: String,
    /// Steps done.
    pub value: Option<f64>,
    /// Steps in all.
    pub max: Option<f64>,
    /// When it began.
    pub started_at: Option<i64>,
    /// When it was done.
    pub ended_at: Option<i64>,
    /// Nodes made at run time.
    pub made: u32,
}

/// An earlier run of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct PastNode {
    /// The node's id in its prompt.
    pub node_id: String,
    /// Its class.
    pub class: String,
    /// How long it took, in milliseconds.
    pub ms: f64,
    /// Steps it reported.
    pub steps: Option<f64>,
    /// Pixels its workflow began with.
    pub pixels: Option<f64>,
}

/// Open jobs that cost the same and go to the same place.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenShape {
    /// Their shape, if it is known.
    pub shape: Option<String>,
    /// The server they must run on.
    pub wants_server: Option<ServerId>,
    /// The server that has them.
    pub server_id: Option<ServerId>,
    /// How many.
    pub count: u32,
    /// When it began, if it runs; then it is one job.
    pub started_at: Option<i64>,
}

/// An output, or an imported file.
#[derive(Clone, Debug, PartialEq)]
pub struct AssetRow {
    /// Its number in the library. Read only.
    pub seq: u32,
    /// Its id.
    pub id: AssetId,
    /// The job that made it first; nothing if it was imported.
    pub job_id: Option<JobId>,
    /// The node that made it; empty if it was imported.
    pub node_id: String,
    /// Its number among the outputs of that node.
    pub ordinal: u32,
    /// The job's title, or what the artist called it.
    pub title: String,
    /// `picture`, `video`, `audio`, `model`, `text` or `other`.
    pub kind: String,
    /// Its path below the library folder, with `/`: of the place that can be reached, if one can. Names
    /// that are no UTF-8 are only like it; see [`Store::places`](crate::Store::places).
    pub path: String,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3, or [`stand_in`](crate::stand_in) until it was read whole.
    pub hash: String,
    /// When it was stored.
    pub created_at: i64,
    /// How long the job took.
    pub took_ms: Option<i64>,
    /// Whether a practice engine drew it.
    pub practice: bool,
    /// Whether a preview node made it on the way, beside its run's outputs.
    pub preview: bool,
    /// How it was made.
    pub facts: PictureFacts,
    /// The server's name at that time.
    pub server_name: Option<String>,
    /// Its workflow, if that is known.
    pub workflow: Option<WorkflowHash>,
    /// The folder that its path is below.
    pub library: String,
    /// How long it plays, in milliseconds.
    pub duration_ms: Option<u64>,
    /// What the artist says about it. Read only.
    pub marks: Marks,
    /// Whether its file can be reached. Read only.
    pub state: PlaceState,
}

/// What the artist says about an asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Stars, 0 (none) to 5.
    pub rating: u8,
    /// A favourite.
    pub favourite: bool,
    /// 1 picked, -1 rejected, 0 neither.
    pub flag: i8,
    /// When it was put into the bin.
    pub binned_at: Option<i64>,
}

/// A server.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerRow {
    /// Its id.
    pub id: ServerId,
    /// Its name.
    pub name: String,
    /// `comfy` or `practice`.
    pub kind: String,
    /// Its base address.
    pub address: String,
    /// Its place in the list.
    pub position: i64,
    /// How many jobs it may hold.
    pub max_held: u32,
    /// Paused by the artist.
    pub paused: bool,
    /// Where it puts what it makes, if the files are to stay there. Nothing: they are copied.
    pub outputs: Option<String>,
    /// When it was added.
    pub created_at: i64,
}

/// How many of each there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CountsRow {
    /// Jobs waiting, with us or at a server.
    pub waiting: u32,
    /// Jobs running or being collected.
    pub running: u32,
    /// Jobs that ended.
    pub finished: u32,
    /// Failures nobody has seen.
    pub unseen_failures: u32,
    /// Outputs.
    pub assets: u32,
    /// Outputs of the last hour.
    pub assets_last_hour: u32,
}
