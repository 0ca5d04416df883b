//! The graph of a prompt, walked: what runs, in which order, what feeds which sampler, and where
//! words end up.

use super::{
    kind::About,
    role::{last_part, names_lora, titles_task},
};
use crate::{
    ObjectInfo,
    plan::order_from,
    preflight::{
        check::Views,
        class::{Possible, Spec},
        graph::{Graph, NodeView},
    },
    prompt::{Input, Node, Prompt},
};
use domain::NodeClass;
use std::{
    cell::{OnceCell, RefCell},
    collections::{HashMap, HashSet},
};

/// Types that hold what can be seen or heard.
pub(super) const PICTURED: &[&str] = &["IMAGE", "VIDEO", "AUDIO", "LATENT", "SVG", "MESH"];

/// The prompt's graph with what walking it tells.
pub(super) struct Net<'a> {
    pub graph: Graph<'a>,
    pub views: Views<'a>,
    /// The nodes that run, sources first.
    pub order: Vec<u32>,
    /// Of each node: who uses its outputs, and the place of the input.
    users: Vec<Vec<(u32, usize)>>,
    /// Of each node: the first sampler that it feeds, by number; samplers feed themselves.
    pub stage: Vec<u32>,
    /// Of each node: the sides that its words reach.
    pub sides: Vec<Sides>,
    /// Of each node: whether it says what a sampler begins with.
    pub begins: Vec<bool>,
    traits: Vec<OnceCell<Traits>>,
    /// By where a specification is: each is there once while the classes are looked at.
    abouts: RefCell<HashMap<usize, About>>,
}

/// What a node is like, worked out once for all of its inputs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Traits {
    /// How many inputs are linked to other nodes.
    pub links: usize,
    /// How many values it has.
    pub values: usize,
    /// Whether it takes what it makes: it changes a picture instead of beginning one.
    pub alters: bool,
    /// Whether one of its inputs names a LoRA.
    pub has_lora: bool,
    /// Whether its title says that its words are about the task of a language model.
    pub of_task: bool,
    /// Whether it is told in words what to make.
    pub has_prompt: bool,
    /// Whether others use it, and all of them as a mask.
    pub is_mask: bool,
}

/// Which side of a sampler words reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sides {
    positive: bool,
    negative: bool,
    second: bool,
}

/// One side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Side {
    Positive,
    Negative,
    /// A further condition beside the first. What is not wanted may go there too, as in guiders with
    /// two scales.
    Second,
}

impl Sides {
    fn add(&mut self, side: Side) {
        match side {
            Side::Positive => self.positive = true,
            Side::Negative => self.negative = true,
            Side::Second => self.second = true,
        }
    }

    /// What words are that reach these; words on both sides are wanted.
    pub fn side(self) -> Option<Side> {
        if self.positive || (self.second && !self.negative) {
            return Some(Side::Positive);
        }
        self.negative.then_some(Side::Negative)
    }
}

impl<'a> Net<'a> {
    pub fn new(prompt: &'a Prompt, info: &'a ObjectInfo) -> Self {
        let graph = Graph::new(prompt);
        let views = Views::new(&graph, info);
        let order = running(prompt, &graph, &views);
        let many = graph.nodes.len();
        let mut net = Self {
            graph,
            views,
            order,
            users: vec![Vec::new(); many],
            stage: vec![u32::MAX; many],
            sides: vec![Sides::default(); many],
            begins: vec![false; many],
            traits: vec![OnceCell::new(); many],
            abouts: RefCell::default(),
        };
        for user in &net.order {
            for (at, (_, input)) in net.graph.nodes[*user as usize].node.inputs.iter().enumerate() {
                if let Some((source, _)) = source_of(&net.graph, input) {
                    net.users[source as usize].push((*user, at));
                }
            }
        }
        net.number_stages();
        net.follow_sizes();
        net
    }

