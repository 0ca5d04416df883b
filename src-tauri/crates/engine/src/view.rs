//! The shapes that the page sees: what crosses the bridge, and nothing else.
//!
//! They are made by the engine, so that facts can be numbered where they are stored; only the
//! app's bridge turns them into JSON. TypeScript types are generated from here
//! (`cargo xtask codegen`). Times are milliseconds since 1970-01-01 UTC.

use domain::{AssetId, BatchId, JobId, JobState, PictureFacts, ServerId, Trouble, WorkflowHash};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// Up to four outputs, newest last.
    pub thumbs: Vec<AssetId>,
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
    /// Previews kept in memory while it ran. Empty after a restart of the app.
    pub previews: Vec<KeptPreview>,
    /// Other pictures of the same workflow, newest first, at most 12.
    pub siblings: Vec<AssetView>,
}

/// What kind of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AssetKind {
    /// A still or animated picture.
    Picture,
    /// A video.
    Video,
    /// A sound.
    Audio,
    /// Any other file.
    Other,
}

/// One output file in the library.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AssetView {
    /// Its id; `asset/<id>/thumb` and `asset/<id>/original` on the media protocol.
    pub id: AssetId,
    /// The job that made it.
    pub job_id: JobId,
    /// That job's title.
    pub title: String,
    /// What it is.
    pub kind: AssetKind,
    /// Its path below the library folder, with `/`.
    pub path: String,
    /// Width in pixels, if it is a picture that could be read.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// BLAKE3 of the file, 64 hex digits.
    pub hash: String,
    /// When it was stored.
    #[ts(type = "number")]
    pub created_at: i64,
    /// When the job began and ended, to say how long it took, in milliseconds.
    #[ts(type = "number | null")]
    pub took_ms: Option<i64>,
    /// Whether a practice engine drew it.
    pub practice: bool,
    /// The facts of how it was made.
    pub facts: PictureFacts,
    /// The server's name at that time.
    pub server_name: Option<String>,
    /// The workflow that made it.
    pub workflow: WorkflowHash,
}

/// What kind of server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ServerKind {
    /// A ComfyUI.
    Comfy,
    /// The practice engine inside Safelight.
    Practice,
}

/// The state of the connection to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LinkState {
    /// First try under way.
    Connecting,
    /// Connected, and everything reconciled.
    Online,
    /// The connection was lost; it is tried again.
    Reconnecting,
    /// Nothing answers there.
    Offline,
    /// Something answers, but it is no ComfyUI or wants a login.
    Refused,
}

/// A device of a server.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct DeviceView {
    /// Its name, for example `NVIDIA GeForce RTX 4090`.
    pub name: String,
    /// `cuda`, `cpu`, `mps` …
    pub kind: String,
    /// Video memory in bytes.
    #[ts(type = "number | null")]
    pub vram_total: Option<u64>,
    /// Free video memory in bytes.
    #[ts(type = "number | null")]
    pub vram_free: Option<u64>,
}

/// What a server says about itself.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ServerFacts {
    /// ComfyUI's version.
    pub version: Option<String>,
    /// Python's version.
    pub python: Option<String>,
    /// PyTorch's version.
    pub pytorch: Option<String>,
    /// Operating system.
    pub os: Option<String>,
    /// Its devices, first is primary.
    pub devices: Vec<DeviceView>,
    /// How many node classes it has, once known.
    pub node_classes: Option<u32>,
}

/// A server.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ServerView {
    /// Its id.
    pub id: ServerId,
    /// The artist's name for it.
    pub name: String,
    /// What it is.
    pub kind: ServerKind,
    /// Its base address, as text.
    pub address: String,
    /// The state of the connection.
    pub link: LinkState,
    /// A sentence about the connection when it is not simply online.
    pub message: Option<String>,
    /// When the next try to connect is due.
    #[ts(type = "number | null")]
    pub retry_at: Option<i64>,
    /// Whether live events arrive. False while online: a proxy drops WebSockets, for example.
    pub live: bool,
    /// What it says about itself.
    pub facts: Option<ServerFacts>,
    /// The last round trip, in milliseconds.
    pub latency_ms: Option<f64>,
    /// Our jobs there, running or waiting.
    pub ours: u32,
    /// Jobs of other clients there, running or waiting.
    pub others: u32,
    /// How many jobs it may hold at once.
    pub max_held: u32,
    /// Whether the artist has paused it.
    pub paused: bool,
    /// Messages of kinds that Safelight does not know, since the start of the app.
    pub odd: Vec<OddView>,
}

