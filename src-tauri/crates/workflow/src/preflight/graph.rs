//! A prompt as a graph that can be walked fast, the same for all servers.

use crate::prompt::{Input, Node, Prompt};
use std::collections::HashMap;

/// Nodes with more inputs than this get a table of their names.
const FEW: usize = 16;

/// A prompt's nodes by place, with what they are linked to.
pub(crate) struct Graph<'a> {
    /// In the order of the prompt. A node whose id comes again later is left out: servers see the
    /// last one.
    pub nodes: Vec<NodeView<'a>>,
    index: HashMap<&'a str, u32>,
}

/// A node with its inputs by name.
pub(crate) struct NodeView<'a> {
    pub node: &'a Node,
    by_name: Option<HashMap<&'a str, u32>>,
    /// Whether some name comes twice.
    repeats: bool,
}

impl<'a> Graph<'a> {
    pub fn new(prompt: &'a Prompt) -> Self {
        let all = prompt.nodes();
        let last: HashMap<&str, usize> =
            all.iter().enumerate().map(|(place, node)| (node.id.as_str(), place)).collect();
        let mut nodes = Vec::with_capacity(last.len());
        let mut index = HashMap::with_capacity(last.len());
        for (place, node) in all.iter().enumerate() {
            if last.get(node.id.as_str()) == Some(&place) {
                index.insert(node.id.as_str(), place_of(nodes.len()));
                nodes.push(NodeView::new(node));
            }
        }
        Self { nodes, index }
    }

    pub fn node(&self, place: u32) -> &'a Node {
        self.nodes[place as usize].node
    }

    /// Where a node is, by its id.
    pub fn place(&self, id: &str) -> Option<u32> {
        self.index.get(id).copied()
    }

    pub fn places(&self) -> std::ops::Range<u32> {
        0..place_of(self.nodes.len())
    }
}

/// Workflows have at most 64 MB, so far fewer nodes and inputs than fit.
pub(crate) fn place_of(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl<'a> NodeView<'a> {
    fn new(node: &'a Node) -> Self {
        let by_name: Option<HashMap<_, _>> = (node.inputs.len() > FEW).then(|| {
            let names = node.inputs.iter().enumerate();
            names.map(|(place, (name, _))| (name.as_str(), place_of(place))).collect()
        });
        let many = node.inputs.len();
        let repeats = match &by_name {
            Some(names) => names.len() < many,
            None => (1..many).any(|at| {
                let (before, rest) = node.inputs.split_at(at);
                before.iter().any(|(name, _)| *name == rest[0].0)
            }),
        };
        Self { node, by_name, repeats }
    }

    /// Whether another input of the same name comes later, so that servers do not see this one.
    pub fn is_replaced(&self, at: usize, name: &str) -> bool {
        self.repeats && self.place(name) != Some(at)
    }

    /// Where an input is. Of several with one name the last counts, as in Python.
    pub fn place(&self, name: &str) -> Option<usize> {
        match &self.by_name {
            Some(names) => names.get(name).map(|place| *place as usize),
            None => self.node.inputs.iter().rposition(|(other, _)| other == name),
        }
    }

    pub fn get(&self, name: &str) -> Option<&'a Input> {
        self.place(name).and_then(|place| self.node.inputs.get(place)).map(|(_, input)| input)
    }

    pub fn has(&self, name: &str) -> bool {
        self.place(name).is_some()
    }
}
