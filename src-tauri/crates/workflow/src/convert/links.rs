//! Where an input's value comes from: through reroutes, set and get, subgraphs, muted and bypassed
//! nodes.

use super::{
    graph::{INPUT_BOX, Id, Link},
    layout::{Layout, MATCHED, Spec},
    parts::{MANY, Role},
    widgets::{self, Seat},
    work::{Host, Work},
};
use serde_json::value::RawValue;
use std::{borrow::Cow, collections::HashMap, rc::Rc};

/// Steps of a way before it is remembered, and looked at for circles.
const SHORT: usize = 16;

/// Where a value comes from.
#[derive(Clone, Debug)]
pub(super) enum Source<'w> {
    /// An output of a node that runs.
    Output { scope: usize, node: usize, slot: u32 },
    /// The value of a widget that the outside shows.
    Value(Cow<'w, RawValue>),
    /// What a primitive writes, which only a widget takes, and whether the page fills in what it
    /// names.
    Written(Cow<'w, RawValue>, bool),
    /// Nowhere, as it was meant: nothing is connected, or what is was muted.
    Nothing,
    /// Nowhere, and that was not meant.
    Lost(Lost),
}

/// Why a link leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// It is not in the file.
    NoLink,
    /// It comes from a node that is not in the file.
    NoNode,
    /// It comes from an output of a subgraph that nothing inside is connected to.
    NoOutput,
    /// It comes from a primitive with something between.
    Primitive(String),
    /// Nobody sets the name.
    NotSet(String),
    /// It leads round in a circle.
    Circle,
}

/// A place on the way.
enum At<'w> {
    /// A link that leads to an input of a type.
    Link { scope: usize, link: i64, wanted: &'w str },
    /// An output of a node, asked for by an input of a type.
    Output { scope: usize, node: usize, slot: usize, wanted: &'w str },
}

type Way<'w> = (usize, i64, &'w str, bool);

/// Links by the name of an input and its place among those of the name.
type Outer<'w> = HashMap<(&'w str, usize), Option<i64>>;

/// What was found out about ways and inputs.
#[derive(Default)]
pub(super) struct Known<'w> {
    /// Where ways lead; nothing while one is being walked.
    ways: HashMap<Way<'w>, Option<Source<'w>>>,
    seats: HashMap<(usize, usize), Rc<Vec<Seat<'w>>>>,
    /// Links of nodes with many inputs.
    outer: HashMap<(usize, usize), Outer<'w>>,
}

