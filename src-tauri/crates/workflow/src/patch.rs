//! Patches: values that are set in a prompt, everything else kept to the letter.

use crate::{
    depth::{MAX_DEPTH, deeper_than},
    prompt::{Entries, Prompt, input as read_input},
    read::MAX_WORKFLOW_BYTES,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::{collections::HashMap, ops::Range, sync::Arc};
use thiserror::Error;

/// How deep values are in a prompt: within its node's inputs.
const VALUE_DEPTH: usize = 3;

/// One value to set.
///
/// As JSON it is `{"node": "3", "input": "seed", "value": "18446744073709551615"}`: the value is a
/// text that holds JSON, so that numbers keep their digits wherever it goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Change {
    /// The node's id.
    pub node: String,
    /// The input's name.
    pub input: String,
    /// The new value, as JSON text. It is put into the prompt as it is, without spaces around it.
    pub value: String,
}

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

/// A prompt that many patches are applied to: where its values are is found once.
#[derive(Clone, Debug)]
pub struct Patcher<'a> {
    prompt: &'a Prompt,
    places: Vec<Place>,
    /// Of each node id and input name, the place that servers see: the last one.
    by_name: HashMap<&'a str, HashMap<&'a str, usize>>,
}

/// Where a value is.
#[derive(Clone, Debug)]
struct Place {
    node: usize,
    input: usize,
    bytes: Range<usize>,
}

impl<'a> Patcher<'a> {
    /// Finds where the values of a prompt are.
    pub fn new(prompt: &'a Prompt) -> Self {
        let places = places(prompt);
        let nodes = prompt.nodes();
        let mut by_name: HashMap<&str, HashMap<&str, usize>> = HashMap::with_capacity(nodes.len());
        for node in nodes {
            by_name.entry(&node.id).or_default();
        }
        for (at, place) in places.iter().enumerate() {
            let node = &nodes[place.node];
            if prompt.place(&node.id) == Some(place.node)
                && let Some(inputs) = by_name.get_mut(node.id.as_str())
            {
                inputs.insert(&node.inputs[place.input].0, at);
            }
        }
        Self { prompt, places, by_name }
    }

    /// The prompt with these values; links may be replaced too. Of several changes to one input, the
    /// last counts. Where an id or a name comes twice in the prompt, the last one is meant, as servers
    /// see it.
    ///
    /// # Errors
    /// See [`EditError`]. The first change that cannot be made is named.
    pub fn apply(&self, changes: &[Change]) -> Result<Prompt, EditError> {
        let edits = self.edits(changes)?;
        let mut nodes = self.prompt.nodes().to_vec();
        for (at, value) in &edits {
            let place = &self.places[*at];
            Arc::make_mut(&mut nodes[place.node]).inputs[place.input].1 = read_input(value);
        }
        Ok(self.prompt.with_other_values(self.written(&edits), nodes))
    }

    /// The text alone of [`Self::apply`], which costs less: no nodes are made of it.
    ///
    /// # Errors
    /// See [`EditError`].
    pub fn text(&self, changes: &[Change]) -> Result<String, EditError> {
        Ok(self.written(&self.edits(changes)?))
    }

    /// The places that change, in the order of the text, with their new values.
    fn edits<'c>(&self, changes: &'c [Change]) -> Result<Vec<(usize, &'c RawValue)>, EditError> {
        let mut length = self.prompt.text().len();
        let mut edits: HashMap<usize, &RawValue> = HashMap::with_capacity(changes.len());
        for change in changes {
            let Change { node, input, value } = change;
            let too_large = || EditError::TooLarge { input: input.clone() };
            if value.len() > MAX_WORKFLOW_BYTES
                || deeper_than(MAX_DEPTH - VALUE_DEPTH, value.as_bytes())
            {
                return Err(too_large());
            }
            let value: &RawValue = serde_json::from_str(value)
                .map_err(|_| EditError::NotJson { input: input.clone() })?;
            let inputs = self
                .by_name
                .get(node.as_str())
                .ok_or_else(|| EditError::NoNode { node: node.clone() })?;
            let at = *inputs
                .get(input.as_str())
                .ok_or_else(|| EditError::NoInput { node: node.clone(), input: input.clone() })?;
            let before = edits.insert(at, value);
            length -= before.map_or(self.places[at].bytes.len(), |before| before.get().len());
            length += value.get().len();
            if length > MAX_WORKFLOW_BYTES {
                return Err(too_large());
            }
        }
        let mut edits: Vec<_> = edits.into_iter().collect();
        edits.sort_unstable_by_key(|(at, _)| *at);
        Ok(edits)
    }

    fn written(&self, edits: &[(usize, &RawValue)]) -> String {
        let old = self.prompt.text();
        let grown: usize = edits.iter().map(|(_, value)| value.get().len()).sum();
        let mut text = String::with_capacity(old.len() + grown);
        let mut done = 0;
        for (at, value) in edits {
            let bytes = &self.places[*at].bytes;
            text.push_str(&old[done..bytes.start]);
            text.push_str(value.get());
            done = bytes.end;
        }
        text.push_str(&old[done..]);
        text
    }
}

