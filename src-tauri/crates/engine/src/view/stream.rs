//! What the stream carries: facts, pulses, snapshots.

use super::{
    AssetView, IntakeReport, JobOutput, JobView, KeptPreview, PlaceView, ProgressView, RootView,
    ServerView, WorkView,
};
use domain::{BatchId, JobId, ServerId};
use serde::Serialize;
use ts_rs::TS;

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
    /// Outputs of jobs that were stored in the last hour.
    pub assets_last_hour: u32,
    /// Time until the queue is empty, in milliseconds, as far as earlier runs on the servers tell.
    /// Nothing when they tell nothing, or nothing runs.
    #[ts(type = "number | null")]
    pub left_ms: Option<i64>,
    /// Jobs in the queue that no earlier run tells of: they are not in `left_ms`.
    pub left_unknown: u32,
}

/// What came of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct BatchEnd {
    /// The batch.
    pub batch_id: BatchId,
    /// Its name.
    pub title: String,
    /// The job that ended last.
    pub last: JobId,
    /// How many jobs it had, those tried again counted once.
    pub jobs: u32,
    /// How many succeeded.
    pub done: u32,
    /// How many failed or were lost.
    pub failed: u32,
    /// Whether it is a sweep, which has a sheet.
    pub sheet: bool,
    /// An output to show with it.
    pub asset: Option<JobOutput>,
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
    /// All jobs of a batch of several are over. Told once.
    BatchEnded {
        /// What came of it.
        batch: BatchEnd,
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
    /// What is in the library changed: outputs, marks, tags or collections. Ask again.
    LibraryMoved {
        /// The new revision.
        #[ts(type = "number")]
        revision: u64,
    },
    /// A folder of the library, or what is going on in one, changed.
    RootsChanged {
        /// All folders.
        roots: Vec<RootView>,
    },
    /// Work that takes a while began, went on or ended. At most five times a second for one.
    WorkChanged {
        /// The work.
        work: WorkView,
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
    /// The first 1,000 jobs that have not ended, in queue order; and behind them those further back that
    /// a server has.
    pub open: Vec<JobView>,
    /// Whether these are all that have not ended. The others are asked for with `job_list`.
    pub open_whole: bool,
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