    pub fn node(&self, node: u32) -> &NodeView<'a> {
        &self.graph.nodes[node as usize]
    }

    pub fn class(&self, node: u32) -> Option<&'a NodeClass> {
        self.views.of(node).map(|view| view.class)
    }

    /// Who uses a node's outputs, and which of their inputs do.
    pub fn users(&self, node: u32) -> impl Iterator<Item = (u32, &'a str, &'a Input)> {
        self.users[node as usize].iter().map(|(user, at)| {
            let (name, input) = &self.node(*user).node.inputs[*at];
            (*user, name.as_str(), input)
        })
    }

    /// The nodes a node is linked to: by which input, which node, which output, and the type that
    /// comes from there, or else the one that is wanted here.
    pub fn sources(&self, node: u32) -> impl Iterator<Item = (&'a str, u32, u32, Made<'_>)> {
        self.node(node).node.inputs.iter().filter_map(move |(name, input)| {
            let (source, slot) = source_of(&self.graph, input)?;
            let mut made: Made<'_> = self.made(source, slot);
            if made.is_open()
                && let Some(spec) = self.spec(node, name)
            {
                made = Made(spec.kind());
            }
            Some((name.as_str(), source, slot, made))
        })
    }

    /// What an output gives.
    pub fn made(&self, node: u32, slot: u32) -> Made<'a> {
        let output = self.class(node).and_then(|class| class.outputs.get(slot as usize));
        output.map_or(Made("*"), |output| Made(&output.kind))
    }

    /// Whether one of a node's outputs gives one of these types.
    pub fn makes(&self, node: u32, kinds: &[&str]) -> bool {
        self.class(node)
            .is_some_and(|class| class.outputs.iter().any(|it| kinds.contains(&it.kind.as_str())))
    }

    /// What a node is like.
    pub fn traits(&self, node: u32) -> Traits {
        *self.traits[node as usize].get_or_init(|| {
            let inputs = &self.node(node).node.inputs;
            let is_value = |input: &Input| matches!(input, Input::Value(_));
            let from = |made: Made<'_>| PICTURED.contains(&made.0) && self.makes(node, &[made.0]);
            let of_mask = |(_, _, input): (u32, &str, &Input)| match input {
                Input::Link { slot, .. } => self.made(node, *slot).0 == "MASK",
                Input::Value(_) => false,
            };
            Traits {
                links: self.sources(node).count(),
                values: inputs.iter().filter(|(_, input)| is_value(input)).count(),
                alters: self.sources(node).any(|(_, _, _, made)| from(made)),
                has_lora: inputs.iter().any(|(name, _)| names_lora(name)),
                of_task: self.node(node).node.title.as_deref().is_some_and(titles_task),
                has_prompt: inputs.iter().any(|(name, _)| last_part(name) == "prompt"),
                is_mask: self.users(node).next().is_some() && self.users(node).all(of_mask),
            }
        })
    }

    /// What the server says of an input; nothing if it does not know it.
    pub fn about(&self, node: u32, input: &str) -> Option<About> {
        self.about_of(node, self.spec(node, input)?)
    }

    /// What the server says of an input of a node's class.
    pub fn about_of(&self, node: u32, spec: &Spec<'a>) -> Option<About> {
        let class = self.class(node)?;
        let mut abouts = self.abouts.borrow_mut();
        let about = abouts.entry(std::ptr::from_ref(spec).addr());
        Some(about.or_insert_with(|| About::new(spec, class)).clone())
    }

    /// Every input with a widget that the node's class knows; members of growers and rows left out.
    pub fn possible(&self, node: u32, most: usize) -> Vec<Possible<'_, 'a>> {
        self.views.of(node).map(|view| view.possible(most)).unwrap_or_default()
    }

    /// The specification of an input, as the node is set.
    pub fn spec(&self, node: u32, input: &str) -> Option<&Spec<'a>> {
        self.views.of(node)?.find(self.node(node), input)
    }

    /// Whether a node takes conditions and makes something else of them: what samples, and guiders.
    pub fn is_told(&self, node: u32) -> bool {
        let told = self.sources(node).any(|(name, _, _, made)| is_condition(name, made));
        let passes = match self.class(node) {
            Some(class) => {
                class.outputs.iter().any(|output| Made(&output.kind).may_be(&["CONDITIONING"]))
            }
            // What others take of it says what it makes.
            None => self.taken(node).any(|(name, made)| is_condition(name, made)),
        };
        told && !passes
    }

    /// Whether a node samples: it is told what to make, and is no guider.
    fn is_sampler(&self, node: u32) -> bool {
        let guided = self.sources(node).any(|(name, _, _, made)| is_guider(name, made));
        let guides = self.makes(node, &["GUIDER", "CONDITIONING"])
            || (self.class(node).is_none()
                && self.taken(node).any(|(name, made)| is_guider(name, made)));
        (guided || self.is_told(node)) && !guides
    }

    /// By which inputs others take a node's outputs, and which types they want there.
    fn taken(&self, node: u32) -> impl Iterator<Item = (&'a str, Made<'_>)> {
        self.users(node)
            .map(|(user, name, _)| (name, Made(self.spec(user, name).map_or("*", Spec::kind))))
    }

    fn number_stages(&mut self) {
        let samplers: Vec<u32> =
            self.order.iter().copied().filter(|node| self.is_sampler(*node)).collect();
        for (number, sampler) in (0..).zip(samplers) {
            let mut waiting = vec![sampler];
            while let Some(node) = waiting.pop() {
                if self.stage[node as usize] != u32::MAX {
                    continue;
                }
                self.stage[node as usize] = number;
                waiting.extend(self.sources(node).map(|(_, source, _, _)| source));
            }
        }
    }

    /// Walks from samplers towards what they begin with, up to what has a size of its own.
    fn follow_sizes(&mut self) {
        let mut waiting: Vec<u32> = Vec::new();
        for node in self.order.iter().filter(|node| self.is_sampler(**node)) {
            let latents = self.sources(*node).filter(|(_, _, _, made)| made.0 == "LATENT");
            waiting.extend(latents.map(|(_, source, _, _)| source));
        }
        while let Some(node) = waiting.pop() {
            if std::mem::replace(&mut self.begins[node as usize], true) {
                continue;
            }
            let view = self.node(node);
            if view.has("width") && view.has("height") {
                continue;
            }
            let sources: Vec<u32> = self
                .sources(node)
                .filter(|(_, _, _, made)| made.may_be(&["LATENT", "IMAGE"]))
                .map(|(_, source, _, _)| source)
                .collect();
            waiting.extend(sources);
        }
    }

    /// Walks from inputs that take words on one side to all nodes that words come from. `starts` are
    /// nodes, outputs and sides.
    pub fn follow_words(&mut self, starts: Vec<(u32, u32, Side)>) {
        let mut seen: HashSet<(u32, Option<Side>, Side)> = HashSet::new();
        let mut waiting = starts;
        while let Some((node, slot, side)) = waiting.pop() {
            let output = self.class(node).and_then(|class| class.outputs.get(slot as usize));
            // A node with both sides passes each on, and says which.
            let passed = output.and_then(|output| named_side(&output.name));
            if !seen.insert((node, passed, side)) {
                continue;
            }
            self.sides[node as usize].add(side);
            let of_side =
                |side| self.sources(node).any(|(name, ..)| named_side(name) == Some(side));
            let both = of_side(Side::Positive) && of_side(Side::Negative);
            let wanted = passed.unwrap_or(match side {
                Side::Second => Side::Positive,
                side => side,
            });
            let known = self.class(node).is_some();
            let next: Vec<_> = self
                .sources(node)
                .filter(|(name, _, _, made)| {
                    made.may_be(&["CONDITIONING", "STRING"])
                        && (known || made.0 != "*" || is_of_words(name))
                        && !(both && named_side(name).is_some_and(|named| named != wanted))
                })
                .map(|(_, source, slot, _)| (source, slot, side))
                .collect();
            waiting.extend(next);
        }
    }

    /// Where conditions go: outputs that samplers and guiders take, and on which side.
    pub fn conditions(&self) -> Vec<(u32, u32, Side)> {
        let mut conditions = Vec::new();
        for node in self.order.iter().filter(|node| self.is_told(**node)) {
            let taken = self.sources(*node).filter(|(name, _, _, made)| is_condition(name, *made));
            let mut unnamed = Side::Positive;
            for (name, source, slot, _) in taken {
                let side = named_side(name)
                    .unwrap_or_else(|| std::mem::replace(&mut unnamed, Side::Second));
                conditions.push((source, slot, side));
            }
        }
        conditions
    }
}