/// The prompt with these values: [`Patcher::apply`] for one patch.
///
/// # Errors
/// See [`EditError`].
pub fn apply(prompt: &Prompt, changes: &[Change]) -> Result<Prompt, EditError> {
    Patcher::new(prompt).apply(changes)
}

/// The prompt with another value, as JSON text, for one input that it has: [`apply`] for one change.
///
/// # Errors
/// See [`EditError`].
pub fn with_value(
    prompt: &Prompt,
    node: &str,
    input: &str,
    json: &str,
) -> Result<Prompt, EditError> {
    let (node, input, value) = (node.to_owned(), input.to_owned(), json.to_owned());
    apply(prompt, &[Change { node, input, value }])
}

/// The patch that turns one prompt into another, so that [`apply`] gives the other's text bit for
/// bit. Nothing if they differ in more than what their inputs are given: in nodes, classes, titles,
/// names of inputs, their order, or the spaces between. A link that became a value, or leads
/// elsewhere, is a change like any other.
pub fn difference(from: &Prompt, to: &Prompt) -> Option<Vec<Change>> {
    let patcher = Patcher::new(from);
    let places = places(to);
    let (old, new) = (from.text(), to.text());
    let (mut old_done, mut new_done) = (0, 0);
    let mut changes = Vec::new();
    if patcher.places.len() != places.len() {
        return None;
    }
    for (at, (before, after)) in patcher.places.iter().zip(places).enumerate() {
        if old[old_done..before.bytes.start] != new[new_done..after.bytes.start] {
            return None;
        }
        (old_done, new_done) = (before.bytes.end, after.bytes.end);
        let value = &new[after.bytes];
        if old[before.bytes.clone()] == *value {
            continue;
        }
        let node = &from.nodes()[before.node];
        let (input, _) = &node.inputs[before.input];
        // Of two with one name only the last can be set.
        if patcher.by_name.get(node.id.as_str())?.get(input.as_str()) != Some(&at) {
            return None;
        }
        let (node, input, value) = (node.id.clone(), input.clone(), value.to_owned());
        changes.push(Change { node, input, value });
    }
    (old[old_done..] == new[new_done..]).then_some(changes)
}

/// Where the values of a prompt are, in the order of its text.
fn places(prompt: &Prompt) -> Vec<Place> {
    #[derive(Deserialize)]
    struct Inputs<'a> {
        #[serde(borrow, default)]
        inputs: Option<Entries<'a>>,
    }
    let text = prompt.text();
    let mut places = Vec::new();
    let nodes = serde_json::from_str::<Entries<'_>>(text).map(|nodes| nodes.0).unwrap_or_default();
    for (node, ((_, raw), read)) in nodes.into_iter().zip(prompt.nodes()).enumerate() {
        let inputs = serde_json::from_str::<Inputs<'_>>(raw.get()).ok().and_then(|it| it.inputs);
        let values = inputs.map(|inputs| inputs.0).unwrap_or_default();
        for (input, ((_, value), _)) in values.into_iter().zip(&read.inputs).enumerate() {
            let start = value.get().as_ptr().addr() - text.as_ptr().addr();
            places.push(Place { node, input, bytes: start..start + value.get().len() });
        }
    }
    places
}
