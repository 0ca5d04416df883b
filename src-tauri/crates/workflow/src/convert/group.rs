//! Group nodes, as they were before subgraphs: the definition is in the graph's `extra.groupNodes`,
//! and a node of type `workflow/NAME` (later `workflow>NAME`) stands for it.
//!
//! A group is made into a part like a subgraph. Source of the names and orders: frontend 1.45.21,
//! `extensions/core/groupNode.ts`.

use super::{
    graph::{INPUT_BOX, Id, Link, Node, OUTPUT_BOX, Port, Slot, Values, slot_number},
    layout::{Layout, What},
    loose::{Fit, Key, Loose, item, next},
    parts::{Part, part},
};
use crate::ObjectInfo;
use serde::de::{IgnoredAny, MapAccess, SeqAccess};
use serde_json::value::RawValue;
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

/// The most links of a group among which one from the outside is looked for.
const MOST_SEARCHED: usize = 1_000;

/// What a value of a group's node belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A widget of a node inside, by the number of the node.
    Widget(usize, String),
    /// Nobody: what to do with a value after a run, and the like.
    Nobody,
}

/// A link inside of a group: between numbers of nodes. From or to the outside, there is no node.
#[derive(Default)]
struct Wire {
    from: Option<i64>,
    from_slot: usize,
    to: Option<i64>,
    to_slot: usize,
    kind: Option<String>,
}

impl<'de> Fit<'de> for Wire {
    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut wire = Self {
            from: item(&mut list)?,
            from_slot: slot_number(item(&mut list)?),
            to: item(&mut list)?,
            to_slot: slot_number(item(&mut list)?),
            kind: None,
        };
        item::<Option<i64>, _>(&mut list)?;
        wire.kind = item::<Option<Cow<'de, str>>, _>(&mut list)?.map(Cow::into_owned);
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(wire)
    }
}

/// An output that leads outside although it also leads inside: node and slot.
#[derive(Default)]
struct Outside(Option<i64>, usize);

impl<'de> Fit<'de> for Outside {
    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let outside = Self(item(&mut list)?, slot_number(item(&mut list)?));
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(outside)
    }
}

/// Whether an input or output is shown, and under which name.
#[derive(Default)]
struct Custom {
    name: Option<String>,
    hidden: bool,
    shown: bool,
}

impl<'de> Fit<'de> for Custom {
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut custom = Self::default();
        while let Some(Key(key)) = object.next_key()? {
            match &*key {
                "name" => {
                    custom.name =
                        next::<Option<Cow<'de, str>>, _>(&mut object)?.map(Cow::into_owned);
                }
                "visible" => {
                    custom.shown = next(&mut object)?;
                    custom.hidden = !custom.shown;
                }
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(custom)
    }
}

/// Things by name.
struct ByName<T>(HashMap<String, T>);

impl<T> Default for ByName<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<'de, T: Fit<'de>> Fit<'de> for ByName<T> {
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut all = HashMap::new();
        while let Some((Key(key), Loose(value))) = object.next_entry::<Key<'de>, Loose<T>>()? {
            all.insert(key.into_owned(), value);
        }
        Ok(Self(all))
    }
}

/// What is set up for a node inside.
#[derive(Default)]
struct Setup {
    inputs: ByName<Custom>,
    outputs: ByName<Custom>,
}

impl<'de> Fit<'de> for Setup {
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut setup = Self::default();
        while let Some(Key(key)) = object.next_key()? {
            match &*key {
                "input" => setup.inputs = next(&mut object)?,
                "output" => setup.outputs = next(&mut object)?,
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(setup)
    }
}

#[derive(Default)]
struct Definition<'a> {
    nodes: Vec<Node<'a>>,
    wires: Vec<Wire>,
    outside: Vec<Outside>,
    setups: ByName<Setup>,
}

impl<'de> Fit<'de> for Definition<'de> {
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut definition = Self::default();
        while let Some(Key(key)) = object.next_key()? {
            match &*key {
                "nodes" => definition.nodes = next(&mut object)?,
                "links" => definition.wires = next(&mut object)?,
                "external" => definition.outside = next(&mut object)?,
                "config" => definition.setups = next(&mut object)?,
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(definition)
    }
}

