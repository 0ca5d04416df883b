//! A graph with its subgraphs opened, each time it is used, and what each of them is given.

use super::{
    ConvertError, MOST_NODES, fits,
    graph::{Id, Node, Values},
    group::Place,
    layout::Widget,
    links::Known,
    parts::{MANY, Part, Role},
    widgets::{self, Widgets},
};
use serde_json::value::RawValue;
use std::{
    borrow::Cow,
    cell::{OnceCell, RefCell},
};

/// How deep subgraphs may be within subgraphs.
const DEEPEST: usize = 64;

/// The first widget that an input of a part leads to: the node and the widget's name. Within a
/// nested subgraph, the node that stands for it and the name of its input.
type Lead<'w> = Option<(usize, &'w str)>;

/// A part in one of the places where it is used.
pub(super) struct Scope<'w> {
    pub part: usize,
    /// The node that stands for it; none for the graph itself.
    pub host: Option<Host>,
    /// What ids of its nodes begin with.
    pub prefix: String,
    /// Nodes that stand for scopes, with those scopes; by number.
    children: Vec<(usize, usize)>,
    given: Given<'w>,
    pub doubt: Option<HostDoubt>,
    /// Whether a node that stands for it, or for what it is within, is muted or bypassed.
    pub off: bool,
}

/// A doubt about the values that are saved at a node that stands for a scope.
#[derive(Clone, Copy)]
pub(super) enum HostDoubt {
    /// They are more or fewer than there are places for them.
    Count { values: usize, places: usize },
    /// They are not what the widgets inside can hold, and were not taken.
    Unfit,
}

/// The node that stands for a scope.
#[derive(Clone, Copy)]
pub(super) struct Host {
    pub scope: usize,
    pub node: usize,
}

/// What the outside of a subgraph says about its inside.
#[derive(Default)]
struct Given<'w> {
    /// Values of inputs by number, in their order; of several the first counts.
    ports: Vec<(usize, &'w RawValue)>,
    /// Values of widgets by node and name, in their order; of several the last counts.
    widgets: Vec<(usize, &'w str, &'w RawValue)>,
}

impl<'w> Given<'w> {
    fn port(&self, port: usize) -> Option<&'w RawValue> {
        let at = self.ports.partition_point(|(other, _)| *other < port);
        self.ports.get(at).filter(|(other, _)| *other == port).map(|(_, raw)| *raw)
    }

    fn of_node(&self, node: usize) -> &[(usize, &'w str, &'w RawValue)] {
        let start = self.widgets.partition_point(|(other, _, _)| *other < node);
        let end = self.widgets.partition_point(|(other, _, _)| *other <= node);
        &self.widgets[start..end]
    }
}

/// Everything that is being converted.
pub(super) struct Work<'w> {
    pub parts: &'w [Part<'w>],
    pub scopes: Vec<Scope<'w>>,
    widgets: Vec<Vec<OnceCell<Widgets<'w>>>>,
    leads: Vec<Vec<OnceCell<Lead<'w>>>>,
    pub known: RefCell<Known<'w>>,
    /// How much was opened.
    opened: usize,
}

