//! The library: questions, answers, marks and folders.

use super::{AssetKind, AssetView, CutOff};
use domain::AssetId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// In which order matches come. Ties keep the newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LibrarySort {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// The best rated first.
    Rating,
    /// By file name.
    Name,
    /// The largest file first.
    Bytes,
    /// Most pixels first.
    Pixels,
    /// What took longest first.
    Took,
    /// By chance, the same for the same seed.
    Random,
}

/// A question to the library.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct LibraryQuery {
    /// What the artist typed: words and tokens such as `model:flux rating:3+ KSampler.steps>30`.
    pub text: String,
    /// The order.
    pub sort: LibrarySort,
    /// The seed of [`LibrarySort::Random`].
    pub seed: u32,
    /// Whether what was made together (a batch, a sweep) is one cell with a count.
    pub stacks: bool,
}

/// A part of what the artist typed. Places are in UTF-16 units, as JavaScript counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct QueryPart {
    /// Where it begins.
    pub from: u32,
    /// Behind its end.
    pub to: u32,
    /// What a token is about (`model`, `KSampler.steps`); nothing for a word.
    pub key: Option<String>,
    /// Whether what matches it is left out.
    pub negated: bool,
    /// Why it is not understood, and what is expected. Such a part does not narrow the answer.
    pub problem: Option<String>,
    /// Whether it is right so far and only its value is still to be typed.
    pub unfinished: bool,
    /// The text without this part.
    pub without: String,
}

/// The answer to a question. Its cells come with `library_columns`.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct LibraryAnswer {
    /// Names the answer for `library_columns` and `library_facets`.
    pub ticket: u32,
    /// The revision of the library it was given for: `Fact::LibraryMoved` tells of newer ones.
    #[ts(type = "number")]
    pub revision: u64,
    /// Outputs in the library, without the bin.
    pub total: u32,
    /// Outputs that match.
    pub shown: u32,
    /// Cells of the answer: fewer than `shown` where stacks are asked for.
    pub cells: u32,
    /// Size of what matches, in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// What the text was understood as.
    pub parts: Vec<QueryPart>,
    /// The first cells, at most 200, to paint at once.
    pub first: Vec<LibraryCell>,
    /// Whether the index is whole. While it is read after the start, only the newest are known.
    pub whole: bool,
}

/// One cell of the gallery.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct LibraryCell {
    /// Its number in the library: the page's handle for it. Never used for another output.
    pub key: u32,
    /// Its id, for the media protocol: `asset/<id>/thumb`, `asset/<id>/large`, `asset/<id>/original`.
    pub id: AssetId,
    /// Width in pixels, or 0 if it has no shape.
    pub w: u32,
    /// Height, or 0.
    pub h: u32,
    /// When it was made.
    #[ts(type = "number")]
    pub at: i64,
    /// What it is.
    pub kind: AssetKind,
    /// Its title, for screen readers.
    pub title: String,
    /// How long it plays, in milliseconds.
    #[ts(type = "number | null")]
    pub duration_ms: Option<i64>,
    /// Stars, 0 to 5.
    pub rating: u8,
    /// Whether it is a favourite.
    pub favourite: bool,
    /// Picked (1), rejected (-1), or neither (0).
    pub flag: i8,
    /// Whether a practice engine drew it.
    pub practice: bool,
    /// Whether a preview node made it on the way, beside its run's outputs.
    pub preview: bool,
    /// Whether it is in the bin.
    pub binned: bool,
    /// Whether none of its files can be reached now: a disk that is not there, or a file that was taken
    /// away.
    pub away: bool,
    /// Outputs that this cell stands for; 1 without stacks.
    pub stack: u32,
}

/// A group of the side bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FacetView {
    /// What the group is about: `kind`, `model`, `lora`, `shape`, `tag`, `workflow`, `server`, `rating`,
    /// `flag`, `month`.
    pub key: String,
    /// Its values, most first, with the chosen ones among them.
    pub values: Vec<FacetValue>,
    /// Values beyond those listed.
    pub more: u32,
}

/// A value of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FacetValue {
    /// What it is called.
    pub label: String,
    /// How many of the matches would be left with it.
    pub count: u32,
    /// Whether the text has it.
    pub chosen: bool,
    /// The text after a click on it: with it, or without it if it is chosen.
    pub text: String,
}

/// Something that could be typed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CompletionView {
    /// What it is called.
    pub label: String,
    /// How many of the matches have it; nothing for a key.
    pub count: Option<u32>,
    /// The whole text with it.
    pub text: String,
    /// Where the caret goes then, in UTF-16 units.
    pub caret: u32,
}

