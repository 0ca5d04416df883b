//! The checks of one server, in the order in which one needs the other: classes, links, what leads to
//! an output, then every input.

use super::{
    FindingKind,
    class::{ClassView, Spec},
    files,
    graph::{Graph, NodeView},
    links,
    problem::{About, Fault, Problem, Problems, Rank},
    report::MOST_PLACES,
    values,
    walk::{Edges, Order, one_circle, order, upstream},
};
use crate::{needs::is_model, object_info::ObjectInfo, prompt::Input};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
};

/// Chains longer than this may be refused. ComfyUI 0.3.64 to 0.28.2 check a chain by a function that
/// calls itself, and Python stops that near 1,000: 2,000 nodes were refused, 200 were not.
pub(super) const LONGEST_CHAIN: u32 = 900;
/// Inputs that the page adds for itself.
pub(crate) const PAGE_ONLY: &[&str] = &["upload", "audioUI", "control_after_generate"];
/// Different names that are kept of what is there or not there.
const MOST_NAMES: usize = 10_000;

/// The classes of a prompt, as a server has them.
pub(crate) struct Views<'a> {
    views: Vec<ClassView<'a>>,
    of_node: Vec<Option<usize>>,
}

impl<'a> Views<'a> {
    pub fn new(graph: &Graph<'_>, info: &'a ObjectInfo) -> Self {
        let mut views = Vec::new();
        let mut known: HashMap<&str, Option<usize>> = HashMap::new();
        let mut of_node = Vec::with_capacity(graph.nodes.len());
        for view in &graph.nodes {
            let place = known.entry(&view.node.class).or_insert_with(|| {
                views.push(ClassView::new(info.get(&view.node.class)?));
                Some(views.len() - 1)
            });
            of_node.push(*place);
        }
        Self { views, of_node }
    }

    pub fn of(&self, node: u32) -> Option<&ClassView<'a>> {
        self.views.get(self.of_node[node as usize]?)
    }
}

/// What a server has and lacks of what the prompt names.
#[derive(Default)]
pub(super) struct Stock<'a> {
    pub classes: BTreeSet<&'a str>,
    pub models: BTreeSet<String>,
    pub files: BTreeSet<String>,
    pub no_classes: BTreeMap<String, Vec<u32>>,
    pub no_models: BTreeMap<String, Vec<u32>>,
    pub no_files: BTreeMap<String, Vec<u32>>,
}

/// All that was found.
pub(super) struct Found<'a> {
    pub problems: Problems<'a>,
    /// Output nodes that run, and those that do not with the node that is to blame.
    pub good_outputs: Vec<u32>,
    pub broken_outputs: Vec<(u32, u32)>,
    pub stock: Stock<'a>,
}

impl Found<'_> {
    /// Whether the server refuses the prompt.
    pub fn is_blocked(&self) -> bool {
        self.problems.count(Rank::Always) > 0
            || (self.problems.count(Rank::Refused) > 0 && self.good_outputs.is_empty())
    }
}

struct Check<'a> {
    graph: &'a Graph<'a>,
    views: &'a Views<'a>,
    problems: Problems<'a>,
    reached: Vec<bool>,
    /// Nodes that the server refuses for something of their own.
    refused: Vec<bool>,
    stock: Stock<'a>,
}

