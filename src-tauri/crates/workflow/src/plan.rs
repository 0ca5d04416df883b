//! Which nodes will run, and in about which order.

use crate::prompt::{Input, Node, Prompt};
use std::collections::{HashMap, HashSet};

/// The nodes that will run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// In an order in which every node comes after its sources.
    pub nodes: Vec<PlanNode>,
}

/// A node that will run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanNode {
    /// Its id.
    pub id: String,
    /// The artist's title, else the name ComfyUI shows for its class, else the class.
    pub title: String,
    /// Its class.
    pub class: String,
    /// Steps it will report, if its inputs say so.
    pub steps: Option<u32>,
}

/// Plans a run. Nodes that nothing leads to an output from do not run. `outputs` are the classes that
/// the server calls outputs; without them, nodes that nobody uses count as outputs. `names` are the
/// names ComfyUI shows for classes.
///
/// The order is depth first from the outputs, sources in the order of the inputs: near to what
/// ComfyUI does, which also looks at what is cached.
pub fn plan(
    prompt: &Prompt,
    outputs: Option<&HashSet<String>>,
    names: Option<&HashMap<String, String>>,
) -> Plan {
    let used: HashSet<&str> =
        prompt.nodes().iter().flat_map(|node| node.sources().map(|(_, source)| source)).collect();
    let outputs =
        outputs.filter(|outputs| prompt.nodes().iter().any(|node| outputs.contains(&node.class)));
    let is_output = |node: &Node| match outputs {
        Some(outputs) => outputs.contains(&node.class),
        None => !used.contains(node.id.as_str()),
    };
    let order = order_from(prompt, is_output);
    Plan { nodes: order.into_iter().map(|node| planned(node, names)).collect() }
}

/// The nodes that lead to an output, sources first.
pub(crate) fn order_from(prompt: &Prompt, is_output: impl Fn(&Node) -> bool) -> Vec<&Node> {
    let mut done: HashSet<&str> = HashSet::new();
    let mut order: Vec<&Node> = Vec::new();
    for output in prompt.nodes().iter().filter(|node| is_output(node)) {
        visit(prompt, output, &mut done, &mut order);
    }
    if order.is_empty() {
        // All of it is one circle: no server will run it, but it can be shown.
        for node in prompt.nodes() {
            visit(prompt, node, &mut done, &mut order);
        }
    }
    order
}

/// Adds a node after its sources. Iterative, because graphs may be deep; a node is entered once, so
/// circles end.
fn visit<'a>(
    prompt: &'a Prompt,
    start: &'a Node,
    done: &mut HashSet<&'a str>,
    order: &mut Vec<&'a Node>,
) {
    if !done.insert(&start.id) {
        return;
    }
    let mut stack: Vec<(&Node, Vec<&Node>)> = vec![(start, sources(prompt, start))];
    while let Some((node, waiting)) = stack.last_mut() {
        let node: &'a Node = node;
        match waiting.pop() {
            Some(next) if done.insert(&next.id) => stack.push((next, sources(prompt, next))),
            Some(_) => {}
            None => {
                order.push(node);
                stack.pop();
            }
        }
    }
}

/// A node's sources, last input first. Links to nodes that are not there lead nowhere.
fn sources<'a>(prompt: &'a Prompt, node: &'a Node) -> Vec<&'a Node> {
    let mut all: Vec<_> = node.sources().filter_map(|(_, source)| prompt.node(source)).collect();
    all.reverse();
    all
}

fn planned(node: &Node, names: Option<&HashMap<String, String>>) -> PlanNode {
    let shown = || names.and_then(|names| names.get(&node.class)).cloned();
    PlanNode {
        id: node.id.clone(),
        title: node.title.clone().or_else(shown).unwrap_or_else(|| node.class.clone()),
        class: node.class.clone(),
        steps: node.input("steps").and_then(Input::number).and_then(|steps| steps.parse().ok()),
    }
}