/// Messages of a kind that Safelight does not know: custom nodes send what they like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct OddView {
    /// What they call themselves.
    pub kind: String,
    /// How many came.
    #[ts(type = "number")]
    pub count: u64,
}

/// What a test of an address found.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ProbeView {
    /// The address as understood.
    pub address: String,
    /// Whether a ComfyUI answers there.
    pub ok: bool,
    /// A sentence: what was found, or what is in the way and what to do.
    pub message: String,
    /// What the server says about itself.
    pub facts: Option<ServerFacts>,
    /// Whether it is a practice engine.
    pub practice: bool,
    /// Jobs in its queue.
    pub queue: Option<u32>,
    /// The round trip in milliseconds.
    pub latency_ms: Option<f64>,
}

/// How many jobs there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Counts {
    /// Waiting with us or at a server, holds included.
    pub waiting: u32,
    /// Running or being collected.
    pub running: u32,
    /// Ended, and not removed.
    pub finished: u32,
    /// Failed or lost, not tried again, not seen.
    pub unseen_failures: u32,
    /// Outputs in the library.
    pub assets: u32,
    /// Outputs stored in the last hour.
    pub assets_last_hour: u32,
    /// Time until the queue is empty, in milliseconds, as far as earlier runs on the servers tell.
    /// Nothing when they tell nothing, or nothing runs.
    #[ts(type = "number | null")]
    pub left_ms: Option<i64>,
    /// Jobs in the queue that no earlier run tells of: they are not in `left_ms`.
    pub left_unknown: u32,
}

/// The library folder.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct LibraryView {
    /// Its path.
    pub path: String,
    /// Size of all outputs in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Free space in bytes, if it can be told.
    #[ts(type = "number | null")]
    pub free_bytes: Option<u64>,
    /// What keeps us from writing there.
    pub trouble: Option<String>,
}

/// Something that changed and is stored. Facts are numbered without gaps.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum Fact {
    /// A job is new or changed.
    JobChanged {
        /// The job.
        job: Box<JobView>,
    },
    /// Jobs were removed from the list.
    JobsRemoved {
        /// Their ids.
        ids: Vec<JobId>,
    },
    /// A server is new or changed.
    ServerChanged {
        /// The server.
        server: Box<ServerView>,
    },
    /// A server was removed.
    ServerRemoved {
        /// Its id.
        id: ServerId,
    },
    /// Outputs were stored.
    AssetsAdded {
        /// The outputs.
        assets: Vec<AssetView>,
    },
    /// The whole queue was paused or resumed.
    QueuePaused {
        /// Whether it is paused now.
        paused: bool,
    },
    /// Counts changed.
    CountsChanged {
        /// The counts.
        counts: Counts,
    },
    /// Other jobs wait for a server that is away, or for other reasons.
    WaitsChanged {
        /// All reasons.
        waits: Vec<WaitView>,
    },
    /// The library folder changed, filled up, vanished or came back.
    LibraryChanged {
        /// The library.
        library: LibraryView,
    },
}

/// Something that is only worth its newest value. Never stored.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum Pulse {
    /// How far a job is.
    Progress {
        /// The job.
        job_id: JobId,
        /// The progress.
        progress: Box<ProgressView>,
    },
    /// A new preview: fetch `preview/<job>?rev=<rev>`.
    Preview {
        /// The job.
        job_id: JobId,
        /// Its number within the job.
        rev: u32,
        /// The step it shows, if the node said one.
        step: Option<f64>,
        /// The title of the node that sent it.
        node_title: String,
        /// Previews kept so far, this one included.
        kept: Vec<KeptPreview>,
    },
    /// A job's place in its server's queue.
    Place {
        /// The job.
        job_id: JobId,
        /// Its place; nothing when it does not wait there any more.
        place: Option<PlaceView>,
    },
}

