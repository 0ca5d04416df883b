//! What a conversion was not certain of.

use serde::Serialize;

/// What a conversion was not certain of, in one place of a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The node's id: in the prompt where it is in it, else in the graph.
    pub node: Option<String>,
    /// The node's title.
    pub title: Option<String>,
    /// The node's class.
    pub class: Option<String>,
    /// The input.
    pub input: Option<String>,
    /// What kind of doubt it is.
    pub kind: NoteKind,
    /// The same as a sentence for a person.
    pub text: String,
}

/// Kinds of doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// The server has no such node class: the node is passed on as it was saved.
    UnknownClass,
    /// The saved values are more or fewer than the class has widgets.
    ValueCount,
    /// A value is not of the declared type.
    WrongType,
    /// A number is outside the declared range.
    OutOfRange,
    /// A value is not among a list's choices.
    NotInList,
    /// An input that must be there is not.
    Missing,
    /// A link leads to nothing that runs, and was left out.
    DroppedLink,
    /// Links or subgraphs lead round in a circle.
    Circle,
    /// A part of the graph cannot be read, and was left out.
    Unreadable,
    /// ComfyUI's own page is known to send something else here, which cannot be meant.
    PageDiffers,
    /// The value is made when the workflow is queued: by chance, by the time, or by the page.
    MadeWhenQueued,
}
