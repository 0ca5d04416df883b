//! The database: jobs, workflows, outputs and servers in SQLite. All SQL is in this crate.
//!
//! Writes go through one connection, reads through a small pool; WAL keeps the two apart. Whatever
//! changes a job's state is guarded by the state it was in.

mod backup;
mod batches;
#[cfg(feature = "dev")]
pub mod dev;
mod drafts;
mod entries;
mod job_lists;
mod jobs;
mod library;
mod open;
mod presets;
mod rows;
mod runs;
mod servers;
mod sheets;
mod workflows;

pub use backup::{examine, newest_format, replace};
pub use batches::NewBatch;
pub use drafts::DraftRow;
pub use entries::{EntryRow, NewEntry, Same};
pub use library::{
    Added, AssetChunk, AssetColumns, AssetInfo, AssetMarks, BinRow, Came, Changes, CollectionRow,
    FolderPlaces, ImportLine, ImportRow, ImportState, Kind, MOST_IMPORT_LINES, MadeRow, MarkChange,
    MountRow, NameKind, NameRow, NewAsset, NewMade, NewParam, NewPlace, NewRecipe, OwnFile,
    ParamRow, PlaceFile, PlaceRow, PlaceState, PlaceSwitch, RecipeChunk, RecipeColumns, RecipeFile,
    RecipeInfo, RemovedPlace, RootId, RootKind, RootRow, RulesOf, Sidecar, TagRow, TextColumn,
    TextTerm, Unlooked, UnreadFile, UnreadRecipe, WidgetTerm, WidgetTest, is_stand_in, stand_in,
};
pub use rows::{
    AssetRow, BasePatch, BatchRow, CountsRow, FlightRow, JobEventRow, JobRow, Marks, NeedRow,
    NodeRunRow, Offered, OpenShape, PastNode, ServerRow, StateChange, WorkflowRow,
};

pub use sheets::{CellRow, MakerRow, Mark, NewSheet, SheetMarks, SheetRow};
pub use workflows::Patching;

use sqlx::SqlitePool;
use std::{
    fs::File,
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
};
use thiserror::Error;

/// Rows that one statement adds: each statement is a way to the database's thread and back, which costs
/// more than writing a row.
const ROWS_AT_ONCE: usize = 200;

/// Why the database cannot be used. Each is a sentence for a person.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database belongs to a newer Safelight. It was not touched.
    #[error(
        "{} was last used by a newer Safelight (its format is {found}, this one knows {known}). Install the newer version again; nothing was changed.", path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The newest migration in it.
        found: i64,
        /// The newest migration we know.
        known: i64,
    },
    /// The file is damaged or is no database.
    #[error(
        "{} is damaged or is no Safelight database ({why}). Move it away to start with an empty queue; your pictures are not in it and stay where they are.", path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// SQLite's words.
        why: String,
    },
    /// The folder or the file cannot be made or opened.
    #[error("Safelight cannot open its database at {}: {why}.", path.display())]
    Folder {
        /// The file.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
    /// Another program has it open.
    #[error(
        "Another Safelight already uses the folder {}. End it first, or give this one a folder of its own with SAFELIGHT_DATA_DIR.", path.parent().unwrap_or(path).display()
    )]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// Something else is called so already.
    #[error("There is already “{0}”. Choose another name.")]
    Taken(String),
    /// A library folder that is not taken out to the end.
    #[error("{0} is being taken out of the library. Add it again when that is done.")]
    Leaving(String),
    /// A query failed.
    #[error("the database failed: {0}")]
    Query(#[from] sqlx::Error),
    /// A stored value makes no sense.
    #[error("the database holds a value that makes no sense: {0}")]
    Value(String),
}

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    write: SqlitePool,
    read: SqlitePool,
    patching: Patching,
    /// Whether many files were added, and SQLite is set up for more.
    many: Arc<AtomicBool>,
    /// Held as long as the database is open, so that no second Safelight runs its jobs too.
    lock: Arc<File>,
}

/// The shape of this crate's answers.
pub type Result<T> = std::result::Result<T, StoreError>;