/// A change to many outputs at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "mark", rename_all = "snake_case")]
#[ts(export)]
pub enum Mark {
    /// Stars, 0 to 5.
    Rating {
        /// How many.
        stars: u8,
    },
    /// Favourite, or not.
    Favourite {
        /// Whether it is.
        on: bool,
    },
    /// Pick (1), reject (-1), or neither (0).
    Flag {
        /// Which.
        flag: i8,
    },
    /// A tag more.
    TagAdd {
        /// The tag's name.
        name: String,
    },
    /// A tag less.
    TagRemove {
        /// The tag's name.
        name: String,
    },
    /// Into a collection.
    CollectionAdd {
        /// The collection.
        #[ts(type = "number")]
        id: i64,
    },
    /// Out of a collection.
    CollectionRemove {
        /// The collection.
        #[ts(type = "number")]
        id: i64,
    },
    /// Into the bin. The files stay where they are until their time in it is over, or it is emptied.
    Bin,
    /// Out of the bin.
    Restore,
    /// Another title.
    Title {
        /// The title.
        text: String,
    },
}

/// What a mark did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Marked {
    /// For `mark_undo`, as long as the app runs.
    pub undo: u32,
    /// Outputs that are different now.
    pub changed: u32,
    /// Of what went to the bin: files besides one for each output, which are deleted with it.
    pub copies: u32,
    /// Where it was done in parts and broken off: the last of what was to be marked, which is as it was.
    pub cut_off: Option<CutOff>,
}

/// Where a file of an output lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FilePlace {
    /// The whole path.
    pub path: String,
    /// Whether it can be reached: `here`, `away` (its disk is not there), `missing`.
    pub state: FileState,
}

/// Whether a file can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FileState {
    /// It is there.
    Here,
    /// Its disk or network drive is not there.
    Away,
    /// Its folder is there, but the file is not.
    Missing,
}

/// A value of a node that made an output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct WidgetView {
    /// The node's class.
    pub class: String,
    /// The input.
    pub input: String,
    /// The value, as the workflow's text has it.
    pub value: String,
    /// The search that finds what has it, too.
    pub text: String,
}

/// More like an output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AlikeView {
    /// In what: `workflow`, `seed`, `prompt`, `batch`, `look`.
    pub by: String,
    /// How many others.
    pub count: u32,
    /// The search that finds them.
    pub text: String,
}

/// Everything about one output.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AssetDetail {
    /// Its number.
    pub key: u32,
    /// The output.
    pub asset: AssetView,
    /// Its marks and badges.
    pub cell: LibraryCell,
    /// Where its files lie. The first is the one that is shown.
    pub places: Vec<FilePlace>,
    /// The artist's tags.
    pub tags: Vec<String>,
    /// Collections that it is in.
    pub collections: Vec<CollectionView>,
    /// What its workflow is called, if it is one of the artist's.
    pub workflow_title: Option<String>,
    /// Every value of every node of its workflow, at most 2,000.
    pub widgets: Vec<WidgetView>,
    /// Pictures that went into it, nearest first.
    pub made_from: Vec<LibraryCell>,
    /// What was made from it.
    pub went_into: Vec<LibraryCell>,
    /// More like it.
    pub alike: Vec<AlikeView>,
}

/// A collection: chosen by hand, or a search that was saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CollectionView {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The search that shows it.
    pub text: String,
    /// Whether it is a saved search.
    pub saved_search: bool,
    /// Outputs in it.
    pub count: u32,
}

/// A folder whose files are in the library.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct RootView {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// Its path.
    pub path: String,
    /// Whether outputs of our jobs are put there.
    pub own: bool,
    /// Whether it is watched for changes.
    pub watched: bool,
    /// What is going on there.
    pub state: RootState,
    /// Files seen by the scan that runs, or by the last one.
    pub seen: u32,
    /// Files it has to look into.
    pub to_read: u32,
    /// Of these, done.
    pub read: u32,
    /// Files that are found, but not read whole yet: whether they are copies of others is not known.
    pub unread: u32,
    /// Outputs that lie there.
    pub assets: u32,
    /// When it was last gone through to the end.
    #[ts(type = "number | null")]
    pub scanned_at: Option<i64>,
    /// Why it cannot be read, as a sentence.
    pub trouble: Option<String>,
    /// What the last scan found.
    pub report: ScanReport,
}

/// What is going on in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RootState {
    /// Nothing.
    Idle,
    /// It is being gone through.
    Scanning,
    /// The artist paused it.
    Paused,
    /// It is not there: an unplugged disk, a network drive that does not answer.
    Away,
}

/// What a scan found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct ScanReport {
    /// New in the library.
    pub new: u32,
    /// Files whose content the library had already: further places of the same output.
    pub same: u32,
    /// Files that were moved or renamed.
    pub moved: u32,
    /// Files whose content is another one now.
    pub changed: u32,
    /// Files that are not there any more.
    pub missing: u32,
    /// XMP sidecars that were read: their ratings and tags count where the artist set none here.
    pub sidecars: u32,
    /// Files that are no pictures, videos, sounds or models.
    pub passed_over: u32,
    /// Files that could not be read, at most 1,000, each with its reason. A fact has the first 20; ask
    /// for the list of folders to get all.
    pub problems: Vec<ScanProblem>,
    /// Problems beyond those listed.
    pub more_problems: u32,
}

/// A file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ScanProblem {
    /// The path below the folder.
    pub path: String,
    /// What is wrong, as a sentence.
    pub text: String,
}
