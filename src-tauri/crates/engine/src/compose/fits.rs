//! Whether a value has a place in a workflow, and fits there.

use super::{options::Options, problems::Problems, setup::Base};
use crate::view::{Axis, AxisValues, BatchLines, ComposeState, KnobValue};
use std::collections::{HashMap, HashSet};
use workflow::{Change, Input, Kind, Knob, Misfit, Prompt, sweep, sweep::Address};

/// The knobs of a workflow by node and input, and the nodes that are skipped.
pub struct Index<'a> {
    prompt: &'a Prompt,
    /// Of one place there are several where each is of another option.
    knobs: HashMap<(&'a str, &'a str), Vec<&'a Knob>>,
    skipped: HashSet<&'a str>,
    options: Options,
    given: Given<'a>,
}

/// What is set at inputs: one value, or several where an axis sets them.
#[derive(Clone, Debug, Default)]
pub struct Given<'a>(HashMap<Address, Vec<&'a str>>);

impl<'a> Given<'a> {
    /// By the artist's values alone.
    pub fn of_values(state: &'a ComposeState) -> Self {
        let mut given = Self::default();
        for KnobValue { node, input, json } in &state.values {
            given.0.insert(Address::new(node, input), vec![json]);
        }
        given
    }

    /// By the artist's values and the axes of a sweep.
    pub fn of_sweep(base: &Base<'a>, state: &'a ComposeState, axes: &'a [Axis]) -> Self {
        let mut given = Self::of_values(state);
        let mut turned = Self::default();
        for axis in axes {
            match &axis.values {
                AxisValues::List { steps } => {
                    for (key, json) in steps.iter().flat_map(|step| axis.knobs.iter().zip(step)) {
                        turned.add(&key.node, &key.input, json);
                    }
                }
                AxisValues::Presets { names } => {
                    let presets = base.presets.iter().filter(|it| names.contains(&it.name));
                    for KnobValue { node, input, json } in presets.flat_map(|it| &it.values) {
                        turned.add(node, input, json);
                    }
                }
                AxisValues::Range { .. } | AxisValues::Replace { .. } | AxisValues::Wordings => {}
            }
        }
        given.0.extend(turned.0);
        given
    }

    /// By the artist's values and the axes of a sweep that was queued.
    pub fn of_axes(state: &'a ComposeState, axes: &'a [sweep::Axis]) -> Self {
        let mut given = Self::of_values(state);
        let mut turned = Self::default();
        for set in axes.iter().flat_map(|axis| &axis.values).flat_map(|value| &value.sets) {
            turned.add(&set.at.node, &set.at.input, set.value.as_str());
        }
        given.0.extend(turned.0);
        given
    }

    fn add(&mut self, node: &str, input: &str, json: &'a str) {
        self.0.entry(Address::new(node, input)).or_default().push(json);
    }

    fn at(&self, at: &Address) -> impl Iterator<Item = &str> {
        self.0.get(at).into_iter().flatten().copied()
    }
}

/// What is at a node's input.
pub enum Place<'a> {
    /// A knob.
    Knob(&'a Knob),
    /// An input that another node gives a value.
    Linked(&'a Knob),
    /// Nothing now: its node is skipped, or what it feeds is.
    Skipped,
    /// A knob of an option that is not chosen.
    NotChosen(&'a Knob),
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
    pub fn new(base: &Base<'a>, skipped: &'a [String], given: Given<'a>) -> Self {
        let mut knobs: HashMap<_, Vec<&Knob>> = HashMap::new();
        for knob in base.knobs.all_possible() {
            knobs.entry((knob.node.id.as_str(), knob.input.as_str())).or_default().push(knob);
        }
        let skipped = skipped.iter().map(String::as_str).collect();
        let options = Options::new(base.knobs);
        Self { prompt: base.prompt, knobs, skipped, options, given }
    }

    /// The knob of an input that counts as the workflow is set.
    pub fn knob(&self, node: &str, input: &str) -> Option<&'a Knob> {
        let of_place = self.knobs.get(&(node, input))?;
        let given = |at: &Address| self.given.at(at).collect::<Vec<_>>().into_iter();
        of_place.iter().find(|knob| self.options.holds(node, knob.when.as_ref(), &given)).copied()
    }

    /// What is at a node's input.
    pub fn place(&self, node: &str, input: &str) -> Place<'a> {
        let of_place = self.knobs.get(&(node, input)).and_then(|knobs| knobs.first());
        match (self.knob(node, input), of_place) {
            (Some(knob), _) if knob.linked.is_some() => Place::Linked(knob),
            (Some(knob), _) => Place::Knob(knob),
            (None, Some(knob)) => Place::NotChosen(knob),
            (None, None) if self.skips(node) => Place::Skipped,
            // A knob is what runs: nothing does that nobody takes anything from.
            (None, None) if !self.skipped.is_empty() && self.has_value(node, input) => {
                Place::Skipped
            }
            (None, None) => Place::Nowhere,
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
/// is taken in again, those of other options until the option is chosen again.
pub fn values<'a>(
    base: &Base<'a>,
    state: &'a ComposeState,
    given: Given<'a>,
    problems: &mut Problems,
) -> Vec<Change> {
    let index = Index::new(base, &state.skipped, given);
    let mut values = Vec::with_capacity(state.values.len());
    for value in &state.values {
        let KnobValue { node, input, json } = value;
        match index.place(node, input) {
            Place::Skipped | Place::NotChosen(_) => continue,
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
    let index = Index::new(base, &state.skipped, Given::of_values(state));
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
        Place::NotChosen(knob) => Err(format!(
            "{} is of an option that is not chosen, so a list cannot go there. Choose the option, or another knob.",
            knob.label
        )),
        Place::Skipped => Err(format!(
            "Node {node} does not run, because it or what it feeds is skipped, so a list cannot go there. Take the node in again, or choose another knob."
        )),
        Place::Nowhere => Err(format!(
            "This workflow has no {input} at node {node}, so a list cannot go there. Choose another knob."
        )),
    }
}