impl<'w> Work<'w> {
    /// Where the value at the end of a link comes from.
    pub fn source(&self, scope: usize, link: i64, wanted: &'w str) -> Source<'w> {
        let mut at = At::Link { scope, link, wanted };
        // Whether the link leads to where it is asked for without anything between.
        let mut straight = true;
        let mut walked: Vec<Way<'w>> = Vec::new();
        let mut steps = 0_usize;
        let source = loop {
            steps += 1;
            if steps > SHORT
                && let At::Link { scope, link, wanted } = &at
            {
                let way = (*scope, *link, *wanted, straight);
                match self.known.borrow().ways.get(&way) {
                    Some(Some(source)) => break source.clone(),
                    Some(None) => break Source::Lost(Lost::Circle),
                    None => {}
                }
                self.known.borrow_mut().ways.insert(way, None);
                walked.push(way);
            }
            match self.step(at, &mut straight) {
                Ok(next) => at = next,
                Err(source) => break source,
            }
        };
        let mut known = self.known.borrow_mut();
        for way in walked {
            known.ways.insert(way, Some(source.clone()));
        }
        source
    }

    /// The next place, or the end.
    fn step(&self, at: At<'w>, straight: &mut bool) -> Result<At<'w>, Source<'w>> {
        match at {
            At::Link { scope, link, wanted } => self.along(scope, link, wanted),
            At::Output { scope, node, slot, wanted } => {
                self.out_of(scope, node, slot, wanted, straight)
            }
        }
    }

    /// From a link to where it comes from.
    fn along(&self, scope: usize, link: i64, wanted: &'w str) -> Result<At<'w>, Source<'w>> {
        let here = &self.scopes[scope];
        let part = self.part(scope);
        let link = part.link(link).ok_or(Source::Lost(Lost::NoLink))?;
        match &here.host {
            Some(host) if link.from == INPUT_BOX => {
                let Some(port) = part.inputs.get(link.from_slot) else {
                    return Err(Source::Lost(Lost::NoLink));
                };
                match self.outer_link(*host, link.from_slot) {
                    Some(link) => Ok(At::Link { scope: host.scope, link, wanted: &port.kind }),
                    None => Err(self
                        .promoted(scope, link.from_slot)
                        .map_or(Source::Nothing, Source::Value)),
                }
            }
            _ => {
                let known = Some(&link.from).filter(|id| **id != Id::default());
                let node = known.and_then(|id| part.node(id)).ok_or(Source::Lost(Lost::NoNode))?;
                Ok(At::Output { scope, node, slot: link.from_slot, wanted })
            }
        }
    }

    /// The link that comes in from the outside at an input of what a node stands for.
    fn outer_link(&self, host: Host, port: usize) -> Option<i64> {
        let Role::Instance(inner) = self.part(host.scope).roles[host.node] else { return None };
        self.link_of_port(port, host.scope, host.node, inner)
    }

    /// The link at the input of a node that has the name of an input inside; of several of the name,
    /// the one at the same place among them.
    fn link_of_port(&self, port: usize, scope: usize, node: usize, inner: usize) -> Option<i64> {
        let part = &self.parts[inner];
        let (name, rank) = (&*part.inputs.get(port)?.name, *part.ranks.get(port)?);
        let inputs = &self.node(scope, node).inputs;
        if inputs.len() <= MANY {
            return inputs.iter().filter(|input| input.name == name).nth(rank)?.link;
        }
        let key = (self.scopes[scope].part, node);
        let mut known = self.known.borrow_mut();
        let links = known.outer.entry(key).or_insert_with(|| {
            let mut times: HashMap<&str, usize> = HashMap::new();
            let all = inputs.iter().map(|input| {
                let time = times.entry(&input.name).or_default();
                *time += 1;
                ((&*input.name, *time - 1), input.link)
            });
            all.collect()
        });
        links.get(&(name, rank)).copied().flatten()
    }

    /// From an output of a node on.
    fn out_of(
        &self,
        scope: usize,
        node: usize,
        slot: usize,
        wanted: &'w str,
        straight: &mut bool,
    ) -> Result<At<'w>, Source<'w>> {
        let part = self.part(scope);
        let there = &part.nodes[node];
        let direct = std::mem::replace(straight, false);
        if let Role::Primitive = part.roles[node] {
            // Its value goes into the widgets it is linked to, and not through anything. It is
            // written before anybody looks at what is muted.
            if !direct {
                return Err(Source::Lost(Lost::Primitive(self.title(scope, node).to_owned())));
            }
            let value = self.primitive(scope, node).ok_or(Source::Nothing)?;
            let filled_in = self.fills_in(scope, node, &value);
            return Err(Source::Written(value, filled_in));
        }
        if there.muted() {
            return Err(Source::Nothing);
        }
        if there.bypassed() {
            let seats = self.seats(scope, node);
            // A loader that is bypassed hands on nothing: that is how it is switched off.
            let seat = self.bypass(scope, node, slot, wanted, &seats).ok_or(Source::Nothing)?;
            let Seat { kind, link, .. } = seats[seat];
            let link = link.ok_or(Source::Nothing)?;
            return Ok(At::Link { scope, link, wanted: kind });
        }
        match part.roles[node] {
            Role::Class(_) | Role::Unknown => match u32::try_from(slot) {
                Ok(slot) => Err(Source::Output { scope, node, slot }),
                Err(_) => Err(Source::Lost(Lost::NoLink)),
            },
            Role::Nothing | Role::Primitive => Err(Source::Nothing),
            Role::Passes => {
                let link = there.inputs.first().and_then(|input| input.link);
                link.map(|link| At::Link { scope, link, wanted }).ok_or(Source::Nothing)
            }
            Role::Gets => self.set_by(scope, node, wanted),
            Role::Instance(_) => self.inside_of(scope, node, slot, wanted),
        }
    }

    /// From an output of a subgraph to what leads to it inside.
    fn inside_of(
        &self,
        scope: usize,
        node: usize,
        slot: usize,
        wanted: &'w str,
    ) -> Result<At<'w>, Source<'w>> {
        let child = self.child(scope, node).ok_or(Source::Lost(Lost::NoOutput))?;
        let part = self.part(child);
        let told = part.outputs.get(slot).and_then(|output| part.link(*output.links.first()?));
        let found = || Some(&part.links[(*part.inward.get(slot)?)?]);
        let link = told.or_else(found).ok_or(Source::Lost(Lost::NoOutput))?;
        let link = link.id.ok_or(Source::Lost(Lost::NoLink))?;
        Ok(At::Link { scope: child, link, wanted })
    }

    /// From a name to what is set to it, here or in what this is within.
    fn set_by(&self, scope: usize, node: usize, wanted: &'w str) -> Result<At<'w>, Source<'w>> {
        let name = self.node(scope, node).first_text().unwrap_or_default();
        let mut scope = scope;
        loop {
            let part = self.part(scope);
            if let Some(setter) = part.setters.get(&name) {
                let link = part.nodes[*setter].inputs.first().and_then(|input| input.link);
                return link.map(|link| At::Link { scope, link, wanted }).ok_or(Source::Nothing);
            }
            match &self.scopes[scope].host {
                Some(host) => scope = host.scope,
                None => return Err(Source::Lost(Lost::NotSet(name))),
            }
        }
    }

    /// The type of an input, or without one of the outputs, where all have the same: that of what
    /// is connected to the others.
    pub fn matched(
        &self,
        scope: usize,
        node: usize,
        layout: &'w Layout,
        input: Option<&'w Spec>,
    ) -> &'w str {
        let part = self.part(scope);
        let connected = part.nodes[node].inputs.iter().filter_map(|other| {
            let spec = layout.spec(&other.name)?;
            let same =
                input.is_none_or(|input| input.name != spec.name && input.matches == spec.matches);
            let kind = self.given_kind(scope, part.link(other.link?)?)?;
            (spec.matches.is_some() && same && !any(kind)).then_some(kind)
        });
        let otherwise = input.map_or("*", |input| &input.kind);
        connected.into_iter().find(|kind| compatible(kind, otherwise)).unwrap_or(otherwise)
    }

