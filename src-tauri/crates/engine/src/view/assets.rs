//! Outputs in the library, and the gallery's questions.

use domain::{AssetId, JobId, PictureFacts, WorkflowHash};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// A 3D model.
    Model,
    /// A text.
    Text,
    /// Any other file.
    Other,
}

/// One output file in the library.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AssetView {
    /// Its id; `asset/<id>/thumb` and `asset/<id>/original` on the media protocol.
    pub id: AssetId,
    /// The job that made it; nothing if it was imported.
    pub job_id: Option<JobId>,
    /// That job's title, or its own.
    pub title: String,
    /// What it is.
    pub kind: AssetKind,
    /// Its path below the library folder, with `/`.
    pub path: String,
    /// Width in pixels, if it is a picture that could be read.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// How long it plays, in milliseconds.
    #[ts(type = "number | null")]
    pub duration_ms: Option<u64>,
    /// Size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// BLAKE3 of the file, 64 hex digits; nothing until it was read whole.
    pub hash: Option<String>,
    /// When it was stored.
    #[ts(type = "number")]
    pub created_at: i64,
    /// When the job began and ended, to say how long it took, in milliseconds.
    #[ts(type = "number | null")]
    pub took_ms: Option<i64>,
    /// Whether a practice engine drew it.
    pub practice: bool,
    /// Whether a preview node made it on the way, beside its run's outputs: it is kept apart.
    pub preview: bool,
    /// The facts of how it was made.
    pub facts: PictureFacts,
    /// The server's name at that time.
    pub server_name: Option<String>,
    /// The workflow that made it, if it is known.
    pub workflow: Option<WorkflowHash>,
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
