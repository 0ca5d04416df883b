//! What goes into a starter and what comes out.

use crate::{ObjectInfo, Prompt};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Which starter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StarterId {
    /// Words become a picture.
    TextToPicture,
    /// A picture becomes another one, after words.
    PictureToPicture,
    /// A part of a picture is made anew.
    Inpaint,
    /// A picture is continued beyond its edges.
    Outpaint,
    /// A picture becomes larger.
    Upscale,
    /// Words become a picture, with LoRAs.
    TextToPictureWithLoras,
    /// A picture of plain shapes: no model is needed.
    ModelFree,
}

/// An entry of the plain form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// [`Form::prompt`].
    Prompt,
    /// [`Form::negative`].
    Negative,
    /// [`Form::size`].
    Size,
    /// [`Form::count`].
    Count,
    /// [`Form::seed`].
    Seed,
    /// [`Form::picture`].
    Picture,
    /// [`Form::mask`].
    Mask,
    /// [`Form::padding`].
    Padding,
    /// [`Form::denoise`].
    Denoise,
    /// [`Form::factor`].
    Factor,
    /// [`Form::loras`].
    Loras,
    /// [`Form::checkpoint`].
    Checkpoint,
    /// [`Form::upscaler`].
    Upscaler,
}

/// A starter, as it is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Starter {
    /// Which.
    pub id: StarterId,
    /// Its title.
    pub title: &'static str,
    /// What it does, in one sentence.
    pub sentence: &'static str,
    /// What its form asks for, in order.
    pub fields: &'static [Field],
    /// Fields that must be filled in; the others have a sensible value.
    pub required: &'static [Field],
    /// What a server needs for it, as one sentence for people.
    pub needs: &'static str,
}

/// A starter on a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// The starter.
    #[serde(flatten)]
    pub starter: Starter,
    /// What the server lacks for it, in one sentence; nothing if it can run it.
    pub lacks: Option<String>,
    /// The model that is taken if the form names none; nothing where none is needed or there is none.
    pub model: Option<String>,
}

/// A server to build for.
#[derive(Clone, Copy, Debug)]
pub struct Server<'a> {
    /// Its node classes, with the lists of its models.
    pub info: &'a ObjectInfo,
    /// What it told of its model files (`/view_metadata`), by the names that its lists have. May be
    /// empty: then names say all.
    pub metadata: &'a HashMap<String, Metadata>,
}

/// The metadata of a safetensors file: texts by name, as the file has them in `__metadata__`.
pub type Metadata = BTreeMap<String, String>;

/// What was filled in.
///
/// Everything may be left as it is by default, except what a starter needs ([`Starter::required`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Form {
    /// What is to be seen.
    pub prompt: String,
    /// What is not to be seen.
    pub negative: String,
    /// Width and height in pixels, or nothing for the family's own. What is given is made to fit the
    /// family: about its number of pixels, in its steps, at the given aspect ratio.
    pub size: Option<(u32, u32)>,
    /// How many pictures, 1 to 64.
    pub count: u32,
    /// The seed.
    pub seed: u64,
    /// The picture that goes in.
    pub picture: Option<Picture>,
    /// What is painted anew: the name of a picture on the server, as `LoadImageMask` takes it, that is
    /// white where new is wanted and black elsewhere. Nothing: the transparent parts of the picture.
    pub mask: Option<String>,
    /// How far to continue a picture, in pixels. Made multiples of 8.
    pub padding: Padding,
    /// How much of a picture is made anew, 0 to 1; nothing for what suits the starter.
    pub denoise: Option<f64>,
    /// How many times as wide and high a picture gets, 1 to 8.
    pub factor: f64,
    /// LoRAs, in order.
    pub loras: Vec<Lora>,
    /// A model, by the name that a list of the server has; nothing for one that suits.
    pub checkpoint: Option<String>,
    /// An upscale model by name; nothing for one that suits.
    pub upscaler: Option<String>,
    /// Start of the names of saved pictures.
    pub prefix: String,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            prompt: String::new(),
            negative: String::new(),
            size: None,
            count: 1,
            seed: 0,
            picture: None,
            mask: None,
            padding: Padding::default(),
            denoise: None,
            factor: 2.0,
            loras: Vec::new(),
            checkpoint: None,
            upscaler: None,
            prefix: "Safelight".to_owned(),
        }
    }
}

