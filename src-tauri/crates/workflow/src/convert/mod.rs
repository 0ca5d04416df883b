//! From what was drawn to what runs: ComfyUI's editor format to its API format, as ComfyUI's own
//! page does it when it queues.

mod notes;

pub use notes::{Note, NoteKind};

use crate::{ObjectInfo, Prompt};
use thiserror::Error;

/// A graph that was converted.
#[derive(Clone, Debug)]
pub struct Converted {
    /// What runs, with the nodes' titles.
    pub prompt: Prompt,
    /// What was not certain. Empty when there is no doubt.
    pub notes: Vec<Note>,
}

/// Why a graph is not converted. Each is a sentence for a person.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ConvertError {
    /// Not what the editor saves.
    #[error("This is not a graph as ComfyUI's editor saves it: {why}.")]
    NotGraph {
        /// What is wrong.
        why: String,
    },
    /// Nothing in it would run.
    #[error("Nothing in this workflow would run: its nodes are muted, bypassed, or notes.")]
    NothingRuns,
    /// More than can be meant.
    #[error("This workflow would run more than {most} nodes. Does a subgraph hold itself?")]
    TooManyNodes {
        /// How many are allowed.
        most: usize,
    },
}

/// Makes the prompt of a graph as ComfyUI's editor saves it, with the node classes of a server.
///
/// # Errors
/// See [`ConvertError`].
pub fn convert(_graph: &str, _info: &ObjectInfo) -> Result<Converted, ConvertError> {
    Err(ConvertError::NotGraph { why: "conversion is not written yet".to_owned() })
}
