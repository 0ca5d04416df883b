//! Patches: values that are set in a prompt, everything else kept to the letter.

use crate::{
    depth::{MAX_DEPTH, deeper_than},
    prompt::{Entries, Prompt, input as read_input},
    read::MAX_WORKFLOW_BYTES,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use std::{borrow::Cow, collections::HashMap, ops::Range, sync::Arc};
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
    /// No such input, and none can be added.
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
    /// Of each node, where inputs that it lacks are added.
    ends: Vec<Option<End>>,
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

/// Where inputs are added to a node.
#[derive(Clone, Debug)]
struct End {
    byte: usize,
    before: &'static str,
    after: &'static str,
}

/// What a patch does to a prompt.
struct Edits<'c> {
    /// The places that change, in the order of the text, with their new values.
    values: Vec<(usize, &'c RawValue)>,
    /// Inputs that come in addition: the node's place, the name, the value. In the order of the nodes,
    /// and of each node as they were named first.
    added: Vec<(usize, &'c str, &'c RawValue)>,
}

impl<'a> Patcher<'a> {
    /// Finds where the values of a prompt are.
    pub fn new(prompt: &'a Prompt) -> Self {
        let (places, ends) = places(prompt);
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
        Self { prompt, places, ends, by_name }
    }

    /// The prompt with these values; links may be replaced too, and an input that the node lacks is
    /// added behind its others. Of several changes to one input, the last counts. Where an id or a name comes twice in the prompt, the last one is meant, as servers
    /// see it.
    ///
    /// # Errors
    /// See [`EditError`]. The first change that cannot be made is named.
    pub fn apply(&self, changes: &[Change]) -> Result<Prompt, EditError> {
        let edits = self.edits(changes)?;
        let mut nodes = self.prompt.nodes().to_vec();
        for (at, value) in &edits.values {
            let place = &self.places[*at];
            Arc::make_mut(&mut nodes[place.node]).inputs[place.input].1 = read_input(value);
        }
        for (node, name, value) in &edits.added {
            let inputs = &mut Arc::make_mut(&mut nodes[*node]).inputs;
            inputs.push(((*name).to_owned(), read_input(value)));
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

    fn edits<'c>(&self, changes: &'c [Change]) -> Result<Edits<'c>, EditError> {
        let mut length = self.prompt.text().len();
        let mut values: HashMap<usize, &RawValue> = HashMap::with_capacity(changes.len());
        let mut added: Vec<(usize, &str, &RawValue)> = Vec::new();
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
            let before = if let Some(at) = inputs.get(input.as_str()) {
                let before = values.insert(*at, value);
                before.map_or(self.places[*at].bytes.len(), |before| before.get().len())
            } else {
                let place = self.prompt.place(node).filter(|place| self.ends[*place].is_some());
                let place = place.ok_or_else(|| EditError::NoInput {
                    node: node.clone(),
                    input: input.clone(),
                })?;
                let is_there =
                    |(of, name, _): &&mut (usize, &str, _)| *of == place && name == input;
                match added.iter_mut().find(is_there) {
                    Some((_, _, before)) => std::mem::replace(before, value).get().len(),
                    None => {
                        added.push((place, input, value));
                        // The name may be written longer than it is, and has signs around it.
                        length += 6 * input.len() + 16;
                        0
                    }
                }
            };
            length = length - before + value.get().len();
            if length > MAX_WORKFLOW_BYTES {
                return Err(too_large());
            }
        }
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_unstable_by_key(|(at, _)| *at);
        added.sort_by_key(|(place, ..)| *place);
        Ok(Edits { values, added })
    }

    fn written(&self, edits: &Edits<'_>) -> String {
        let old = self.prompt.text();
        let mut pieces: Vec<(Range<usize>, Cow<'_, str>)> = edits
            .values
            .iter()
            .map(|(at, value)| (self.places[*at].bytes.clone(), value.get().into()))
            .collect();
        if !edits.added.is_empty() {
            for of_node in edits.added.chunk_by(|one, other| one.0 == other.0) {
                let Some(End { byte, before, after }) = &self.ends[of_node[0].0] else { continue };
                let entries: Vec<String> = of_node
                    .iter()
                    .map(|(_, name, value)| format!("{}:{}", Value::from(*name), value.get()))
                    .collect();
                pieces.push((*byte..*byte, format!("{before}{}{after}", entries.join(",")).into()));
            }
            // Behind the node's last value, which ends where these begin.
            pieces.sort_by_key(|(bytes, _)| (bytes.end, bytes.is_empty()));
        }
        let grown: usize = pieces.iter().map(|(_, piece)| piece.len()).sum();
        let mut text = String::with_capacity(old.len() + grown);
        let mut done = 0;
        for (bytes, piece) in pieces {
            text.push_str(&old[done..bytes.start]);
            text.push_str(&piece);
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

/// The prompt with another value, as JSON text, for one input that it has.
///
/// # Errors
/// See [`EditError`].
pub fn with_value(
    prompt: &Prompt,
    node: &str,
    input: &str,
    json: &str,
) -> Result<Prompt, EditError> {
    if prompt.node(node).is_some_and(|node| node.input(input).is_none()) {
        return Err(EditError::NoInput { node: node.to_owned(), input: input.to_owned() });
    }
    let (node, input, value) = (node.to_owned(), input.to_owned(), json.to_owned());
    apply(prompt, &[Change { node, input, value }])
}

/// The patch that turns one prompt into another, so that [`apply`] gives the other's text bit for
/// bit. Nothing if they differ in more than what their inputs are given: in nodes, classes, titles,
/// names of inputs, their order, or the spaces between. A link that became a value, or leads
/// elsewhere, is a change like any other.
pub fn difference(from: &Prompt, to: &Prompt) -> Option<Vec<Change>> {
    let patcher = Patcher::new(from);
    let (places, _) = places(to);
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

/// Where the values of a prompt are, in the order of its text, and where each node takes more.
fn places(prompt: &Prompt) -> (Vec<Place>, Vec<Option<End>>) {
    #[derive(Deserialize)]
    struct Inputs<'a> {
        #[serde(borrow, default)]
        inputs: Option<&'a RawValue>,
    }
    let text = prompt.text();
    let start_of = |raw: &RawValue| raw.get().as_ptr().addr() - text.as_ptr().addr();
    let (mut places, mut ends) = (Vec::new(), Vec::with_capacity(prompt.nodes().len()));
    let nodes = serde_json::from_str::<Entries<'_>>(text).map(|nodes| nodes.0).unwrap_or_default();
    for (node, ((_, raw), read)) in nodes.into_iter().zip(prompt.nodes()).enumerate() {
        let inputs = serde_json::from_str::<Inputs<'_>>(raw.get()).ok();
        let object = inputs.as_ref().and_then(|it| it.inputs);
        let values = object.and_then(|it| serde_json::from_str::<Entries<'_>>(it.get()).ok());
        let mut end = match (&inputs, object) {
            // An object, whatever is in it: right behind what opens it.
            (_, Some(object)) if object.get().starts_with('{') => {
                Some(End { byte: start_of(object) + 1, before: "", after: "" })
            }
            (_, Some(_)) | (None, _) => None,
            (Some(_), None) => {
                let parts = serde_json::from_str::<Entries<'_>>(raw.get()).ok();
                // `"inputs": null` would come twice.
                let none =
                    parts.is_some_and(|parts| parts.0.iter().all(|(name, _)| name != "inputs"));
                let byte = start_of(raw) + raw.get().len() - 1;
                none.then_some(End { byte, before: ",\"inputs\":{", after: "}" })
            }
        };
        let values = values.map(|values| values.0).unwrap_or_default();
        for (input, ((_, value), _)) in values.into_iter().zip(&read.inputs).enumerate() {
            let start = start_of(value);
            let bytes = start..start + value.get().len();
            end = Some(End { byte: bytes.end, before: ",", after: "" });
            places.push(Place { node, input, bytes });
        }
        ends.push(end);
    }
    // A prompt's text was read before; what could not be read again takes nothing.
    ends.resize(prompt.nodes().len(), None);
    (places, ends)
}