/// All the page needs to begin.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Snapshot {
    /// The number of the last fact it contains.
    #[ts(type = "number")]
    pub seq: u64,
    /// Jobs that have not ended, in queue order; at most 1,000 of them.
    pub open: Vec<JobView>,
    /// Jobs that ended, newest first; at most 60, and all unseen failures up to 200.
    pub finished: Vec<JobView>,
    /// Progress of running jobs.
    pub progress: Vec<RunningProgress>,
    /// Where jobs are in their servers' queues.
    pub places: Vec<(JobId, PlaceView)>,
    /// All servers, in the order the artist gave them.
    pub servers: Vec<ServerView>,
    /// Counts.
    pub counts: Counts,
    /// Whether the whole queue is paused.
    pub paused: bool,
    /// The library folder.
    pub library: LibraryView,
    /// Why jobs wait for a server that is away.
    pub waits: Vec<WaitView>,
}

/// Why jobs wait for a server that is away: only there is what they need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct WaitView {
    /// What they need: [`JobView::needs`].
    pub needs: String,
    /// A sentence.
    pub text: String,
}

/// The progress of one running job.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct RunningProgress {
    /// The job.
    pub job_id: JobId,
    /// Its progress.
    pub progress: ProgressView,
    /// Its newest preview, if there is one.
    pub preview: Option<KeptPreview>,
}

/// One message on the channel to the page.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum StreamMessage {
    /// The state as a whole: the first message, and again after a gap.
    Snapshot {
        /// The state.
        snapshot: Box<Snapshot>,
    },
    /// Facts, in order.
    Facts {
        /// The number of the first of them.
        #[ts(type = "number")]
        first: u64,
        /// The facts.
        facts: Vec<Fact>,
    },
    /// Pulses, newest of each key.
    Pulses {
        /// The pulses.
        pulses: Vec<Pulse>,
    },
    /// Files were dropped on the window, pasted, chosen, or came with the command line, and read.
    Intake {
        /// What came of each.
        report: IntakeReport,
    },
}

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

/// Which pictures the gallery asks for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct AssetQuery {
    /// Words in the prompt, title, model, LoRA or file name; all must match, the last as a prefix.
    pub words: String,
    /// Only this model file.
    pub model: Option<String>,
    /// Only this LoRA file.
    pub lora: Option<String>,
    /// Only this job.
    pub job_id: Option<JobId>,
    /// Only this kind.
    pub kind: Option<AssetKind>,
    /// Oldest first instead of newest first.
    pub oldest_first: bool,
}

/// One cell of the gallery's index: what the layout needs, and no more.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AssetCell {
    /// Its id.
    pub id: AssetId,
    /// Width, or 0 if it has no shape.
    pub w: u32,
    /// Height, or 0.
    pub h: u32,
    /// When it was stored.
    #[ts(type = "number")]
    pub at: i64,
    /// What it is.
    pub kind: AssetKind,
    /// Whether a practice engine drew it.
    pub practice: bool,
}

/// The answer to a gallery query: cells of every match, in order, at most 200,000.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AssetIndex {
    /// The cells.
    pub cells: Vec<AssetCell>,
    /// Outputs in the whole library.
    pub total: u32,
    /// Models among the matches, with how many pictures, most first, at most 50.
    pub models: Vec<NameCount>,
    /// LoRAs among the matches, likewise.
    pub loras: Vec<NameCount>,
}

/// A name and how many things have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct NameCount {
    /// The name.
    pub name: String,
    /// How many.
    pub count: u32,
}

/// What a person is told when a command cannot be done.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct CommandError {
    /// What kind; the page's table maps it to a title and an action.
    pub code: CommandErrorCode,
    /// A sentence to show.
    pub message: String,
    /// More, for the curious.
    pub details: Option<String>,
    /// Whether trying again may help.
    pub retry: bool,
}

/// Kinds of [`CommandError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CommandErrorCode {
    /// The input makes no sense; the message says why.
    BadInput,
    /// The thing is not there (any more).
    NotFound,
    /// It cannot be done in the state the thing is in.
    WrongState,
    /// The library folder or the database cannot be written or read.
    Storage,
    /// A server could not be reached.
    Server,
    /// A fault of ours.
    Internal,
}
