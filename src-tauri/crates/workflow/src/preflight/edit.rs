//! Changing one value of a prompt.

use crate::{
    depth::too_deep,
    prompt::{Entries, Prompt, input as read_input},
    read::MAX_WORKFLOW_BYTES,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use thiserror::Error;

/// Why a value cannot be changed. Each is a sentence for a person.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum EditError {
    /// No such node.
    #[error("This workflow has no node {node}, so nothing was changed.")]
    NoNode {
        /// Its id.
        node: String,
    },
    /// No such input.
    #[error("Node {node} has no input {input} in this workflow, so nothing was changed.")]
    NoInput {
        /// The node's id.
        node: String,
        /// The input.
        input: String,
    },
    /// The new value is no JSON.
    #[error("The new value for {input} is not JSON, so nothing was changed.")]
    NotJson {
        /// The input.
        input: String,
    },
    /// The new value is too large or too deep.
    #[error("The new value for {input} is larger than a workflow may be, so nothing was changed.")]
    TooLarge {
        /// The input.
        input: String,
    },
}

/// The prompt with another value, as JSON text, for one input that it has; a link may be replaced
/// too. Everything else keeps its text, to the letter. Where an id or a name comes twice, the last one
/// is meant, as servers see it.
///
/// # Errors
/// See [`EditError`].
pub fn with_value(
    prompt: &Prompt,
    node: &str,
    input: &str,
    json: &str,
) -> Result<Prompt, EditError> {
    let text = prompt.text();
    let too_large = || EditError::TooLarge { input: input.to_owned() };
    if json.len() > MAX_WORKFLOW_BYTES || too_deep(json.as_bytes()) {
        return Err(too_large());
    }
    let value: &RawValue =
        serde_json::from_str(json).map_err(|_| EditError::NotJson { input: input.to_owned() })?;
    let old = find(text, node, input)?;
    let start = old.as_ptr().addr() - text.as_ptr().addr();
    let parts = [&text[..start], value.get(), &text[start + old.len()..]];
    let new = parts.concat();
    if new.len() > MAX_WORKFLOW_BYTES || too_deep(new.as_bytes()) {
        return Err(too_large());
    }
    let mut nodes = prompt.nodes().to_vec();
    let changed = nodes.iter_mut().rev().find(|other| other.id == node);
    let inputs = changed.into_iter().flat_map(|node| node.inputs.iter_mut().rev());
    for (_, old) in inputs.filter(|(name, _)| name == input).take(1) {
        *old = read_input(value);
    }
    Ok(Prompt::new(new, nodes))
}

/// The text of an input's value, as a part of the prompt's text.
fn find<'a>(text: &'a str, node: &str, input: &str) -> Result<&'a str, EditError> {
    #[derive(Deserialize)]
    struct Inputs<'a> {
        #[serde(borrow, default)]
        inputs: Option<Entries<'a>>,
    }
    let nodes = serde_json::from_str::<Entries<'_>>(text).map(|entries| entries.0);
    let found = nodes.unwrap_or_default().into_iter().rev().find(|(id, _)| id == node);
    let (_, found) = found.ok_or_else(|| EditError::NoNode { node: node.to_owned() })?;
    serde_json::from_str::<Inputs<'_>>(found.get())
        .ok()
        .and_then(|node| node.inputs)
        .and_then(|inputs| inputs.0.into_iter().rev().find(|(name, _)| name == input))
        .map(|(_, value)| value.get())
        .ok_or_else(|| EditError::NoInput { node: node.to_owned(), input: input.to_owned() })
}
