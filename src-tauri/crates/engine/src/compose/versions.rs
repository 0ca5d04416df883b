//! Other versions of a workflow: what the artist named and ordered in one is there in the next, too.

use crate::{
    core::Core,
    view::{KnobValue, PresetView},
};
use std::collections::HashSet;
use store::{StoreError, WorkflowRow};
use workflow::{Input, Prompt};

/// How much of the larger one two versions have in common at least.
const IN_COMMON: f64 = 0.6;
/// The most versions that presets are taken from.
const MOST_VERSIONS: usize = 8;

/// A node by its id and class.
type Node = (String, String);

/// The nodes of a workflow as JSON, by which its next version is known again.
pub fn outline(prompt: &Prompt) -> String {
    super::json(&nodes_of(prompt))
}

fn nodes_of(prompt: &Prompt) -> Vec<(&str, &str)> {
    let mut nodes: Vec<_> =
        prompt.nodes().iter().map(|node| (node.id.as_str(), node.class.as_str())).collect();
    nodes.sort_unstable();
    nodes
}

/// Another version of a workflow.
pub struct Version {
    /// What its runs share.
    pub structure: String,
    nodes: HashSet<Node>,
}

impl Version {
    /// Whether a node of the workflow is in that version, too.
    pub fn has(&self, prompt: &Prompt, node: &str) -> bool {
        let class = prompt.node(node).map(|node| node.class.clone());
        class.is_some_and(|class| self.nodes.contains(&(node.to_owned(), class)))
    }
}

/// Other versions that have presets or a choice of knobs, the most alike first; of those as much alike,
/// the last opened.
///
/// # Errors
/// When the database cannot be read.
pub async fn versions(
    core: &Core,
    prompt: &Prompt,
    structure: &str,
) -> Result<Vec<Version>, StoreError> {
    let own: HashSet<Node> =
        nodes_of(prompt).into_iter().map(|(id, class)| (id.to_owned(), class.to_owned())).collect();
    let outlines = core.store.outlines(structure).await?;
    let mut found: Vec<(f64, Version)> = outlines
        .into_iter()
        .filter_map(|(structure, nodes)| {
            let nodes: Vec<Node> = serde_json::from_str(&nodes).ok()?;
            let nodes: HashSet<Node> = nodes.into_iter().collect();
            let common = share(&own, &nodes);
            (common >= IN_COMMON).then_some((common, Version { structure, nodes }))
        })
        .collect();
    found.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    found.truncate(MOST_VERSIONS);
    Ok(found.into_iter().map(|(_, version)| version).collect())
}

/// How much of the larger of two workflows both have, 0 to 1.
#[allow(clippy::cast_precision_loss)] // A workflow has no 2⁵³ nodes.
fn share(one: &HashSet<Node>, other: &HashSet<Node>) -> f64 {
    let larger = one.len().max(other.len());
    if larger == 0 { 0.0 } else { one.intersection(other).count() as f64 / larger as f64 }
}

/// The presets of a workflow, its own first, then those of other versions whose names it does not have;
/// and the names of those that cannot be read, each with the fault.
///
/// # Errors
/// When the database cannot be read.
pub async fn presets(
    core: &Core,
    prompt: &Prompt,
    structure: &str,
) -> Result<(Vec<PresetView>, Vec<(String, String)>), StoreError> {
    let mut presets: Vec<PresetView> = Vec::new();
    let mut unreadable = Vec::new();
    let mut names = HashSet::new();
    let others = versions(core, prompt, structure).await?;
    let sources = [structure].into_iter().chain(others.iter().map(|of| of.structure.as_str()));
    for from in sources {
        for (name, text) in core.store.presets(from).await? {
            if names.contains(&name) {
                continue;
            }
            let of = (from != structure).then(|| from.to_owned());
            match serde_json::from_str::<Vec<KnobValue>>(&text) {
                Ok(values) => presets.push(PresetView { name: name.clone(), values, of }),
                Err(error) if of.is_none() => unreadable.push((name.clone(), error.to_string())),
                Err(_) => continue,
            }
            names.insert(name);
        }
    }
    Ok((presets, unreadable))
}

/// The presets of a stored workflow that have one of these names. Other versions are looked at only where
/// it has none of a name itself: this is asked with each key press.
///
/// # Errors
/// When the database cannot be read.
pub async fn presets_named(
    core: &Core,
    of: &WorkflowRow,
    structure: &str,
    names: &[String],
) -> Result<Vec<PresetView>, StoreError> {
    let own = core.store.presets_named(structure, names).await?;
    let mut found: Vec<PresetView> = own
        .into_iter()
        .filter_map(|(name, values)| {
            Some(PresetView { name, values: serde_json::from_str(&values).ok()?, of: None })
        })
        .collect();
    let lacks = |name: &String| !found.iter().any(|preset| preset.name == *name);
    if names.iter().any(lacks)
        && let Ok(prompt) = workflow::read_prompt(of.prompt.as_bytes())
    {
        found = presets(core, &prompt, structure).await?.0;
        found.retain(|preset| names.contains(&preset.name));
    }
    Ok(found)
}

/// The values that a workflow has a place for: an input with a value of its own, at a node that has the
/// same class in the version they are of.
pub fn fitting(
    values: Vec<KnobValue>,
    prompt: &Prompt,
    version: &Version,
) -> (Vec<KnobValue>, usize) {
    let all = values.len();
    let has_place = |value: &KnobValue| {
        let input = prompt.node(&value.node).and_then(|node| node.input(&value.input));
        matches!(input, Some(Input::Value(_))) && version.has(prompt, &value.node)
    };
    let kept: Vec<KnobValue> = values.into_iter().filter(has_place).collect();
    let left = all - kept.len();
    (kept, left)
}
