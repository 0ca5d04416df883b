//! What the store gives to the index.

use crate::query::Kind;
use domain::{BatchId, JobId};
use fixedbitset::FixedBitSet;

/// A set of ids or rows.
pub type Bits = FixedBitSet;

/// Largest id of a recipe or text. Columns are as long as the largest id, so a wrong one must not ask
/// for all of the memory.
pub const MAX_ID: u32 = 1 << 26;

/// What has names of its own. Each name is told to the index once and is an id from then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// Checkpoints and diffusion models, by the name the server lists.
    Model,
    /// LoRAs, by the name the server lists.
    Lora,
    /// The artist's tags.
    Tag,
    /// Collections.
    Collection,
    /// Workflows, by the hash of their structure; what the artist calls them is told with
    /// [`crate::Index::rename`].
    Workflow,
    /// Servers.
    Server,
    /// Samplers.
    Sampler,
    /// Schedulers.
    Scheduler,
}

impl NameKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Model,
        Self::Lora,
        Self::Tag,
        Self::Collection,
        Self::Workflow,
        Self::Server,
        Self::Sampler,
        Self::Scheduler,
    ];
}

/// A name of one kind, given by [`crate::Index::name_id`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub(crate) u32);

/// What the artist says about an asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Stars, 0 (none) to 5.
    pub rating: u8,
    /// A favourite.
    pub favourite: bool,
    /// 1 picked, -1 rejected, 0 neither.
    pub flag: i8,
    /// In the bin.
    pub binned: bool,
}

/// Where the content of an asset lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The same content lies at several places.
    pub several: bool,
    /// Every place is on a disk or share that is not there now.
    pub away: bool,
    /// No place has the file, and some folder of it is there.
    pub missing: bool,
}

/// One asset, as the store tells it.
#[derive(Clone, Copy, Debug)]
pub struct AssetRow<'a> {
    /// Its key.
    pub seq: u32,
    /// What it is.
    pub kind: Kind,
    /// In pixels; 0 if it is unknown or has none.
    pub width: u32,
    /// In pixels; 0 if it is unknown or has none.
    pub height: u32,
    /// Size of the file.
    pub bytes: u64,
    /// Milliseconds since 1970, UTC.
    pub created_at: i64,
    /// Milliseconds that making it took.
    pub took_ms: Option<u32>,
    /// Made by the practice engine.
    pub practice: bool,
    /// Made by a preview node on the way.
    pub preview: bool,
    /// Where it was made.
    pub server: Option<NameId>,
    /// What made it; nothing if it was imported.
    pub job: Option<JobId>,
    /// What it was submitted with.
    pub batch: Option<BatchId>,
    /// Id of its recipe, at most [`MAX_ID`].
    pub recipe: Option<u32>,
    /// Perceptual hash.
    pub phash: Option<u64>,
    /// Title and file names, one a line. Sorting by name goes by the first.
    pub names: &'a str,
    /// Where it lies.
    pub places: Places,
    /// What the artist says about it.
    pub marks: Marks,
    /// The artist's tags, of kind [`NameKind::Tag`].
    pub tags: &'a [NameId],
    /// The collections it was put into, of kind [`NameKind::Collection`].
    pub collections: &'a [NameId],
}

/// What made assets, as the store tells it. A recipe never changes.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecipeRow<'a> {
    /// Its id, at most [`MAX_ID`].
    pub id: u32,
    /// Id of its words, at most [`MAX_ID`].
    pub text: u32,
    /// Checkpoints and diffusion models, of kind [`NameKind::Model`].
    pub models: &'a [NameId],
    /// LoRAs, of kind [`NameKind::Lora`].
    pub loras: &'a [NameId],
    /// Its structure, of kind [`NameKind::Workflow`].
    pub workflow: Option<NameId>,
    /// The seed.
    pub seed: Option<u64>,
    /// The sampler's name, of kind [`NameKind::Sampler`].
    pub sampler: Option<NameId>,
    /// The scheduler's name, of kind [`NameKind::Scheduler`].
    pub scheduler: Option<NameId>,
    /// Steps of the sampler.
    pub steps: Option<u32>,
    /// CFG.
    pub cfg: Option<f64>,
    /// Denoise.
    pub denoise: Option<f64>,
    /// It has a prompt.
    pub prompt: bool,
    /// It has a negative prompt.
    pub negative: bool,
    /// The workflow itself is known, so that it can be run again.
    pub rerunnable: bool,
    /// It starts from other pictures.
    pub sources: bool,
}

/// A change of one asset. What is absent stays as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change<'a> {
    /// Marks.
    pub marks: Option<Marks>,
    /// All of its tags.
    pub tags: Option<&'a [NameId]>,
    /// All of its collections.
    pub collections: Option<&'a [NameId]>,
    /// Title and file names, one a line.
    pub names: Option<&'a str>,
    /// Where it lies.
    pub places: Option<Places>,
    /// The perceptual hash, which is known later than the rest.
    pub phash: Option<u64>,
}

/// Why something cannot be put into the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatalogError {
    /// An id is larger than [`MAX_ID`].
    IdTooLarge(u32),
    /// There are more names in all than four thousand million bytes.
    TooManyNames,
}

impl std::fmt::Display for CatalogError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::IdTooLarge(id) => {
                write!(f, "The library's index takes ids up to {MAX_ID}, and got {id}.")
            }
            Self::TooManyNames => {
                f.write_str("The file names of the library are larger than the index can hold.")
            }
        }
    }
}

impl std::error::Error for CatalogError {}