/// A type that an output gives; `*` where that is not known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Made<'a>(pub &'a str);

impl Made<'_> {
    /// Whether it is one of these types, or may be.
    pub fn may_be(self, kinds: &[&str]) -> bool {
        self.is_open() || kinds.contains(&self.0)
    }

    /// Whether it can be anything: switches and reroutes give what they get.
    pub fn is_open(self) -> bool {
        self.0 == "*" || self.0.is_empty() || self.0 == "COMFY_MATCHTYPE_V3" || self.0.contains(',')
    }
}

/// Whether conditions come in here: by type, or by name where no server tells the type.
fn is_condition(name: &str, made: Made<'_>) -> bool {
    let named = || named_side(name).is_some() || name.starts_with("cond");
    made.0 == "CONDITIONING" || (made.is_open() && named())
}

/// Whether a guider comes in here.
fn is_guider(name: &str, made: Made<'_>) -> bool {
    made.0 == "GUIDER" || (made.is_open() && name == "guider")
}

/// The side that the name of an input or an output says.
pub(super) fn named_side(name: &str) -> Option<Side> {
    let name = name.to_ascii_lowercase();
    if name.contains("negative") || name.contains("uncond") || name.contains("empty") {
        return Some(Side::Negative);
    }
    name.contains("positive").then_some(Side::Positive)
}

/// Whether an input of a class that nobody knows may take words or conditions.
fn is_of_words(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    !["clip", "model", "vae", "image", "control_net", "samples", "latent", "pixels", "mask", "seed"]
        .iter()
        .any(|other| name.contains(other))
}

/// The node and the output that an input is linked to; nothing for values and for nodes that are not
/// there.
fn source_of(graph: &Graph<'_>, input: &Input) -> Option<(u32, u32)> {
    match input {
        Input::Link { node, slot } => Some((graph.place(node)?, *slot)),
        Input::Value(_) => None,
    }
}

/// The nodes that lead to an output, sources first. Of classes that the server lacks, nodes that
/// nobody uses count as outputs.
fn running(prompt: &Prompt, graph: &Graph<'_>, views: &Views<'_>) -> Vec<u32> {
    let mut used = vec![false; graph.nodes.len()];
    for view in &graph.nodes {
        for (_, input) in &view.node.inputs {
            if let Some((source, _)) = source_of(graph, input) {
                used[source as usize] = true;
            }
        }
    }
    let is_output = |node: &Node| {
        graph.place(&node.id).is_some_and(|place| match views.of(place) {
            Some(view) => view.class.output_node,
            None => !used[place as usize],
        })
    };
    order_from(prompt, is_output).iter().filter_map(|node| graph.place(&node.id)).collect()
}
