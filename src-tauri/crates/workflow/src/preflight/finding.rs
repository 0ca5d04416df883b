//! What a check can find.

use super::packs::{ModelSource, Pack};
use domain::ServerId;
use serde::Serialize;

/// One thing that a person should know before the prompt runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind of thing.
    pub kind: FindingKind,
    /// Whether the server would refuse the prompt for it.
    pub severity: Severity,
    /// The node's id. Nothing where it is about the prompt as a whole.
    pub node: Option<String>,
    /// The artist's title of the node, else the name ComfyUI shows for its class, else the class.
    pub title: Option<String>,
    /// The node's class.
    pub class: Option<String>,
    /// The input.
    pub input: Option<String>,
    /// One sentence or two: what it is and what to do.
    pub text: String,
    /// The value that the input has, as a person would write it; cut when it is long.
    pub given: Option<String>,
    /// Values the server would take instead, closest first, at most 8. Each is what
    /// [`with_value`](super::with_value) takes once it is written as JSON.
    pub suggestions: Vec<Suggestion>,
    /// The pack that brings a missing class, where the prompt or the graph names it.
    pub pack: Option<Pack>,
    /// Where a missing model can be had, where the graph says so.
    pub source: Option<ModelSource>,
    /// The nodes of a circle in its order, or the broken nodes that an output node hangs on; at most
    /// 20.
    pub nodes: Vec<Place>,
    /// Of several servers, those without this problem. Empty when all have it.
    pub fine_on: Vec<ServerId>,
}

/// A value that would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// As a person would write it.
    pub text: String,
    /// As JSON text, for [`with_value`](super::with_value).
    pub json: String,
}

/// A node, by id and by the name people know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Its id.
    pub node: String,
    /// Its title.
    pub title: String,
}

/// What a server does about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The server refuses the prompt.
    Blocks,
    /// The server takes the prompt, but leaves out a part, or it may fail, or we can mend it.
    Warns,
    /// Good to know.
    Says,
}

/// Kinds of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The server does not have the node class. ComfyUI: `missing_node_type`.
    ClassMissing,
    /// The server does not list the model file. ComfyUI: `value_not_in_list`.
    ModelMissing,
    /// The server does not have the picture, mask, sound or video that is to be loaded.
    /// ComfyUI: `custom_validation_failed` or `value_not_in_list`.
    InputFileMissing,
    /// The server lists no files at all for this input. ComfyUI: `value_not_in_list`.
    ListEmpty,
    /// The value is none of those the input takes. ComfyUI: `value_not_in_list`.
    NotInList,
    /// ComfyUI: `value_smaller_than_min`.
    TooSmall,
    /// ComfyUI: `value_bigger_than_max`.
    TooLarge,
    /// The value cannot be made into what the input takes. ComfyUI: `invalid_input_type`.
    WrongType,
    /// The value is of another type and ComfyUI converts it, perhaps not as meant.
    Converted,
    /// A required input has neither a link nor a value. ComfyUI: `required_input_missing`.
    InputMissing,
    /// The class has no input of this name, so ComfyUI passes over it.
    InputUnknown,
    /// The link is no pair of a node and a slot. ComfyUI: `bad_linked_input`.
    BadLink,
    /// The link comes from a node that is not in the prompt. ComfyUI fails at it.
    LinkToNothing,
    /// The link comes from an output that its node does not have. ComfyUI fails at it.
    NoSuchOutput,
    /// The link brings another type than the input takes. ComfyUI: `return_type_mismatch`.
    LinkType,
    /// Nodes feed each other in a circle. ComfyUI: `dependency_cycle`.
    Circle,
    /// The chain of nodes is longer than ComfyUI can check (about 1,000 nodes).
    ChainTooLong,
    /// Nothing would be made: there is no output node. ComfyUI: `prompt_no_outputs`.
    NoOutput,
    /// The server leaves out this output node and runs the rest.
    OutputLeftOut,
    /// The node calls a paid service and needs an account with it.
    PaidService,
    /// What comes back is large.
    LargeResult,
}

/// What was found on one server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Worst first; within a severity in the order of the prompt. At most 500.
    pub findings: Vec<Finding>,
    /// How many more there are.
    pub more: usize,
    /// Whether something blocks, in the findings or among the rest.
    pub blocked: bool,
    /// Different node classes of the prompt that the server has.
    pub classes_found: usize,
    /// Different model files of the prompt that the server lists where they are used.
    pub models_found: usize,
}

/// What was found on one of several servers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OnServer {
    /// Which server.
    pub server: ServerId,
    /// What was found.
    #[serde(flatten)]
    pub report: Report,
    /// How many things of [`Verdict::lacks`] it lacks.
    pub lacks: usize,
}

/// What was found on all servers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// One for each server, in the order they were given.
    pub servers: Vec<OnServer>,
    /// What at least one server lacks: classes first, then models, then files, by name. At most 500.
    pub lacks: Vec<Lack>,
    /// Whether no server can run it. False when no server was given: then nothing is known.
    pub runs_nowhere: bool,
}

/// A thing that some servers have and others lack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lack {
    /// What it is.
    pub kind: LackKind,
    /// The class, or the file as the prompt names it.
    pub name: String,
    /// The nodes that need it, at most 20.
    pub nodes: Vec<Place>,
    /// The servers that lack it.
    pub lacking: Vec<ServerId>,
    /// The servers that have it.
    pub having: Vec<ServerId>,
    /// The pack that brings a class, where it is known.
    pub pack: Option<Pack>,
    /// Where a model can be had, where it is known.
    pub source: Option<ModelSource>,
}

/// Kinds of things a server can lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LackKind {
    /// A node class.
    Class,
    /// A model file.
    Model,
    /// A picture, mask, sound or video to be loaded.
    File,
}