pub(super) fn check<'a>(graph: &'a Graph<'a>, views: &'a Views<'a>) -> Found<'a> {
    let (edges, known) = edges(graph, views);
    let all = graph.places();
    let is_output = |node: &u32| views.of(*node).is_some_and(|view| view.class.output_node);
    let outputs: Vec<u32> = all.clone().filter(is_output).collect();
    let classes_missing = all.clone().any(|node| views.of(node).is_none());
    let mut ends = outputs.clone();
    if classes_missing || outputs.is_empty() {
        ends.extend(
            unused(&edges, all.clone())
                .filter(|node| outputs.is_empty() || views.of(*node).is_none()),
        );
    }
    let many = graph.nodes.len();
    let mut check = Check {
        graph,
        views,
        problems: Problems::default(),
        reached: upstream(&edges, ends),
        refused: vec![false; many],
        stock: Stock::default(),
    };
    let mut next = 0;
    for node in all {
        let many = check.graph.nodes[node as usize].node.inputs.len();
        check.node(node, &known[next..next + many]);
        next += many;
    }
    if outputs.is_empty() && !classes_missing {
        check.whole(FindingKind::NoOutput, Rank::Always, About::Nothing);
    }
    let order = order(&edges);
    check.circles(&order, &edges);
    let to_blame = check.to_blame(&order, &edges);
    check.chains(&order, &edges, &outputs);
    let (mut good_outputs, mut broken_outputs) = (Vec::new(), Vec::new());
    for output in outputs {
        match to_blame[output as usize] {
            Some(blamed) => broken_outputs.push((output, blamed)),
            None => good_outputs.push(output),
        }
    }
    let Check { problems, stock, .. } = check;
    Found { problems, good_outputs, broken_outputs, stock }
}

/// What is known of an input of the prompt.
#[derive(Clone, Copy)]
struct Known<'a> {
    /// What the class says of it, if it has it.
    spec: Option<&'a Spec<'a>>,
    /// The node it is linked to, if that is there.
    source: Option<u32>,
    /// Another one of the same name comes later.
    replaced: bool,
}

/// The links that a server follows, and what is known of each input of the prompt.
fn edges<'a>(graph: &Graph<'a>, views: &'a Views<'a>) -> (Edges, Vec<Known<'a>>) {
    let mut edges = Edges::with_room(graph.nodes.len());
    let mut all = Vec::new();
    for place in graph.places() {
        let (node, view) = (&graph.nodes[place as usize], views.of(place));
        for (at, (name, input)) in node.node.inputs.iter().enumerate() {
            let replaced = node.is_replaced(at, name);
            let spec = view.filter(|_| !replaced).and_then(|view| view.find(node, name));
            let source = match input {
                Input::Link { node, .. } => graph.place(node),
                Input::Value(_) => None,
            };
            if let Some(source) = source.filter(|_| spec.is_some() || (view.is_none() && !replaced))
            {
                edges.add(source);
            }
            all.push(Known { spec, source, replaced });
        }
        edges.end_node();
    }
    (edges, all)
}

/// The nodes that no other one uses.
fn unused(edges: &Edges, all: std::ops::Range<u32>) -> impl Iterator<Item = u32> {
    let mut used = vec![false; all.len()];
    for node in all.clone() {
        edges.of(node).iter().for_each(|source| used[*source as usize] = true);
    }
    all.filter(move |node| !used[*node as usize])
}