impl<'w> Work<'w> {
    /// Opens all subgraphs.
    ///
    /// # Errors
    /// When they hold themselves, or too much.
    pub fn new(parts: &'w [Part<'w>]) -> Result<Self, ConvertError> {
        check_nesting(parts, 0, &mut vec![None; parts.len()], DEEPEST)?;
        let cells = |part: &Part<'_>| part.nodes.iter().map(|_| OnceCell::new()).collect();
        let ports = |part: &Part<'_>| part.inputs.iter().map(|_| OnceCell::new()).collect();
        let mut work = Self {
            parts,
            scopes: Vec::new(),
            widgets: parts.iter().map(cells).collect(),
            leads: parts.iter().map(ports).collect(),
            known: RefCell::default(),
            opened: 0,
        };
        work.open(0, None, String::new(), Given::default())?;
        Ok(work)
    }

    fn open(
        &mut self,
        part: usize,
        host: Option<Host>,
        prefix: String,
        given: Given<'w>,
    ) -> Result<usize, ConvertError> {
        let parts = self.parts;
        let here = &parts[part];
        // Everything that is looked at each time a part is used.
        self.opened +=
            here.nodes.len() + here.inputs.len() + given.ports.len() + given.widgets.len();
        if self.opened > MOST_NODES {
            return Err(ConvertError::TooManyNodes { most: MOST_NODES });
        }
        let scope = self.scopes.len();
        let off = host.is_some_and(|host| {
            let node = self.node(host.scope, host.node);
            self.scopes[host.scope].off || node.muted() || node.bypassed()
        });
        let children = Vec::new();
        self.scopes.push(Scope { part, host, prefix, children, given, doubt: None, off });
        for (number, node) in here.nodes.iter().enumerate() {
            let Role::Instance(inner) = here.roles[number] else { continue };
            // Muted and bypassed ones are opened too, as the page does, unless they are outermost.
            if host.is_none() && (node.muted() || node.bypassed()) {
                continue;
            }
            // One with the id of another would be taken for it.
            if node.id == Id::default() || here.node(&node.id) != Some(number) {
                continue;
            }
            let prefix = format!("{}{}:", self.scopes[scope].prefix, node.id);
            let (given, doubt) = self.given_to(scope, number, inner);
            let child = self.open(inner, Some(Host { scope, node: number }), prefix, given)?;
            self.scopes[child].doubt = doubt;
            self.scopes[scope].children.push((number, child));
        }
        Ok(scope)
    }

    pub fn part(&self, scope: usize) -> &'w Part<'w> {
        &self.parts[self.scopes[scope].part]
    }

    pub fn node(&self, scope: usize, node: usize) -> &'w Node<'w> {
        &self.part(scope).nodes[node]
    }

    /// The scope that a node stands for.
    pub fn child(&self, scope: usize, node: usize) -> Option<usize> {
        let children = &self.scopes[scope].children;
        let at = children.binary_search_by_key(&node, |(number, _)| *number).ok()?;
        Some(children[at].1)
    }

    /// The title of a node: its own, or that of its class.
    pub fn title(&self, scope: usize, node: usize) -> &'w str {
        let there = self.node(scope, node);
        match (there.title.as_deref(), self.part(scope).roles[node]) {
            (Some(title), _) if !title.is_empty() => title,
            (_, Role::Class(layout)) => &layout.title,
            (_, Role::Instance(part)) => &self.parts[part].name,
            _ => &there.kind,
        }
    }

    /// The values of a node's widgets, as it saved them.
    pub fn widgets(&self, part: usize, node: usize) -> &Widgets<'w> {
        self.widgets[part][node].get_or_init(|| {
            let parts: &'w [Part<'w>] = self.parts;
            let there = &parts[part].nodes[node];
            match parts[part].roles[node] {
                Role::Class(layout) => widgets::of_class(layout, there),
                _ => widgets::of_unknown(there),
            }
        })
    }

    /// What a node that stands for a subgraph says about the inside.
    fn given_to(&self, scope: usize, node: usize, inner: usize) -> (Given<'w>, Option<HostDoubt>) {
        let (mut given, mut doubt) = self.saved_at(self.node(scope, node), inner);
        if !self.fits(inner, &given) {
            (given, doubt) = (Given::default(), Some(HostDoubt::Unfit));
        }
        // What this one was told about the node itself comes before what the node says.
        let part = &self.parts[inner];
        for (_, name, raw) in self.scopes[scope].given.of_node(node) {
            let leads = |port: &usize| {
                self.leads_to(inner, *port).is_some_and(|(_, widget)| widget == *name)
            };
            let port = part.input(name).or_else(|| (0..part.inputs.len().min(MANY)).find(leads));
            given.ports.extend(port.map(|port| (port, *raw)));
        }
        given.ports.reverse();
        given.ports.sort_by_key(|(port, _)| *port);
        given.widgets.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        (given, doubt)
    }

    /// What values that are saved at a node say about the inside of a part.
    fn saved_at(&self, host: &'w Node<'w>, inner: usize) -> (Given<'w>, Option<HostDoubt>) {
        let part = &self.parts[inner];
        let mut given = Given::default();
        let mut doubt = None;
        let mut count = |values: usize, places: usize| {
            if values > 0 && values != places {
                doubt = Some(HostDoubt::Count { values, places });
            }
        };
        let values: &'w [&'w RawValue] = match &host.values {
            Values::List(values) => values,
            _ => &[],
        };
        let said = |raw: &&'w RawValue| raw.get() != "null";
        if let Some(places) = &part.places {
            for (place, raw) in places.iter().zip(values) {
                if let Place::Widget(node, widget) = place
                    && said(raw)
                {
                    given.widgets.push((*node, widget, raw));
                }
            }
            count(values.len(), places.len());
        } else if host.properties.proxies.is_empty() {
            let ports = (0..part.inputs.len()).filter(|port| self.leads_to(inner, *port).is_some());
            if let (true, Values::Named(named)) = (values.is_empty(), &host.named) {
                for (name, raw) in named {
                    given.ports.extend(part.input(name).map(|port| (port, *raw)));
                }
            } else if !values.is_empty() {
                let ports: Vec<usize> = ports.collect();
                count(values.len(), ports.len());
                let pairs = ports.into_iter().zip(values.iter().copied());
                given.ports.extend(pairs.filter(|(_, raw)| said(raw)));
            }
        } else {
            for (proxy, raw) in host.properties.proxies.iter().zip(values) {
                if !said(raw) {
                    continue;
                }
                if proxy.node == Id::Number(-1) {
                    given.ports.extend(part.input(&proxy.widget).map(|port| (port, *raw)));
                } else if let Some(node) = part.node_in_file(&proxy.node) {
                    let name = without_number(&proxy.widget);
                    given.widgets.push((node, name, raw));
                }
            }
        }
        (given, doubt)
    }

    /// Whether all values are of the types of the widgets they go to.
    fn fits(&self, inner: usize, given: &Given<'w>) -> bool {
        let ports = given.ports.iter().map(|(port, raw)| (self.leads_to(inner, *port), *raw));
        let widgets = given.widgets.iter().map(|(node, name, raw)| (Some((*node, *name)), *raw));
        ports.chain(widgets).all(|(lead, raw)| {
            let widget = lead.and_then(|(node, name)| self.widget_at(inner, node, name));
            widget.is_none_or(|widget| fits::wrong_type(widget, raw.get()).is_none())
        })
    }

    /// The widget of a node in a part, or the one that an input of a nested part leads to.
    fn widget_at(&self, part: usize, node: usize, name: &str) -> Option<&Widget> {
        match self.parts[part].roles[node] {
            Role::Instance(inner) => {
                let (node, name) = self.leads_to(inner, self.parts[inner].input(name)?)?;
                self.widget_at(inner, node, name)
            }
            Role::Class(_) => self.widgets(part, node).get(name)?.widget(),
            _ => None,
        }
    }

    fn leads_to(&self, part: usize, port: usize) -> Lead<'w> {
        *self.leads[part][port].get_or_init(|| {
            let parts: &'w [Part<'w>] = self.parts;
            let here = &parts[part];
            here.onward[port].iter().find_map(|link| {
                let (node, input) = here.target(&here.links[*link])?;
                let is_widget = match here.roles[node] {
                    Role::Class(_) => self.widgets(part, node).get(&input.name).is_some(),
                    Role::Unknown => input.widget,
                    Role::Instance(inner) => {
                        let port = parts[inner].input(&input.name)?;
                        self.leads_to(inner, port).is_some()
                    }
                    _ => false,
                };
                is_widget.then_some((node, &*input.name))
            })
        })
    }

    /// The value of an input of a scope that nothing is connected to on the outside.
    pub fn promoted(&self, scope: usize, port: usize) -> Option<Cow<'w, RawValue>> {
        let here = &self.scopes[scope];
        if let Some(raw) = here.given.port(port) {
            return Some(Cow::Borrowed(raw));
        }
        let (node, name) = self.leads_to(here.part, port)?;
        match self.part(scope).roles[node] {
            Role::Instance(inner) => {
                let port = self.parts[inner].input(name)?;
                self.promoted(self.child(scope, node)?, port)
            }
            _ => self.held(scope, node, name),
        }
    }

    /// The value of a widget in a scope: what the outside says, what a primitive writes into it, or
    /// what is saved.
    pub fn held(&self, scope: usize, node: usize, name: &str) -> Option<Cow<'w, RawValue>> {
        if let Some(raw) = self.given(scope, node, name) {
            return Some(Cow::Borrowed(raw));
        }
        let input = self.node(scope, node).inputs.iter().find(|input| input.name == name);
        if let Some(link) = input.and_then(|input| input.link)
            && let Some(value) = self.written(scope, link)
        {
            return Some(value);
        }
        self.widgets(self.scopes[scope].part, node).get(name)?.value.clone()
    }

    /// What the outside says about a widget.
    pub fn given(&self, scope: usize, node: usize, name: &str) -> Option<&'w RawValue> {
        let given = self.scopes[scope].given.of_node(node);
        let end = given.partition_point(|(_, widget, _)| *widget <= name);
        let found = given.get(end.checked_sub(1)?)?;
        (found.1 == name).then_some(found.2)
    }

    /// What a primitive at the other end of a link writes.
    fn written(&self, scope: usize, link: i64) -> Option<Cow<'w, RawValue>> {
        let part = self.part(scope);
        let node = part.node(&part.link(link)?.from)?;
        matches!(part.roles[node], Role::Primitive).then(|| self.primitive(scope, node)).flatten()
    }

    /// Whether the page fills in what a primitive's text names.
    pub fn fills_in(&self, scope: usize, node: usize, value: &RawValue) -> bool {
        self.node(scope, node).properties.replaces && value.get().matches('%').count() > 1
    }

    /// The value of a primitive.
    pub fn primitive(&self, scope: usize, node: usize) -> Option<Cow<'w, RawValue>> {
        let own = || self.node(scope, node).first_value();
        self.given(scope, node, "value").or_else(own).map(Cow::Borrowed)
    }
}

/// The name of a widget, without the numbers of nodes that old files put before it (`3: text`).
fn without_number(name: &str) -> &str {
    let mut rest = name;
    while let Some((number, after)) = rest.split_once(':') {
        let number = number.trim();
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            break;
        }
        rest = after.trim_start();
    }
    if rest.is_empty() { name } else { rest }
}

/// Looks for subgraphs that hold themselves, or too many within another. What is known of a part:
/// nothing, that it is being looked at, or how deep it is.
fn check_nesting(
    parts: &[Part<'_>],
    part: usize,
    known: &mut Vec<Option<Option<usize>>>,
    deepest: usize,
) -> Result<usize, ConvertError> {
    let circle = || Err(ConvertError::Circle { name: parts[part].name.to_string() });
    match known[part] {
        Some(Some(depth)) if depth <= deepest => return Ok(depth),
        Some(_) => return circle(),
        None => {}
    }
    let Some(below) = deepest.checked_sub(1) else { return circle() };
    known[part] = Some(None);
    let mut depth = 0;
    for role in &parts[part].roles {
        if let Role::Instance(inner) = role {
            depth = depth.max(1 + check_nesting(parts, *inner, known, below)?);
        }
    }
    known[part] = Some(Some(depth));
    Ok(depth)
}
