//! The parts of a workflow: its graph and the definitions of its subgraphs, indexed.

use super::{
    graph::{Broadcast, INPUT_BOX, Id, Link, Node, OUTPUT_BOX, Port, Saved, Slot},
    group::{self, Place},
    layout::Layout,
    widgets,
};
use crate::ObjectInfo;
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

/// From how many things on they are looked up in a table.
pub(super) const MANY: usize = 48;
/// The most inputs among which one is looked for that is not where its link says.
const SEARCHED: usize = 1_000;

/// What a node is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role<'a> {
    /// One of a class that the server has.
    Class(&'a Layout),
    /// One of a class that it does not have.
    Unknown,
    /// A subgraph or a group, by the number of its part.
    Instance(usize),
    /// It hands on what comes in: a reroute, or the setting end of a name.
    Passes,
    /// It hands on what another one of the name was given.
    Gets,
    /// It writes its value into the widgets it leads to.
    Primitive,
    /// It is only there for the eye.
    Nothing,
}

/// A graph, or the definition of a subgraph or group.
pub(super) struct Part<'a> {
    pub id: Cow<'a, str>,
    pub name: Cow<'a, str>,
    pub nodes: Vec<Node<'a>>,
    pub roles: Vec<Role<'a>>,
    pub links: Vec<Link<'a>>,
    pub inputs: Vec<Port<'a>>,
    pub outputs: Vec<Port<'a>>,
    /// For each input, the numbers of the links that lead on from it.
    pub onward: Vec<Vec<usize>>,
    /// For each output, the number of the link that leads to it.
    pub inward: Vec<Option<usize>>,
    /// For each input, how many before it have the same name.
    pub ranks: Vec<usize>,
    /// In a group: what each value of its node belongs to.
    pub places: Option<Vec<Place>>,
    /// Nodes that set a name.
    pub setters: HashMap<String, usize>,
    /// How many nodes have the id of another one, and were left out.
    pub doubles: usize,
    nodes_by_id: Vec<usize>,
    links_by_id: Vec<usize>,
    /// Inputs by name, where there are many.
    inputs_by_name: HashMap<String, usize>,
    /// Nodes that were given another id, as old and new.
    moved: HashMap<i64, i64>,
}

impl<'a> Part<'a> {
    /// A node by its id.
    pub fn node(&self, id: &Id<'_>) -> Option<usize> {
        let found = self.nodes_by_id.binary_search_by(|at| self.nodes[*at].id.cmp(id)).ok()?;
        Some(self.nodes_by_id[found])
    }

    /// A node by the id that it has in the file.
    pub fn node_in_file(&self, id: &Id<'_>) -> Option<usize> {
        match id {
            Id::Number(number) => match self.moved.get(number) {
                Some(moved) => self.node(&Id::Number(*moved)),
                None => self.node(id),
            },
            Id::Text(_) => self.node(id),
        }
    }

    /// A link by its id; of several, the last.
    pub fn link(&self, id: i64) -> Option<&Link<'a>> {
        let end = self.links_by_id.partition_point(|at| self.links[*at].id <= Some(id));
        let link = &self.links[*self.links_by_id.get(end.checked_sub(1)?)?];
        (link.id == Some(id)).then_some(link)
    }

    /// The number of an input by its name; of several, the first.
    pub fn input(&self, name: &str) -> Option<usize> {
        if self.inputs.len() > MANY {
            return self.inputs_by_name.get(name).copied();
        }
        self.inputs.iter().position(|input| input.name == name)
    }

    /// The input of a node that a link comes in at.
    pub fn target(&self, link: &Link<'_>) -> Option<(usize, &Slot<'a>)> {
        let node = self.node(&link.to)?;
        let inputs = &self.nodes[node].inputs;
        let told = inputs.get(link.to_slot).filter(|input| input.link == link.id);
        let mut near = inputs.iter().take(SEARCHED);
        let input = told.or_else(|| near.find(|input| input.link == link.id))?;
        Some((node, input))
    }

    pub(super) fn index(&mut self) {
        self.onward = vec![Vec::new(); self.inputs.len()];
        self.inward = vec![None; self.outputs.len()];
        self.links_by_id = (0..self.links.len()).collect();
        self.links_by_id.sort_by_key(|at| self.links[*at].id);
        self.nodes_by_id = (0..self.nodes.len()).collect();
        self.nodes_by_id.sort_by(|one, other| self.nodes[*one].id.cmp(&self.nodes[*other].id));
        let before = self.nodes_by_id.len();
        self.nodes_by_id.dedup_by(|one, other| self.nodes[*one].id == self.nodes[*other].id);
        self.doubles = before - self.nodes_by_id.len();
        if self.inputs.is_empty() && self.outputs.is_empty() {
            return;
        }
        let mut times: HashMap<&str, usize> = HashMap::new();
        self.ranks.clear();
        for (number, input) in self.inputs.iter().enumerate() {
            let time = times.entry(&input.name).or_default();
            self.ranks.push(*time);
            if *time == 0 && self.inputs.len() > MANY {
                self.inputs_by_name.insert(input.name.to_string(), number);
            }
            *time += 1;
        }
        for (number, link) in self.links.iter().enumerate() {
            if link.from == INPUT_BOX
                && let Some(links) = self.onward.get_mut(link.from_slot)
            {
                links.push(number);
            }
            if link.to == OUTPUT_BOX
                && let Some(first @ None) = self.inward.get_mut(link.to_slot)
            {
                *first = Some(number);
            }
        }
        // The order in which they were made, which the file keeps aside.
        for (links, input) in self.onward.iter_mut().zip(&self.inputs) {
            if links.len() > 1 {
                let place: HashMap<i64, usize> =
                    input.links.iter().enumerate().map(|(at, id)| (*id, at)).collect();
                let place_of =
                    |number: &usize| self.links[*number].id.and_then(|id| place.get(&id).copied());
                links.sort_by_key(|number| place_of(number).unwrap_or(usize::MAX));
            }
        }
    }
}

