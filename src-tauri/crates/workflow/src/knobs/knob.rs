//! What a knob is.

use crate::preflight::number::Number;
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, sync::Arc};

/// All knobs of a prompt, in groups, what matters first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knobs {
    /// In the order of the screen. Each section but [`Section::Rest`] is one group at most; the rest
    /// has one for each node.
    pub groups: Vec<Group>,
    /// Inputs with a widget that the prompt does not have, or has for an option that is not chosen:
    /// optional ones, and those that other options of a dynamic choice bring. Set, they are added.
    pub lacking: Vec<Lacking>,
}

/// A knob that the prompt has no value for, or none that counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Lacking {
    /// The knob. Without a value, unless another option left one behind.
    pub knob: Knob,
    /// Where it stands on the screen.
    pub section: Section,
}

/// The option of a dynamic choice that brings an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// The choice: an input of the same node.
    pub input: String,
    /// The option, as JSON text.
    pub option: String,
}

/// Knobs that stand together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Which part of the screen.
    pub section: Section,
    /// The node, for a group of [`Section::Rest`].
    pub node: Option<Arc<NodeName>>,
    /// The knobs, never none.
    pub knobs: Vec<Knob>,
}

/// A node as people know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeName {
    /// Its id.
    pub id: String,
    /// The artist's title, else the name ComfyUI shows for its class, else the class.
    pub title: String,
    /// Its class.
    pub class: String,
}

/// An input that can be set.
#[derive(Clone, Debug, PartialEq)]
pub struct Knob {
    /// The node it is of.
    pub node: Arc<NodeName>,
    /// The input's name, as in the prompt: `seed`, or `model.size` within a dynamic choice.
    pub input: String,
    /// What to call it: `Prompt`, `Seed`, `CLIP strength`.
    pub label: String,
    /// What it is for.
    pub role: Role,
    /// What it takes.
    pub kind: Kind,
    /// The value as its JSON text; nothing if it is linked.
    pub value: Option<String>,
    /// Where its value comes from, if it is linked: then it is shown and cannot be set.
    pub linked: Option<Link>,
    /// The server's default, as JSON text.
    pub default: Option<Arc<str>>,
    /// What the node's maker says of it.
    pub tooltip: Option<Arc<str>>,
    /// Whether the node cannot do without it.
    pub required: bool,
    /// Whether ComfyUI's page offers to change it after each run (`control_after_generate`), as it
    /// does for seeds.
    pub controlled: bool,
    /// Whether the node's maker thinks that few need it.
    pub advanced: bool,
    /// Whether the server's classes know this input. If not, the kind is a guess from the value.
    pub known: bool,
    /// The option that brings it; nothing for inputs that are always there.
    pub when: Option<When>,
}

/// Where a linked input has its value from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The node. If the prompt lacks it, its id is its title and it has no class.
    pub node: Arc<NodeName>,
    /// Which of its outputs.
    pub slot: u32,
    /// The output's name, if its class is known.
    pub output: Option<String>,
}

/// A part of the screen, in the screen's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Prompts and other texts.
    Words,
    /// Seed, steps, CFG, sampler, scheduler, denoise.
    Sampling,
    /// Width, height, length, how many at once.
    Size,
    /// Pictures, masks, videos and sounds that go in.
    PicturesIn,
    /// Models and LoRAs.
    Models,
    /// What saved files are called.
    Saving,
    /// Everything else, by node.
    Rest,
}

/// What an input is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Words for what should be seen. Words that reach both sides are these.
    Prompt,
    /// Words for what should not be seen.
    Negative,
    /// Other words.
    Text,
    /// What noise begins with.
    Seed,
    /// Sampling steps.
    Steps,
    /// How closely the words are followed, guidance of distilled models included.
    Cfg,
    /// The sampler.
    Sampler,
    /// How noise falls from step to step.
    Scheduler,
    /// How much is made anew.
    Denoise,
    /// Width in pixels.
    Width,
    /// Height in pixels.
    Height,
    /// Frames of a video, or the length of a sound.
    Length,
    /// How many are made at once.
    BatchSize,
    /// A picture.
    Picture,
    /// A mask.
    Mask,
    /// A video.
    Video,
    /// A sound.
    Audio,
    /// A model file, text encoders and VAEs included.
    Model,
    /// A LoRA.
    Lora,
    /// How strongly a LoRA acts.
    LoraStrength,
    /// What saved files are called.
    SavePrefix,
    /// Anything else.
    Other,
}

impl Role {
    /// Where knobs of this role stand. Those of [`Self::Other`] stand in [`Section::Size`] too, if their
    /// node chooses a size by its shape.
    pub fn section(self) -> Section {
        match self {
            Self::Prompt | Self::Negative | Self::Text => Section::Words,
            Self::Seed
            | Self::Steps
            | Self::Cfg
            | Self::Sampler
            | Self::Scheduler
            | Self::Denoise => Section::Sampling,
            Self::Width | Self::Height | Self::Length | Self::BatchSize => Section::Size,
            Self::Picture | Self::Mask | Self::Video | Self::Audio => Section::PicturesIn,
            Self::Model | Self::Lora | Self::LoraStrength => Section::Models,
            Self::SavePrefix => Section::Saving,
            Self::Other => Section::Rest,
        }
    }
}

