//! The knobs of a workflow: what can be set, what is set, and what it could be.
//!
//! Values cross the bridge as JSON text, because a seed may be up to 2⁶⁴ - 1 and floats keep their
//! digits.

use domain::ServerId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An input of a node.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct KnobKey {
    /// The node's id in the prompt.
    pub node: String,
    /// The input's name.
    pub input: String,
}

/// An input of a node, and a value for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct KnobValue {
    /// The node's id in the prompt.
    pub node: String,
    /// The input's name.
    pub input: String,
    /// The value as JSON text.
    pub json: String,
}

/// What a knob does, found by walking the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
#[allow(missing_docs)] // The words say it.
pub enum KnobRole {
    Prompt,
    Negative,
    Text,
    Seed,
    Width,
    Height,
    Length,
    BatchSize,
    Steps,
    Cfg,
    Sampler,
    Scheduler,
    Denoise,
    Model,
    Lora,
    LoraStrength,
    Picture,
    Mask,
    Video,
    Audio,
    SavePrefix,
    Other,
}

/// Where a knob stands on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum KnobSection {
    /// Prompt, negative prompt and other texts.
    Words,
    /// Seed, steps, CFG, sampler, scheduler, denoise.
    Sampling,
    /// Width, height, length, how many at once.
    Size,
    /// Pictures, masks, videos and sounds that go in.
    PicturesIn,
    /// Models and LoRAs with their strengths.
    Models,
    /// File names of what is saved.
    Saving,
    /// Everything else, one group a node.
    Rest,
}

/// What a knob takes, and how it is shown. Numbers are texts, for they may be up to 2⁶⁴ - 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
#[allow(missing_docs)] // The words say it.
pub enum KnobKind {
    Int {
        min: Option<String>,
        max: Option<String>,
        step: Option<String>,
    },
    Float {
        min: Option<String>,
        max: Option<String>,
        step: Option<String>,
    },
    Boolean {
        on: Option<String>,
        off: Option<String>,
    },
    Text {
        multiline: bool,
    },
    /// One of a list. Long lists are asked for as they are searched (`compose_choices`); the first 40
    /// are here, as JSON texts.
    Choice {
        values: Vec<String>,
        total: u32,
    },
    /// Several of a list, as an array. Long lists as with `Choice`.
    Choices {
        values: Vec<String>,
        total: u32,
    },
    /// A file that the server must have, or that we bring along.
    File {
        what: FileKind,
    },
    /// A value of one of several types, the first is the usual one.
    Several {
        types: Vec<ValueType>,
    },
    /// Anything else, edited as JSON.
    Json,
}

/// A type that a value may have where there are several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
#[allow(missing_docs)] // The words say it.
pub enum ValueType {
    Int,
    Float,
    Boolean,
    Text,
    /// Any other, as JSON.
    Json,
}

/// What kind of file goes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
#[allow(missing_docs)] // The words say it.
pub enum FileKind {
    Picture,
    Mask,
    Video,
    Audio,
    Model3d,
}

/// One knob.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct KnobView {
    /// The node's id in the prompt.
    pub node: String,
    /// The input's name.
    pub input: String,
    /// Its name for people: the artist's, else one made from the input's.
    pub label: String,
    /// The artist's own name for it.
    pub own_label: Option<String>,
    /// The node's title.
    pub title: String,
    /// The node's class.
    pub class: String,
    /// What it does.
    pub role: KnobRole,
    /// Where it stands.
    pub section: KnobSection,
    /// What it takes.
    pub kind: KnobKind,
    /// Its value in the workflow, as JSON text.
    pub json: String,
    /// The server's default, as JSON text.
    pub default: Option<String>,
    /// What the node's makers say of it.
    pub tooltip: Option<String>,
    /// Where its value comes from, if from another node: then it is shown and cannot be set.
    pub linked: Option<String>,
    /// Whether the editor would change it after each run (control after generate).
    pub controlled: bool,
    /// Whether the artist put it away. It is among "all knobs" still.
    pub hidden: bool,
    /// Whether the workflow has no value for it: what is shown is what the node takes by itself.
    pub absent: bool,
    /// Whether the node cannot do without it.
    pub required: bool,
    /// The option that brings it. Another knob of the same input may be there for another option.
    pub when: Option<KnobWhen>,
}

/// When a knob counts: while another input of its node has a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct KnobWhen {
    /// The other input, which may itself be brought by an option.
    pub input: String,
    /// The value as JSON text.
    pub json: String,
}

/// What the artist made of one knob: its name, and whether it is shown. In the artist's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct KnobChoice {
    /// The node's id in the prompt.
    pub node: String,
    /// The input's name.
    pub input: String,
    /// The artist's name for it.
    pub label: Option<String>,
    /// Whether it is put away.
    pub hidden: bool,
}

/// Named values of a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PresetView {
    /// Its name; one of a workflow.
    pub name: String,
    /// Its values.
    pub values: Vec<KnobValue>,
    /// The structure that it is kept with, where that is another version of the workflow.
    #[serde(default)]
    pub of: Option<String>,
}

/// One value that a knob could have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ChoiceView {
    /// The value as JSON text.
    pub json: String,
    /// How often it was used by jobs of ours that came to a good end.
    pub used: u32,
    /// The servers that have it; empty when all connected ones do.
    pub only: Vec<ServerId>,
    /// Whether no server has it: the value of the workflow is kept all the same.
    pub gone: bool,
}

/// Values that a knob could have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ChoicesView {
    /// The best matches, most used first.
    pub choices: Vec<ChoiceView>,
    /// How many match in all.
    pub total: u32,
}