/// Takes a saved graph apart: the graph itself first, then all definitions.
pub(super) fn of_graph<'a>(saved: Saved<'a>, info: &'a ObjectInfo) -> Vec<Part<'a>> {
    let mut all = Vec::new();
    let groups = saved.groups.clone();
    flatten(saved, &mut all);
    renumber(&mut all);
    let mut by_id: HashMap<String, usize> = HashMap::new();
    for (number, (part, _, _)) in all.iter().enumerate().skip(1) {
        by_id.entry(part.id.clone().into_owned()).or_insert(number);
    }
    let mut parts = Vec::with_capacity(all.len());
    let mut broadcasts = Vec::with_capacity(all.len());
    for (part, own, _) in all {
        parts.push(part);
        broadcasts.push(own);
    }
    group::add(&groups, info, &mut parts, &mut by_id);
    broadcasts.resize_with(parts.len(), Vec::new);
    for (part, broadcasts) in parts.iter_mut().zip(broadcasts) {
        part.roles = part.nodes.iter().map(|node| role(node, info, &by_id)).collect();
        part.setters = setters(part);
        part.index();
        if !broadcasts.is_empty() {
            connect(part, broadcasts);
            part.index();
        }
    }
    parts
}

type Flat<'a> = (Part<'a>, Vec<Broadcast<'a>>, Option<i64>);

/// Definitions in the order of the file, each followed by those within it.
fn flatten<'a>(saved: Saved<'a>, all: &mut Vec<Flat<'a>>) {
    let part = part(saved.id, saved.name, saved.nodes, saved.links, saved.inputs, saved.outputs);
    all.push((part, saved.broadcasts, saved.last_node));
    for definition in saved.definitions {
        flatten(definition, all);
    }
}

/// A part that is not indexed yet.
pub(super) fn part<'a>(
    id: Cow<'a, str>,
    name: Cow<'a, str>,
    nodes: Vec<Node<'a>>,
    links: Vec<Link<'a>>,
    inputs: Vec<Port<'a>>,
    outputs: Vec<Port<'a>>,
) -> Part<'a> {
    Part {
        id,
        name,
        nodes,
        roles: Vec::new(),
        links,
        inputs,
        outputs,
        onward: Vec::new(),
        inward: Vec::new(),
        ranks: Vec::new(),
        places: None,
        setters: HashMap::new(),
        doubles: 0,
        nodes_by_id: Vec::new(),
        links_by_id: Vec::new(),
        inputs_by_name: HashMap::new(),
        moved: HashMap::new(),
    }
}

/// Gives nodes of definitions whose id is used before the next free one, as the page does.
fn renumber(all: &mut [Flat<'_>]) {
    let Some(((root, _, last), definitions)) = all.split_first_mut() else { return };
    if definitions.is_empty() {
        return;
    }
    let number = |id: &Id<'_>| match id {
        Id::Number(number) => Some(*number),
        Id::Text(_) => None,
    };
    let mut used: HashSet<i64> = root.nodes.iter().filter_map(|node| number(&node.id)).collect();
    let mut last = last.unwrap_or(0);
    for (part, _, _) in definitions {
        for node in &mut part.nodes {
            let Some(id) = number(&node.id) else { continue };
            if used.insert(id) {
                last = last.max(id);
                continue;
            }
            loop {
                last = last.saturating_add(1);
                if used.insert(last) || last == i64::MAX {
                    break;
                }
            }
            part.moved.insert(id, last);
            node.id = Id::Number(last);
        }
        if part.moved.is_empty() {
            continue;
        }
        for link in &mut part.links {
            for end in [&mut link.from, &mut link.to] {
                if let Some(moved) = number(end).and_then(|id| part.moved.get(&id)) {
                    *end = Id::Number(*moved);
                }
            }
        }
    }
}