/// Makes parts of the groups that the graph uses.
pub(super) fn add<'a>(
    groups: &[(Cow<'a, str>, &'a RawValue)],
    info: &'a ObjectInfo,
    parts: &mut Vec<Part<'a>>,
    by_id: &mut HashMap<String, usize>,
) {
    if groups.is_empty() {
        return;
    }
    let by_name: HashMap<&str, &'a RawValue> =
        groups.iter().rev().map(|(name, raw)| (&**name, *raw)).collect();
    let used = |nodes: &[Node<'a>]| -> Vec<String> {
        let kinds = nodes.iter().map(|node| &*node.kind);
        kinds.filter(|kind| kind.starts_with("workflow")).map(str::to_owned).collect()
    };
    let mut wanted: Vec<String> = parts.iter().flat_map(|part| used(&part.nodes)).collect();
    // Groups may hold groups.
    while let Some(kind) = wanted.pop() {
        let name = kind.strip_prefix("workflow/").or(kind.strip_prefix("workflow>"));
        let Some(name) = name.filter(|_| !by_id.contains_key(&kind)) else { continue };
        let Some(raw) = by_name.get(name).copied() else { continue };
        let Ok(Loose(definition)) = serde_json::from_str::<Loose<Definition<'a>>>(raw.get()) else {
            continue;
        };
        wanted.extend(used(&definition.nodes));
        let name = Cow::Owned(name.to_owned());
        by_id.insert(kind, parts.len());
        parts.push(Builder::new(definition, info).build(name));
    }
}

/// The inputs of a node inside.
struct Inside {
    /// Sockets, then widgets that were made sockets: a link's slot is a place among them.
    slots: Vec<String>,
    /// How many of them are sockets of the class.
    sockets: usize,
    /// Widgets that were not made sockets, with the places after them.
    widgets: Vec<(String, usize)>,
    /// The places after widgets that were made sockets.
    after: HashMap<String, usize>,
    outputs: usize,
}

struct Builder<'a> {
    definition: Definition<'a>,
    info: &'a ObjectInfo,
    /// Links inside, by the node and slot they come in at.
    into: HashMap<(usize, usize), usize>,
    /// Links by the node they come from.
    out: HashMap<usize, Vec<usize>>,
    /// Outputs that lead outside although they lead inside too.
    outside: HashSet<(usize, usize)>,
    /// Names of inputs that were given out, and how often.
    names: HashMap<String, usize>,
    links: Vec<Link<'a>>,
    inputs: Vec<Port<'a>>,
    outputs: Vec<Port<'a>>,
    places: Vec<Place>,
}

impl<'a> Builder<'a> {
    fn new(definition: Definition<'a>, info: &'a ObjectInfo) -> Self {
        let (mut into, mut out) = (HashMap::new(), HashMap::<usize, Vec<usize>>::new());
        for (number, wire) in definition.wires.iter().enumerate() {
            if let (Some(from), Some(to)) = (wire.from, wire.to) {
                into.insert((slot_number(Some(to)), wire.to_slot), number);
                out.entry(slot_number(Some(from))).or_default().push(number);
            }
        }
        let outside = definition.outside.iter();
        let outside = outside.map(|Outside(node, slot)| (slot_number(*node), *slot)).collect();
        Self {
            definition,
            info,
            into,
            out,
            outside,
            names: HashMap::new(),
            links: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            places: Vec::new(),
        }
    }

