//! From what was drawn to what runs: ComfyUI's editor format to its API format, as ComfyUI's own
//! page does it when it queues.
//!
//! Source: frontend 1.45.21 (`utils/executionUtil.ts`, `services/litegraphService.ts`, `lib/litegraph`)
//! and, for what came later, 1.58.1.

mod emit;
mod export;
mod fits;
mod graph;
mod group;
mod hooks;
mod layout;
mod links;
mod literal;
mod loose;
mod notes;
mod parts;
mod walk;
mod widgets;
mod work;

pub use export::to_graph;
pub use hooks::{Filled, Moment, Resolved, resolve};
pub(crate) use layout::{Layout, has_widget, is_controlled, is_sent, widget_type};
pub use literal::as_written;
pub use notes::{Note, NoteKind};

use crate::{MAX_WORKFLOW_BYTES, ObjectInfo, Prompt, read::without_nan};
use notes::Notes;
use std::borrow::Cow;
use thiserror::Error;

/// The most nodes that a graph may have, with its subgraphs opened.
const MOST_NODES: usize = 200_000;
/// The most objects and lists in a graph's JSON. A million links are a million lists.
const MOST_BRACKETS: usize = 4_000_000;

/// A graph that was converted.
#[derive(Clone, Debug)]
pub struct Converted {
    /// What runs, with the nodes' titles. Empty when all nodes are muted, which is noted.
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
    /// More nodes than can be meant.
    #[error("This workflow would run more than {most} nodes, with its subgraphs opened.")]
    TooManyNodes {
        /// How many are allowed.
        most: usize,
    },
    /// More text than can be meant.
    #[error("This workflow would be more than {most} MB, with its subgraphs opened.")]
    TooLarge {
        /// How many are allowed, in MB.
        most: usize,
    },
    /// Subgraphs within themselves.
    #[error("The subgraph {name} holds itself, or is within too many others.")]
    Circle {
        /// The name of one of them.
        name: String,
    },
}

/// Makes the prompt of a graph as ComfyUI's editor saves it, with the node classes of a server.
/// Classes that the server does not have are passed on as they were saved, and noted.
///
/// Texts with `{a|b}` and `%date%` are left as they are: [`crate::resolve`] fills them in.
///
/// # Errors
/// See [`ConvertError`].
pub fn convert(graph: &str, info: &ObjectInfo) -> Result<Converted, ConvertError> {
    if graph.len() > MAX_WORKFLOW_BYTES {
        return Err(ConvertError::TooLarge { most: MAX_WORKFLOW_BYTES >> 20 });
    }
    // Shorter texts cannot have as many.
    if graph.len() > 2 * MOST_BRACKETS
        && graph.bytes().filter(|byte| matches!(byte, b'{' | b'[')).count() > MOST_BRACKETS
    {
        return Err(ConvertError::TooManyNodes { most: MOST_NODES });
    }
    let text;
    let saved = match graph::read(graph) {
        Ok(saved) => saved,
        Err(error) => match without_nan(graph) {
            Cow::Owned(without) => {
                text = without;
                graph::read(&text).map_err(|error| not_graph(&error))?
            }
            Cow::Borrowed(_) => return Err(not_graph(&error)),
        },
    };
    if saved.nodes.len() > MOST_NODES {
        return Err(ConvertError::TooManyNodes { most: MOST_NODES });
    }
    if saved.nodes.is_empty() {
        return Err(ConvertError::NotGraph { why: "it has no nodes".to_owned() });
    }
    let parts = parts::of_graph(saved, info);
    let work = work::Work::new(&parts)?;
    let mut notes = Notes::default();
    let prompt = emit::prompt(&work, &mut notes)?;
    Ok(Converted { prompt, notes: notes.done() })
}

fn not_graph(error: &serde_json::Error) -> ConvertError {
    ConvertError::NotGraph { why: error.to_string() }
}