    /// The type of what a link comes from.
    fn given_kind(&self, scope: usize, link: &Link<'_>) -> Option<&'w str> {
        let part = self.part(scope);
        if link.from == INPUT_BOX {
            return part.inputs.get(link.from_slot).map(|port| &*port.kind);
        }
        let node = part.node(&link.from)?;
        let saved = || part.nodes[node].outputs.get(link.from_slot).map(|output| &*output.kind);
        match part.roles[node] {
            Role::Class(layout) => match layout.outputs.get(link.from_slot) {
                Some(kind) if kind != MATCHED => Some(kind),
                _ => saved(),
            },
            Role::Instance(inner) => {
                self.parts[inner].outputs.get(link.from_slot).map(|port| &*port.kind)
            }
            _ => saved(),
        }
    }

    /// The inputs of a node as the page builds them.
    fn seats(&self, scope: usize, node: usize) -> Rc<Vec<Seat<'w>>> {
        let number = self.scopes[scope].part;
        if let Some(seats) = self.known.borrow().seats.get(&(number, node)) {
            return Rc::clone(seats);
        }
        let part = self.part(scope);
        let there = &part.nodes[node];
        let seats = match part.roles[node] {
            Role::Class(layout) => {
                let mut seats = widgets::seats(layout, there);
                for seat in &mut seats {
                    if let Some(spec) =
                        layout.spec(&seat.name).filter(|spec| spec.matches.is_some())
                    {
                        seat.kind = self.matched(scope, node, layout, Some(spec));
                    }
                }
                seats
            }
            Role::Instance(inner) => {
                let ports = self.parts[inner].inputs.iter().enumerate();
                ports
                    .map(|(number, port)| Seat {
                        name: Cow::Borrowed(&*port.name),
                        kind: &port.kind,
                        link: self.link_of_port(number, scope, node, inner),
                    })
                    .collect()
            }
            _ => there
                .inputs
                .iter()
                .map(|input| Seat {
                    name: Cow::Borrowed(&*input.name),
                    kind: &input.kind,
                    link: input.link,
                })
                .collect(),
        };
        let seats = Rc::new(seats);
        self.known.borrow_mut().seats.insert((number, node), Rc::clone(&seats));
        seats
    }

    /// The input that a bypassed node hands on at an output.
    fn bypass(
        &self,
        scope: usize,
        node: usize,
        slot: usize,
        wanted: &str,
        seats: &[Seat<'w>],
    ) -> Option<usize> {
        let part = self.part(scope);
        let there = &part.nodes[node];
        let saved = || there.outputs.get(slot).map(|output| &*output.kind);
        let given = match part.roles[node] {
            Role::Class(layout) => match layout.outputs.get(slot) {
                Some(kind) if kind == MATCHED => self.matched(scope, node, layout, None),
                Some(kind) => kind,
                None => saved()?,
            },
            Role::Instance(inner) => &*self.parts[inner].outputs.get(slot)?.kind,
            _ => saved()?,
        };
        if any(wanted) {
            let first = if seats.len() > slot { slot } else { 0 };
            return seats.get(first).map(|_| first);
        }
        let fits = |seat: &Seat<'w>| compatible(seat.kind, given) && compatible(seat.kind, wanted);
        if seats.get(slot).is_some_and(fits) {
            return Some(slot);
        }
        let equal = seats.iter().position(|seat| seat.kind == wanted);
        equal.or_else(|| seats.iter().position(fits))
    }
}

fn any(kind: &str) -> bool {
    kind.is_empty() || kind == "*" || kind == "0"
}

/// Whether an output of one type goes into an input of another.
pub(super) fn compatible(one: &str, other: &str) -> bool {
    if any(one) || any(other) {
        return true;
    }
    one.split(',').any(|one| {
        other.split(',').any(|other| any(one) || any(other) || one.eq_ignore_ascii_case(other))
    })
}
