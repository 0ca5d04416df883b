//! Whether a value has a place in a workflow, and fits there.

use super::{problems::Problems, setup::Base};
use crate::view::{BatchLines, ComposeState, KnobValue};
use std::collections::{HashMap, HashSet};
use workflow::{Change, Input, Kind, Knob, Misfit, Prompt};

/// The knobs of a workflow by node and input, and the nodes that are skipped.
pub struct Index<'a> {
    prompt: &'a Prompt,
    knobs: HashMap<(&'a str, &'a str), &'a Knob>,
    skipped: HashSet<&'a str>,
}

/// What is at a node's input.
pub enum Place<'a> {
    /// A knob.
    Knob(&'a Knob),
    /// An input that another node gives a value.
    Linked(&'a Knob),
    /// Nothing now: its node is skipped, or what it feeds is.
    Skipped,
    /// Nothing.
    Nowhere,
}

/// What is wrong with a value.
pub struct Fault {
    /// A sentence.
    pub text: String,
    /// Whether nothing can be queued before it is mended.
    pub blocks: bool,
}

impl<'a> Index<'a> {
    /// Of the knobs of a workflow without its skipped nodes.
    pub fn new(base: &Base<'a>, skipped: &'a [String]) -> Self {
        let mut by_place = HashMap::new();
        for knob in base.knobs.all() {
            by_place.entry((knob.node.id.as_str(), knob.input.as_str())).or_insert(knob);
        }
        let skipped = skipped.iter().map(String::as_str).collect();
        Self { prompt: base.prompt, knobs: by_place, skipped }
    }

    /// What is at a node's input.
    pub fn place(&self, node: &str, input: &str) -> Place<'a> {
        match self.knobs.get(&(node, input)).copied() {
            Some(knob) if knob.linked.is_some() => Place::Linked(knob),
            Some(knob) => Place::Knob(knob),
            None if self.skips(node) => Place::Skipped,
            // A knob is what runs: nothing does that nobody takes anything from.
            None if !self.skipped.is_empty() && self.has_value(node, input) => Place::Skipped,
            None => Place::Nowhere,
        }
    }

    fn has_value(&self, node: &str, input: &str) -> bool {
        let input = self.prompt.node(node).and_then(|node| node.input(input));
        matches!(input, Some(Input::Value(_)))
    }

    /// Whether a node is skipped itself.
    pub fn skips(&self, node: &str) -> bool {
        self.skipped.contains(node)
    }

    /// Looks whether a value fits a knob. What is on a list is the servers' business, and a file may
    /// be chosen later: the check before it runs tells of both, so neither blocks here.
    pub fn look(&self, knob: &Knob, json: &str) -> Result<(), Fault> {
        let Err(misfit) = workflow::check(knob, json) else { return Ok(()) };
        let listed = matches!(
            knob.kind,
            Kind::Choice { .. } | Kind::DynamicChoice { .. } | Kind::File { .. }
        );
        let told_later = matches!(misfit, Misfit::NotInList { .. } | Misfit::Empty { .. });
        Err(Fault { text: misfit.to_string(), blocks: !(listed && told_later) })
    }
}

/// The artist's values that the workflow has a place for. Those at skipped nodes wait until the node
/// is taken in again.
pub fn values(base: &Base<'_>, state: &ComposeState, problems: &mut Problems) -> Vec<Change> {
    let index = Index::new(base, &state.skipped);
    let mut values = Vec::with_capacity(state.values.len());
    for value in &state.values {
        let KnobValue { node, input, json } = value;
        match index.place(node, input) {
            Place::Skipped => continue,
            Place::Nowhere => {
                let text = format!(
                    "This workflow has no {input} at node {node} any more, so the value set for it is not used."
                );
                problems.at_says(node, input, text);
                continue;
            }
            Place::Linked(knob) => {
                let text = format!(
                    "{} comes from another node, so the value set for it is not used.",
                    knob.label
                );
                problems.at_says(node, input, text);
                continue;
            }
            Place::Knob(knob) => {
                if let Err(fault) = index.look(knob, json) {
                    problems.at(node, input, fault.text, fault.blocks);
                    if fault.blocks {
                        continue;
                    }
                }
            }
        }
        values.push(Change { node: node.clone(), input: input.clone(), value: json.clone() });
    }
    values
}

/// Tells what of a list of prompts and of pictures cannot be set.
pub fn look_at_lists(
    base: &Base<'_>,
    state: &ComposeState,
    lines: Option<&BatchLines>,
    pictures: &[KnobValue],
    problems: &mut Problems,
) {
    let index = Index::new(base, &state.skipped);
    if let Some(BatchLines { node, input, .. }) = lines {
        match settable(&index, node, input) {
            Err(why) => problems.at(node, input, why, true),
            Ok(knob) => {
                if index.look(knob, "\"a\"").is_err_and(|fault| fault.blocks) {
                    let text = format!(
                        "{} takes no text, so a list of prompts cannot go there. Choose another knob.",
                        knob.label
                    );
                    problems.at(node, input, text, true);
                }
            }
        }
    }
    for KnobValue { node, input, json } in pictures {
        match settable(&index, node, input) {
            Err(why) => problems.at(node, input, why, true),
            Ok(knob) => {
                if let Err(fault) = index.look(knob, json) {
                    problems.at(node, input, fault.text, fault.blocks);
                }
            }
        }
    }
}

/// The knob of a list, or why it cannot be set.
fn settable<'a>(index: &Index<'a>, node: &str, input: &str) -> Result<&'a Knob, String> {
    match index.place(node, input) {
        Place::Knob(knob) => Ok(knob),
        Place::Linked(knob) => {
            Err(format!("{} comes from another node, so a list cannot go there.", knob.label))
        }
        Place::Skipped => Err(format!(
            "Node {node} does not run, because it or what it feeds is skipped, so a list cannot go there. Take the node in again, or choose another knob."
        )),
        Place::Nowhere => Err(format!(
            "This workflow has no {input} at node {node}, so a list cannot go there. Choose another knob."
        )),
    }
}