/// A picture that goes in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Picture {
    /// Its name on the server, as `LoadImage` takes it.
    pub name: String,
    /// Its width and height in pixels, if known. Unknown sizes are not made to fit.
    pub size: Option<(u32, u32)>,
}

/// How far a picture is continued on each side, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Padding {
    /// On the left.
    pub left: u32,
    /// Above.
    pub top: u32,
    /// On the right.
    pub right: u32,
    /// Below.
    pub bottom: u32,
}

impl Default for Padding {
    fn default() -> Self {
        Self { left: 128, top: 128, right: 128, bottom: 128 }
    }
}

/// A LoRA.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Lora {
    /// Its name, as the server's list has it.
    pub name: String,
    /// How strong it is, -100 to 100; 1 is as it was made.
    pub strength: f64,
}

/// A starter, built.
#[derive(Clone, Debug)]
pub struct Built {
    /// The prompt.
    pub prompt: Prompt,
    /// The model it uses, if it uses one: its name, as the server's list has it.
    pub model: Option<String>,
    /// What was chosen and why, in the order of interest.
    pub chosen: Vec<Choice>,
    /// What the artist should know: what was changed or left out.
    pub notes: Vec<String>,
}

/// Something that was chosen for the artist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What: `Model`, `Size`, `Steps` …
    pub what: &'static str,
    /// The value, as a person writes it.
    pub value: String,
    /// Why, in a short sentence.
    pub why: String,
}

/// Why a starter cannot be built: a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Cannot(pub String);

/// Which list a model is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loader {
    /// `checkpoints`: whole, with text encoder and VAE.
    Checkpoint,
    /// `diffusion_models`: the model alone.
    DiffusionModel,
}

/// What family a model is taken to be of, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Guess {
    /// The family.
    pub family: Family,
    /// What it is within the family, where that changes how it is used.
    pub variant: Option<Variant>,
    /// What it is for.
    pub role: Role,
    /// The steps it was distilled for, where its name tells.
    pub steps: Option<u32>,
    /// The length of a side of its pictures, where it is not that of its family. In pixels.
    pub side: Option<u32>,
    /// How that was found out, as one short sentence.
    pub why: String,
}

/// A family of models: they take the same nodes and sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Stable Diffusion 1.
    Sd1,
    /// Stable Diffusion 2.
    Sd2,
    /// Stable Diffusion XL.
    Sdxl,
    /// Stable Diffusion 3 and 3.5.
    Sd3,
    /// Flux 1.
    Flux,
    /// Flux 2.
    Flux2,
    /// Qwen Image.
    QwenImage,
    /// Z-Image.
    ZImage,
    /// Chroma.
    Chroma,
    /// HiDream I1.
    HiDream,
    /// Lumina 2 and what was made from it (NetaYume).
    Lumina2,
    /// AuraFlow, and Pony 7.
    AuraFlow,
    /// Anima.
    Anima,
    /// Krea 2.
    Krea2,
    /// ERNIE Image.
    Ernie,
    /// LongCat Image.
    LongCat,
    /// Ovis Image.
    Ovis,
    /// Boogu Image.
    Boogu,
    /// One that is recognised, and that no starter can use: models of videos, sounds, shapes, and
    /// kinds of picture models that take nodes of their own.
    Other,
    /// Not recognised.
    Unknown,
}

/// What a model is within its family, where that changes how it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Variant {
    /// Distilled for very few steps.
    Turbo,
    /// Distilled for few steps, by ByteDance's method.
    Lightning,
    /// Distilled for few steps, by ByteDance's later method.
    Hyper,
    /// A latent consistency model.
    Lcm,
    /// Distribution matching distillation.
    Dmd,
    /// Pony.
    Pony,
    /// Illustrious.
    Illustrious,
    /// NoobAI.
    NoobAi,
    /// Predicts velocity, as one of NoobAI's does.
    VPrediction,
    /// Flux schnell.
    Schnell,
    /// Flux Krea.
    Krea,
    /// Flux Kontext.
    Kontext,
    /// Flux 2 Klein, distilled.
    Klein,
    /// Flux 2 Klein, not distilled.
    KleinBase,
    /// The middle one of HiDream.
    Dev,
    /// The quick one of HiDream.
    Fast,
}

/// What a model is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Makes pictures.
    Pictures,
    /// Fills in parts of pictures.
    Inpainting,
    /// Changes pictures as told.
    Editing,
    /// Finishes what another model has begun.
    Refining,
    /// Makes something else, or makes pictures in a way no starter knows.
    Elsewhere,
}