/// Nodes of packs that are only there for the page and lead nowhere.
const FOR_THE_EYE: &[&str] = &[
    "Bookmark (rgthree)",
    "Label (rgthree)",
    "Fast Actions Button (rgthree)",
    "Fast Bypasser (rgthree)",
    "Fast Groups Bypasser (rgthree)",
    "Fast Groups Muter (rgthree)",
    "Fast Muter (rgthree)",
    "Mute / Bypass Relay (rgthree)",
    "Mute / Bypass Repeater (rgthree)",
    "Node Collector (rgthree)",
    "Random Unmuter (rgthree)",
];

fn role<'a>(node: &Node<'a>, info: &'a ObjectInfo, by_id: &HashMap<String, usize>) -> Role<'a> {
    match &*node.kind {
        "Note" | "MarkdownNote" => return Role::Nothing,
        "Reroute" => return Role::Passes,
        "PrimitiveNode" => return Role::Primitive,
        _ => {}
    }
    if let Some(layout) = info.layout(&node.kind) {
        return Role::Class(layout);
    }
    if let Some(part) = by_id.get(&*node.kind) {
        return Role::Instance(*part);
    }
    match &*node.kind {
        "SetNode" | "easy setNode" | "Reroute (rgthree)" => Role::Passes,
        "GetNode" | "easy getNode" => Role::Gets,
        // Its connections are in the file, and it does nothing itself.
        kind if kind.starts_with("Anything Everywhere") || kind == "Prompts Everywhere" => {
            Role::Nothing
        }
        kind if FOR_THE_EYE.contains(&kind) => Role::Nothing,
        _ if node.inputs.is_empty() && node.outputs.is_empty() => Role::Nothing,
        _ => Role::Unknown,
    }
}

fn setters(part: &Part<'_>) -> HashMap<String, usize> {
    let mut setters = HashMap::new();
    for (number, node) in part.nodes.iter().enumerate() {
        if matches!(&*node.kind, "SetNode" | "easy setNode")
            && let Some(name) = node.first_text()
        {
            setters.entry(name).or_insert(number);
        }
    }
    setters
}

/// Makes links of what Use Everywhere connects.
fn connect<'a>(part: &mut Part<'a>, broadcasts: Vec<Broadcast<'a>>) {
    let mut next = part.links.iter().filter_map(|link| link.id).max().unwrap_or(0);
    let mut seats: HashMap<usize, Vec<(String, String)>> = HashMap::new();
    for broadcast in broadcasts {
        next = next.saturating_add(1);
        let mut link = Link {
            id: Some(next),
            from: broadcast.from,
            from_slot: broadcast.from_slot,
            to: broadcast.to,
            to_slot: broadcast.to_slot,
        };
        if link.to != OUTPUT_BOX {
            let Some(node) = part.node(&link.to) else { continue };
            if part.nodes[node].inputs.len() > SEARCHED {
                continue;
            }
            let seats = seats.entry(node).or_insert_with(|| seats_of(part, node));
            let seat = seats.get(link.to_slot);
            let Some((name, kind)) = free_input(part, node, link.to_slot, seat, &broadcast.kind)
            else {
                continue;
            };
            let inputs = &mut part.nodes[node].inputs;
            link.to_slot = match inputs.iter().position(|input| input.name == name) {
                Some(at) => at,
                None => {
                    let name = Cow::Owned(name);
                    inputs.push(Slot { name, kind: Cow::Owned(kind), link: None, widget: false });
                    inputs.len() - 1
                }
            };
            inputs[link.to_slot].link = link.id;
        }
        part.links.push(link);
    }
}

/// Names and types of a node's inputs as the page builds them.
fn seats_of(part: &Part<'_>, node: usize) -> Vec<(String, String)> {
    let Role::Class(layout) = part.roles[node] else { return Vec::new() };
    let seats = widgets::seats(layout, &part.nodes[node]);
    seats.into_iter().map(|seat| (seat.name.into_owned(), seat.kind.to_owned())).collect()
}

/// The input that a number means: among all inputs as the page builds them, or among those that
/// were saved; the first of them that is free and of the type.
fn free_input(
    part: &Part<'_>,
    node: usize,
    number: usize,
    seat: Option<&(String, String)>,
    kind: &str,
) -> Option<(String, String)> {
    let inputs = &part.nodes[node].inputs;
    let free = |link: Option<i64>| link.is_none_or(|link| part.link(link).is_none());
    let saved = inputs.get(number).filter(|input| free(input.link));
    let saved = saved.map(|input| (input.name.to_string(), input.kind.to_string()));
    let seat = seat.filter(|(name, _)| {
        inputs.iter().find(|input| input.name == *name).is_none_or(|input| free(input.link))
    });
    let of_kind = |found: &&(String, String)| super::links::compatible(&found.1, kind);
    let best = [seat, saved.as_ref()].into_iter().flatten().find(of_kind).cloned();
    best.or_else(|| seat.cloned()).or(saved)
}