impl<'a> Check<'a> {
    fn node(&mut self, place: u32, known: &[Known<'a>]) {
        let graph = self.graph;
        let node = &graph.nodes[place as usize];
        let Some(view) = self.views.of(place) else {
            let fault = Fault::new(FindingKind::ClassMissing, Rank::Always, About::Nothing);
            self.problems.push(Problem {
                fault,
                node: Some(place),
                input: None,
                given: None,
                spec: None,
            });
            note(&mut self.stock.no_classes, &node.node.class, place);
            return;
        };
        if self.stock.classes.len() < MOST_NAMES {
            self.stock.classes.insert(&view.class.name);
        }
        let mut unknown = Vec::new();
        for (at, (name, input)) in node.node.inputs.iter().enumerate() {
            let Known { spec, source, replaced } = known[at];
            match (spec, input) {
                (Some(spec), Input::Link { node: id, slot }) => {
                    let fault = self.link(spec, id, source, *slot);
                    self.input(place, at, name, fault, None, Some(spec));
                }
                (Some(spec), Input::Value(raw)) => {
                    let mut fault = values::fault(spec, raw.get());
                    let off_list = [FindingKind::NotInList, FindingKind::ListEmpty];
                    if fault.as_ref().is_some_and(|fault| off_list.contains(&fault.kind))
                        && brings_its_list(node, known, raw.get())
                    {
                        fault = None;
                    }
                    self.take_stock(place, spec, raw.get(), fault.as_ref());
                    self.input(place, at, name, fault, Some(raw.get()), Some(spec));
                }
                (None, _) if replaced => {}
                (None, _) => unknown.push((at, name, input)),
            }
        }
        self.unknown(place, view, &unknown);
        for missing in view.missing(node) {
            let rank = if missing.refused { Rank::Refused } else { Rank::Warns };
            let fault = Fault::new(FindingKind::InputMissing, rank, About::Nothing);
            let end = node.node.inputs.len();
            self.push(place, fault, Some((Cow::Owned(missing.name), end)), None, None);
        }
        if view.class.api_node && self.reached[place as usize] {
            let fault = Fault::new(FindingKind::PaidService, Rank::Warns, About::Nothing);
            self.push(place, fault, None, None, None);
        }
    }

    fn link(&self, spec: &Spec<'_>, id: &str, source: Option<u32>, slot: u32) -> Option<Fault> {
        let Some(from) = source else {
            let about = About::From(id.to_owned());
            return Some(Fault::new(FindingKind::LinkToNothing, Rank::Refused, about));
        };
        // Of a missing class nothing is known.
        links::fault(spec, self.views.of(from)?.class, from, slot)
    }

    /// Inputs that the class does not have: the server passes over them, but waits for what is
    /// connected to them.
    fn unknown(
        &mut self,
        place: u32,
        view: &ClassView<'_>,
        inputs: &[(usize, &'a String, &'a Input)],
    ) {
        let mut names = Vec::new();
        for (at, name, input) in inputs {
            let fault = match input {
                Input::Link { node, .. } if self.graph.place(node).is_none() => {
                    let about = About::From(node.clone());
                    Some(Fault::new(FindingKind::LinkToNothing, Rank::Warns, about))
                }
                _ if view.is_in_rows(name) => {
                    let about = About::Names(vec![(*name).clone()]);
                    Some(Fault::new(FindingKind::InputUnknown, Rank::Refused, about))
                }
                Input::Value(raw) if raw.get() == "\"\"" || PAGE_ONLY.contains(&name.as_str()) => {
                    None
                }
                _ => {
                    names.push((*at, *name));
                    None
                }
            };
            self.input(place, *at, name, fault, None, None);
        }
        if let Some((at, first)) = names.first() {
            let all = names.iter().take(5).map(|(_, name)| (*name).clone()).collect();
            let fault = Fault::new(FindingKind::InputUnknown, Rank::Says, About::Names(all));
            self.input(place, *at, first, Some(fault), None, None);
        }
    }

    fn input(
        &mut self,
        place: u32,
        at: usize,
        name: &'a str,
        fault: Option<Fault>,
        given: Option<&'a str>,
        spec: Option<&'a Spec<'a>>,
    ) {
        if let Some(fault) = fault {
            self.push(place, fault, Some((Cow::Borrowed(name), at)), given, spec);
        }
    }

    fn push(
        &mut self,
        place: u32,
        mut fault: Fault,
        input: Option<(Cow<'a, str>, usize)>,
        given: Option<&'a str>,
        spec: Option<&'a Spec<'a>>,
    ) {
        if fault.rank == Rank::Refused {
            self.refused[place as usize] = true;
        }
        // What leads to no output is not looked at, and does not run.
        if !self.reached[place as usize] {
            fault.rank = Rank::Says;
        }
        self.problems.push(Problem { fault, node: Some(place), input, given, spec });
    }

    fn whole(&mut self, kind: FindingKind, rank: Rank, about: About) {
        let fault = Fault::new(kind, rank, about);
        self.problems.push(Problem { fault, node: None, input: None, given: None, spec: None });
    }

    /// Notes which models and files are there and which are not.
    fn take_stock(&mut self, place: u32, spec: &Spec<'_>, raw: &str, fault: Option<&Fault>) {
        if spec.list().is_none() || !self.reached[place as usize] {
            return;
        }
        let Ok(text) = serde_json::from_str::<String>(values::unwrap(raw).unwrap_or(raw)) else {
            return;
        };
        let kind = fault.map(|fault| fault.kind);
        let sure = fault.is_some_and(|fault| fault.about != About::CannotTell);
        let is_model = is_model(&text) || kind == Some(FindingKind::ModelMissing);
        match kind {
            Some(FindingKind::ModelMissing | FindingKind::ListEmpty) if is_model => {
                note(&mut self.stock.no_models, &text, place);
            }
            Some(FindingKind::InputFileMissing) if sure => {
                note(&mut self.stock.no_files, &text, place);
            }
            None if files::is_upload(&spec.input) => keep(&mut self.stock.files, text),
            None if is_model => keep(&mut self.stock.models, text),
            _ => {}
        }
    }

    fn circles(&mut self, order: &Order, edges: &Edges) {
        for group in &order.circles {
            group.iter().for_each(|node| self.refused[*node as usize] = true);
            let first = group.iter().min().copied().unwrap_or_default();
            let mut way = one_circle(edges, group);
            let more = way.len().saturating_sub(MOST_PLACES);
            way.truncate(MOST_PLACES);
            let fault = Fault::new(FindingKind::Circle, Rank::Refused, About::Nodes(way, more));
            self.push(first, fault, None, None, None);
        }
    }

    /// For each node that is not run the nearest node that is refused for something of its own.
    fn to_blame(&self, order: &Order, edges: &Edges) -> Vec<Option<u32>> {
        let mut blamed = vec![None; self.refused.len()];
        for node in &order.nodes {
            let at = *node as usize;
            blamed[at] = if self.refused[at] {
                Some(*node)
            } else {
                edges.of(*node).iter().find_map(|source| blamed[*source as usize])
            };
        }
        blamed
    }

    /// The output that hangs on the longest chain, if that is too long.
    fn chains(&mut self, order: &Order, edges: &Edges, outputs: &[u32]) {
        let mut length = vec![1_u32; self.refused.len()];
        for node in &order.nodes {
            let before = edges.of(*node).iter().map(|source| length[*source as usize]).max();
            length[*node as usize] = before.unwrap_or(0).saturating_add(1);
        }
        let longest = outputs.iter().max_by_key(|output| length[**output as usize]);
        if let Some(output) = longest.filter(|output| length[**output as usize] > LONGEST_CHAIN) {
            let about = About::Many(length[*output as usize] as usize);
            let fault = Fault::new(FindingKind::ChainTooLong, Rank::Warns, about);
            self.push(*output, fault, None, None, None);
        }
    }
}

/// Whether the node itself has the value in an input that its class does not have. So the page writes
/// the list of a node whose values the artist makes up (Custom Combo), and the server looks at none.
fn brings_its_list(node: &NodeView<'_>, known: &[Known<'_>], value: &str) -> bool {
    let inputs = node.node.inputs.iter().zip(known);
    inputs.filter(|(_, known)| known.spec.is_none()).any(|((_, input), _)| match input {
        Input::Value(raw) => raw.get() == value,
        Input::Link { .. } => false,
    })
}

fn keep(of: &mut BTreeSet<String>, name: String) {
    if of.len() < MOST_NAMES {
        of.insert(name);
    }
}

fn note(of: &mut BTreeMap<String, Vec<u32>>, name: &str, node: u32) {
    if let Some(nodes) = of.get_mut(name) {
        if nodes.len() < MOST_PLACES {
            nodes.push(node);
        }
    } else if of.len() < MOST_NAMES {
        of.insert(name.to_owned(), vec![node]);
    }
}
