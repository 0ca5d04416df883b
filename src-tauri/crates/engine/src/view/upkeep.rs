//! The library as a whole: its bin, backups, moves.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct BinView {
    /// After how many days there outputs are really deleted; nothing: never.
    pub days: Option<u16>,
    /// Outputs in it.
    pub outputs: u32,
    /// Their size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// When the one that is there for the longest is really deleted, in milliseconds since 1970;
    /// nothing when the bin is empty or keeps things for good. In the past: it could not be deleted.
    #[ts(type = "number | null")]
    pub due_at: Option<i64>,
}

/// What is backed up, and where to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BackupPlan {
    /// The folder. Several backups in one share what is the same.
    pub to: String,
    /// Whether the files go along that jobs made, and those that went into workflows.
    pub files: bool,
}

/// A backup that can be read back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct BackupView {
    /// When it was made.
    #[ts(type = "number")]
    pub made_at: i64,
    /// The Safelight that made it.
    pub app: String,
    /// Outputs in its library.
    pub outputs: u32,
    /// Files in it; 0 if only the database was backed up.
    pub files: u32,
    /// Size of all of it, in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// A move of the library that is not finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct MoveView {
    /// The folder it is moved from.
    pub from: String,
    /// The folder it is moved to.
    pub to: String,
    /// Files that are still in the old one.
    pub files: u32,
    /// Their size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// How the library is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct UpkeepView {
    /// A move that is not finished.
    pub moving: Option<MoveView>,
    /// When the backup was made that takes the place of the library at the next start.
    #[ts(type = "number | null")]
    pub restored: Option<i64>,
    /// When the newest backup was made.
    #[ts(type = "number | null")]
    pub backed_up_at: Option<i64>,
    /// And where.
    pub backed_up_to: Option<String>,
}