    fn build(mut self, name: Cow<'a, str>) -> Part<'a> {
        let count = self.definition.nodes.len();
        for number in 0..count {
            self.definition.nodes[number].id = id(number);
        }
        let inside: Vec<Option<Inside>> = (0..count).map(|number| self.inside(number)).collect();
        let mut slots: Vec<Vec<Slot<'a>>> = vec![Vec::new(); count];
        for (number, node) in inside.iter().enumerate() {
            let Some(node) = node else { continue };
            for (widget, after) in &node.widgets {
                let name = self.input_name(number, widget);
                self.place(number, widget, *after);
                let slot = self.port(number, name, widget);
                slots[number].push(slot);
            }
            for (at, socket) in node.slots.iter().take(node.sockets).enumerate() {
                let slot = match self.into.get(&(number, at)).copied() {
                    Some(wire) => self.wire(wire, socket),
                    None => {
                        let name = self.input_name(number, socket);
                        self.port(number, name, socket)
                    }
                };
                slots[number].push(slot);
            }
            self.out_of(number, node.outputs);
        }
        // Widgets that were made sockets come after everything else.
        for (number, node) in inside.iter().enumerate() {
            let Some(node) = node else { continue };
            for (at, widget) in node.slots.iter().enumerate().skip(node.sockets) {
                let slot = match self.into.get(&(number, at)).copied() {
                    Some(wire) => self.wire(wire, widget),
                    None => {
                        let name = self.input_name(number, widget);
                        self.place(number, widget, node.after.get(widget).copied().unwrap_or(0));
                        self.port(number, name, widget)
                    }
                };
                slots[number].push(slot);
            }
        }
        let mut nodes = self.definition.nodes;
        for (node, slots) in nodes.iter_mut().zip(slots) {
            node.inputs = slots;
        }
        let mut part = part(name.clone(), name, nodes, self.links, self.inputs, self.outputs);
        part.places = Some(self.places);
        part
    }

    /// What a node inside has, if the group shows it at all.
    fn inside(&self, number: usize) -> Option<Inside> {
        let node = &self.definition.nodes[number];
        match &*node.kind {
            "PrimitiveNode" => {
                let wire = &self.definition.wires[*self.out.get(&number)?.first()?];
                let after = match wire.kind.as_deref() {
                    Some("INT" | "FLOAT") => 1,
                    Some("COMBO") => 2,
                    _ => 0,
                };
                Some(Inside {
                    slots: Vec::new(),
                    sockets: 0,
                    widgets: vec![("value".to_owned(), after)],
                    after: HashMap::new(),
                    outputs: 1,
                })
            }
            "Reroute" => {
                let kind = self.reroute_kind(number);
                Some(Inside {
                    slots: vec![kind],
                    sockets: 1,
                    widgets: Vec::new(),
                    after: HashMap::new(),
                    outputs: 1,
                })
            }
            kind => self.info.layout(kind).map(|layout| of_class(layout, node)),
        }
    }

    /// The type that goes through a reroute, after which its input is named.
    fn reroute_kind(&self, number: usize) -> String {
        let wires = &self.definition.wires;
        let on = self.out.get(&number).into_iter().flatten().find_map(|wire| {
            let wire = &wires[*wire];
            let target = self.definition.nodes.get(slot_number(wire.to))?;
            let kind = match self.info.layout(&target.kind) {
                Some(layout) => {
                    let inside = of_class(layout, target);
                    layout.spec(inside.slots.get(wire.to_slot)?)?.kind.clone()
                }
                None => target.inputs.get(wire.to_slot)?.kind.to_string(),
            };
            (!kind.is_empty()).then_some(kind)
        });
        let into = || wires[*self.into.get(&(number, 0))?].kind.clone();
        // A link from the outside has no node that it comes from.
        let from_outside = || {
            let mut wires = wires.iter().take(MOST_SEARCHED);
            wires.find(|wire| slot_number(wire.to) == number)?.kind.clone()
        };
        on.or_else(into).or_else(from_outside).unwrap_or_else(|| "*".to_owned())
    }

    fn place(&mut self, number: usize, widget: &str, after: usize) {
        self.places.push(Place::Widget(number, widget.to_owned()));
        self.places.extend(std::iter::repeat_n(Place::Nobody, after));
    }

    /// The name of an input on the outside.
    fn input_name(&mut self, number: usize, input: &str) -> String {
        let node = &self.definition.nodes[number];
        let setup = self.definition.setups.0.get(&number.to_string());
        let custom = setup.and_then(|setup| setup.inputs.0.get(input)?.name.clone());
        let mut name = custom.unwrap_or_else(|| input.to_owned());
        let mut key = name.clone();
        let titled = &*node.kind == "PrimitiveNode" && node.title.is_some();
        if titled || self.names.contains_key(&name) {
            let title = node.title.as_deref().unwrap_or(&node.kind);
            key = format!("{title} {input}");
            name = match self.names.get(&key) {
                Some(times) => format!("{title} {times} {input}"),
                None => key.clone(),
            };
        }
        *self.names.entry(key).or_insert(1) += 1;
        name
    }

    /// Makes an input on the outside for one inside.
    fn port(&mut self, number: usize, name: String, input: &str) -> Slot<'a> {
        let setup = self.definition.setups.0.get(&number.to_string());
        let link = match setup.and_then(|setup| setup.inputs.0.get(input)) {
            Some(custom) if custom.hidden => None,
            _ => Some(self.link(INPUT_BOX, self.inputs.len(), id(number))),
        };
        if link.is_some() {
            let name = Cow::Owned(name);
            self.inputs.push(Port { name, kind: Cow::Borrowed("*"), links: Vec::new() });
        }
        let name = Cow::Owned(input.to_owned());
        Slot { name, kind: Cow::Borrowed("*"), link, widget: true }
    }

