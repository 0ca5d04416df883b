//! Work that takes a while, and how outputs are written out.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How outputs are written out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ExportPlan {
    /// The folder, or the zip file or contact sheet that is written.
    pub to: String,
    /// Into what.
    pub into: ExportInto,
    /// The format of pictures.
    pub form: PictureForm,
    /// Quality of JPEG and WebP, 1 to 100.
    pub quality: u8,
    /// The longest edge in pixels, if pictures are made smaller.
    pub longest_edge: Option<u32>,
    /// Whether the workflow and other facts stay in the files.
    pub metadata: bool,
    /// Whether ratings and tags go along as XMP files.
    pub xmp: bool,
    /// The name of each file without its ending: `{name} {title} {date} {time} {seed} {model} {rating}
    /// {n}`.
    pub names: String,
}

/// What an export writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ExportInto {
    /// Files in a folder.
    Folder,
    /// One zip file.
    Zip,
    /// One picture of all.
    ContactSheet,
}

/// The format of exported pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PictureForm {
    /// As they are.
    Original,
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
}

/// Outputs that an export without metadata leaves out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Unstripped {
    /// How many files.
    pub files: u32,
    /// The endings of their names, in small letters and without the dot.
    pub endings: Vec<String>,
}

/// Work that takes a while: an export, a deletion, a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct WorkView {
    /// Its number, as long as the app runs.
    pub id: u32,
    /// What kind of work it is.
    pub kind: WorkKind,
    /// What it does, as a sentence: "Exporting 1,200 pictures to prints".
    pub title: String,
    /// Steps done.
    pub done: u32,
    /// All steps.
    pub of: u32,
    /// How many bytes are done, where that tells more than steps.
    pub bytes: Option<WorkBytes>,
    /// How it stands.
    pub state: WorkState,
    /// What could not be done, each as a sentence; at most 200.
    pub problems: Vec<String>,
    /// Problems beyond those listed.
    pub more_problems: u32,
    /// A file or folder to show when it is done.
    pub result: Option<String>,
}

/// Kinds of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum WorkKind {
    /// Outputs are written out.
    Export,
    /// What is in the bin is really deleted.
    Delete,
    /// The library is backed up.
    Backup,
    /// A backup is read back.
    Restore,
    /// The library is moved to another folder.
    Move,
    /// Jobs are queued in parts; who asked for it is answered with what came of it.
    Queue,
    /// Outputs are marked in parts; who asked for it is answered with what came of it.
    Mark,
    /// Workflows of outputs are saved at a server one by one; who asked for it is answered with what came
    /// of it.
    Workflows,
    /// Workflows of outputs are copied as files one by one; who asked for it is answered with what came of
    /// it.
    Copies,
}

/// How many bytes of work are done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct WorkBytes {
    /// Done.
    #[ts(type = "number")]
    pub done: u64,
    /// All.
    #[ts(type = "number")]
    pub of: u64,
}

/// How work stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum WorkState {
    /// It goes on.
    Running,
    /// It is done, all of it or with problems.
    Done,
    /// The artist stopped it. What was written whole stays.
    Cancelled,
    /// It could not go on; the first problem says why.
    Failed,
}