/// What an input takes. Limits are JSON texts: 2^64-1 is no float.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Int {
        /// The least.
        min: Option<String>,
        /// The greatest.
        max: Option<String>,
        /// From one to the next.
        step: Option<String>,
    },
    /// A number.
    Float {
        /// The least.
        min: Option<String>,
        /// The greatest.
        max: Option<String>,
        /// From one to the next.
        step: Option<String>,
        /// What ComfyUI's page rounds to.
        round: Option<String>,
    },
    /// Yes or no.
    Boolean {
        /// What `true` is called.
        on: Option<Arc<str>>,
        /// What `false` is called.
        off: Option<Arc<str>>,
    },
    /// Words.
    Text {
        /// Whether it has lines.
        multiline: bool,
        /// Whether ComfyUI's page chooses from `{a|b}` before it sends.
        dynamic_prompts: bool,
    },
    /// One of a list, or several of it.
    Choice {
        /// The values, as JSON texts.
        values: Arc<[String]>,
        /// Whether several are chosen: the value is an array then.
        many: bool,
        /// Whether the list comes from elsewhere, so that it cannot be told here what is on it.
        open: bool,
    },
    /// One of a list, where each brings inputs of its own: knobs called `input.sub`. Those that the
    /// prompt does not have are in [`Knobs::lacking`].
    DynamicChoice {
        /// What there is to choose from.
        options: Arc<[Branch]>,
    },
    /// A file of the server's input folder.
    File {
        /// What is in it.
        what: FileKind,
        /// The files that the server lists, as JSON texts.
        values: Arc<[String]>,
        /// Where files go that are sent: `input`, or `input/3d`.
        folder: String,
    },
    /// A value of one of several types, or of any.
    Several {
        /// The types, as ComfyUI calls them.
        types: Arc<[String]>,
    },
    /// Anything else, such as a curve or a list: JSON that is kept as it is.
    Other {
        /// The type as ComfyUI calls it; empty if it is not known.
        kind: Arc<str>,
    },
}

/// An option of a dynamic choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The value, as JSON text.
    pub value: String,
    /// The names of the inputs that it brings and needs.
    pub inputs: Vec<String>,
}

/// What is in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A picture.
    Picture,
    /// A picture of which only one channel counts.
    Mask,
    /// A video.
    Video,
    /// A sound.
    Audio,
    /// A model of a thing in space.
    Model3d,
    /// Something else.
    Other,
}

impl Knobs {
    /// All knobs, in the screen's order.
    pub fn all(&self) -> impl Iterator<Item = &Knob> {
        self.groups.iter().flat_map(|group| &group.knobs)
    }

    /// The knob of an input.
    pub fn get(&self, node: &str, input: &str) -> Option<&Knob> {
        self.all().find(|knob| knob.node.id == node && knob.input == input)
    }

    /// All knobs, then those that the prompt lacks.
    pub fn all_possible(&self) -> impl Iterator<Item = &Knob> {
        self.all().chain(self.lacking.iter().map(|lacking| &lacking.knob))
    }
}

impl Knob {
    /// What the input is given when nobody sets it, as ComfyUI's page would: the server's default, else
    /// the first of a list, the number nearest to zero, no text. Nothing where the page has no widget
    /// for it either.
    pub fn initial(&self) -> Option<String> {
        if let Some(default) = &self.default {
            return Some(default.to_string());
        }
        match &self.kind {
            Kind::Int { min, max, .. } | Kind::Float { min, max, .. } => {
                Some(nearest_to_zero(min.as_deref(), max.as_deref()))
            }
            Kind::Boolean { .. } => Some("false".to_owned()),
            Kind::Text { .. } => Some("\"\"".to_owned()),
            Kind::Choice { many: true, .. } => Some("[]".to_owned()),
            Kind::Choice { values, .. } | Kind::File { values, .. } => {
                Some(values.first().map_or("\"\"", String::as_str).to_owned())
            }
            Kind::DynamicChoice { options } => options.first().map(|option| option.value.clone()),
            Kind::Several { .. } | Kind::Other { .. } => None,
        }
    }
}

fn nearest_to_zero(min: Option<&str>, max: Option<&str>) -> String {
    let is_beyond = |limit: &str, order| {
        let (zero, limit) = (Number::of_json("0"), Number::of_json(limit));
        zero.zip(limit).and_then(|(zero, limit)| zero.compare(limit)) == Some(order)
    };
    let least = min.filter(|min| is_beyond(min, Ordering::Less));
    least.or(max.filter(|max| is_beyond(max, Ordering::Greater))).unwrap_or("0").to_owned()
}