    /// Makes a link of one inside.
    fn wire(&mut self, wire: usize, input: &str) -> Slot<'a> {
        let wire = &self.definition.wires[wire];
        let (from, from_slot) = (slot_number(wire.from), wire.from_slot);
        let to = id(slot_number(wire.to));
        let link = Some(self.link(id(from), from_slot, to));
        let name = Cow::Owned(input.to_owned());
        Slot { name, kind: Cow::Borrowed("*"), link, widget: true }
    }

    fn link(&mut self, from: Id<'a>, from_slot: usize, to: Id<'a>) -> i64 {
        let id = i64::try_from(self.links.len()).unwrap_or(i64::MAX);
        self.links.push(Link { id: Some(id), from, from_slot, to, to_slot: usize::MAX });
        id
    }

    /// Shows the outputs of a node that do not only lead inside.
    fn out_of(&mut self, number: usize, outputs: usize) {
        for slot in 0..outputs {
            let wires = &self.definition.wires;
            let mut out = self.out.get(&number).into_iter().flatten();
            let inside = out.any(|wire| wires[*wire].from_slot == slot);
            let outside = self.outside.contains(&(number, slot));
            let setup = self.definition.setups.0.get(&number.to_string());
            let shown = match setup.and_then(|setup| setup.outputs.0.get(&slot.to_string())) {
                Some(custom) if custom.hidden || custom.shown => custom.shown,
                _ => !inside || outside,
            };
            if shown {
                let link = self.link(id(number), slot, OUTPUT_BOX);
                if let Some(made) = self.links.last_mut().filter(|made| made.id == Some(link)) {
                    made.to_slot = self.outputs.len();
                }
                let (name, kind) = (Cow::Borrowed(""), Cow::Borrowed("*"));
                self.outputs.push(Port { name, kind, links: Vec::new() });
            }
        }
    }
}

fn id<'a>(number: usize) -> Id<'a> {
    Id::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

fn of_class(layout: &Layout, node: &Node<'_>) -> Inside {
    let mut inside = Inside {
        slots: Vec::new(),
        sockets: 0,
        widgets: Vec::new(),
        after: HashMap::new(),
        outputs: layout.outputs.len(),
    };
    let mut converted: Vec<(usize, String)> = Vec::new();
    let saved = match &node.values {
        Values::List(values) => values.len(),
        Values::None => 0,
        Values::Named(_) => usize::MAX,
    };
    let mut place = 0;
    for spec in &layout.specs {
        let What::Widget(widget) = &spec.what else {
            inside.slots.push(spec.name.clone());
            continue;
        };
        place += widget.before + 1 + widget.after;
        if place > saved {
            // The class has got it since the group was made.
            continue;
        }
        match node.inputs.iter().position(|input| input.widget && input.name == spec.name) {
            Some(at) => {
                inside.after.insert(spec.name.clone(), widget.after);
                converted.push((at, spec.name.clone()));
            }
            None => inside.widgets.push((spec.name.clone(), widget.after)),
        }
    }
    inside.sockets = inside.slots.len();
    // As the page sorts them: as texts.
    converted.sort_by_key(|(at, _)| at.to_string());
    inside.slots.extend(converted.into_iter().map(|(_, name)| name));
    inside
}
