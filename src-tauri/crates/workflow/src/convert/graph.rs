//! A graph as ComfyUI's editor saves it, borrowed from its text.

use super::loose::{Fit, Key, Loose, item, next};
use serde::de::{IgnoredAny, MapAccess, SeqAccess};
use serde_json::value::RawValue;
use std::{borrow::Cow, fmt};

/// The node that stands for a subgraph's inputs inside of it.
pub(super) const INPUT_BOX: Id<'static> = Id::Number(-10);
/// The node that stands for a subgraph's outputs inside of it.
pub(super) const OUTPUT_BOX: Id<'static> = Id::Number(-20);

/// A node's id. A text that is a number is that number, as it is to the page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Id<'a> {
    Number(i64),
    Text(Cow<'a, str>),
}

impl Default for Id<'_> {
    fn default() -> Self {
        Self::Text(Cow::Borrowed(""))
    }
}

impl fmt::Display for Id<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

impl<'de> Fit<'de> for Id<'de> {
    fn whole(value: i64) -> Self {
        Self::Number(value)
    }
    fn text(value: Cow<'de, str>) -> Self {
        match value.parse::<i64>() {
            Ok(number) if number.to_string() == value => Self::Number(number),
            _ => Self::Text(value),
        }
    }
}

/// What a widget holds, by place or by name.
#[derive(Clone, Debug, Default)]
pub(super) enum Values<'a> {
    #[default]
    None,
    List(Vec<&'a RawValue>),
    Named(Vec<(Cow<'a, str>, &'a RawValue)>),
}

impl<'de> Fit<'de> for Values<'de> {
    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = list.next_element::<&RawValue>()? {
            if all.is_empty() {
                all.reserve(8);
            }
            all.push(value);
        }
        Ok(Self::List(all))
    }
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut all = Vec::new();
        while let Some((Key(key), value)) = object.next_entry::<Key<'de>, &RawValue>()? {
            all.push((key, value));
        }
        Ok(Self::Named(all))
    }
}

/// An input of a node.
#[derive(Clone, Debug, Default)]
pub(super) struct Slot<'a> {
    pub name: Cow<'a, str>,
    /// Its type; empty for any.
    pub kind: Cow<'a, str>,
    /// The link that comes in.
    pub link: Option<i64>,
    /// Whether it belongs to a widget.
    pub widget: bool,
}

/// An output of a node.
#[derive(Clone, Debug, Default)]
pub(super) struct Output<'a> {
    /// Its type; empty for any.
    pub kind: Cow<'a, str>,
}

impl<'de> Fit<'de> for Output<'de> {
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut output = Self::default();
        while let Some(Key(key)) = object.next_key()? {
            match &*key {
                "type" => output.kind = next::<Kind<'de>, _>(&mut object)?.0,
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(output)
    }
}

/// A type: a text, or the list of a combo's choices as old files have it.
#[derive(Default)]
struct Kind<'a>(Cow<'a, str>);

impl<'de> Fit<'de> for Kind<'de> {
    fn text(value: Cow<'de, str>) -> Self {
        Self(value)
    }
    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self(Cow::Borrowed("COMBO")))
    }
}

/// Whether there is an object.
#[derive(Default)]
struct There(bool);

impl<'de> Fit<'de> for There {
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self(true))
    }
}

impl<'de> Fit<'de> for Slot<'de> {
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut slot = Self::default();
        while let Some(Key(key)) = object.next_key()? {
            match &*key {
                "name" => slot.name = next::<Option<_>, _>(&mut object)?.unwrap_or_default(),
                "type" => slot.kind = next::<Kind<'de>, _>(&mut object)?.0,
                "link" => slot.link = next(&mut object)?,
                "widget" => slot.widget = next::<There, _>(&mut object)?.0,
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(slot)
    }
}

/// An entry of `proxyWidgets`: a widget that is shown on the outside.
#[derive(Clone, Debug, Default)]
pub(super) struct Proxy<'a> {
    /// The node inside that has it, or -1 for an input of the subgraph.
    pub node: Id<'a>,
    pub widget: Cow<'a, str>,
}

impl<'de> Fit<'de> for Proxy<'de> {
    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let proxy = Self {
            node: item(&mut list)?,
            widget: item::<Option<_>, _>(&mut list)?.unwrap_or_default(),
        };
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(proxy)
    }
}

/// What is read of a node's properties.
#[derive(Clone, Debug, Default)]
pub(super) struct Properties<'a> {
    pub proxies: Vec<Proxy<'a>>,
    /// Whether a primitive fills in what its text names.
    pub replaces: bool,
}

impl<'de> Fit<'de> for Properties<'de> {
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut properties = Self::default();
        while let Some(Key(key)) = object.next_key()? {
            match &*key {
                "proxyWidgets" => properties.proxies = next(&mut object)?,
                "Run widget replace on values" => properties.replaces = next(&mut object)?,
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(properties)
    }
}

/// A node.
#[derive(Clone, Debug, Default)]
pub(super) struct Node<'a> {
    pub id: Id<'a>,
    /// Its class, or the id of the subgraph that it stands for.
    pub kind: Cow<'a, str>,
    /// 2 is muted, 4 is bypassed.
    pub mode: i64,
    pub title: Option<Cow<'a, str>>,
    pub inputs: Vec<Slot<'a>>,
    pub outputs: Vec<Output<'a>>,
    pub values: Values<'a>,
    /// `widgets_values_named`, as it is saved since 2026.
    pub named: Values<'a>,
    pub properties: Properties<'a>,
}

impl Node<'_> {
    pub fn muted(&self) -> bool {
        self.mode == 2
    }
    pub fn bypassed(&self) -> bool {
        self.mode == 4
    }
    /// The first of its values.
    pub fn first_value(&self) -> Option<&RawValue> {
        match &self.values {
            Values::List(values) => values.first().copied(),
            Values::Named(named) => named.first().map(|(_, raw)| *raw),
            Values::None => None,
        }
    }
    /// The first of its values, if it is a text that says something.
    pub fn first_text(&self) -> Option<String> {
        let text: String = serde_json::from_str(self.first_value()?.get()).ok()?;
        (!text.is_empty()).then_some(text)
    }
}

impl<'de> Fit<'de> for Node<'de> {
    const ROOM: usize = 16;

    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut node = Self::default();
        while let Some(Key(key)) = object.next_key()? {
            match &*key {
                "id" => node.id = next(&mut object)?,
                "type" => node.kind = next::<Option<_>, _>(&mut object)?.unwrap_or_default(),
                "mode" => node.mode = next::<Option<_>, _>(&mut object)?.unwrap_or_default(),
                "title" => node.title = next(&mut object)?,
                "inputs" => node.inputs = next(&mut object)?,
                "outputs" => node.outputs = next(&mut object)?,
                "widgets_values" => node.values = next(&mut object)?,
                "widgets_values_named" => node.named = next(&mut object)?,
                "properties" => node.properties = next(&mut object)?,
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(node)
    }
}

/// A link, from a list (`[id, from, slot, to, slot, type]`) or an object.
#[derive(Clone, Debug, Default)]
pub(super) struct Link<'a> {
    pub id: Option<i64>,
    pub from: Id<'a>,
    pub from_slot: usize,
    pub to: Id<'a>,
    pub to_slot: usize,
}

/// The number of a slot; one that is none is nobody's.
pub(super) fn slot_number(number: Option<i64>) -> usize {
    number.and_then(|number| usize::try_from(number).ok()).unwrap_or(usize::MAX)
}

impl<'de> Fit<'de> for Link<'de> {
    const ROOM: usize = 32;

    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let link = Self {
            id: item(&mut list)?,
            from: item(&mut list)?,
            from_slot: slot_number(item(&mut list)?),
            to: item(&mut list)?,
            to_slot: slot_number(item(&mut list)?),
        };
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(link)
    }
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut link = Self::default();
        while let Some(Key(key)) = object.next_key()? {
            match &*key {
                "id" => link.id = next(&mut object)?,
                "origin_id" => link.from = next(&mut object)?,
                "origin_slot" => link.from_slot = slot_number(next(&mut object)?),
                "target_id" => link.to = next(&mut object)?,
                "target_slot" => link.to_slot = slot_number(next(&mut object)?),
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(link)
    }
}

/// An input or an output of a subgraph.
#[derive(Clone, Debug, Default)]
pub(super) struct Port<'a> {
    pub name: Cow<'a, str>,
    pub kind: Cow<'a, str>,
    /// Its links inside.
    pub links: Vec<i64>,
}

impl<'de> Fit<'de> for Port<'de> {
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut port = Self::default();
        while let Some(Key(key)) = object.next_key()? {
            match &*key {
                "name" => port.name = next::<Option<_>, _>(&mut object)?.unwrap_or_default(),
                "type" => port.kind = next::<Kind<'de>, _>(&mut object)?.0,
                "linkIds" => {
                    let links: Vec<Option<i64>> = next(&mut object)?;
                    port.links = links.into_iter().flatten().collect();
                }
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(port)
    }
}

/// A connection that Use Everywhere makes when the page queues.
#[derive(Clone, Debug, Default)]
pub(super) struct Broadcast<'a> {
    pub from: Id<'a>,
    pub from_slot: usize,
    pub to: Id<'a>,
    pub to_slot: usize,
    pub kind: Cow<'a, str>,
}

impl<'de> Fit<'de> for Broadcast<'de> {
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut broadcast = Self::default();
        while let Some(Key(key)) = object.next_key()? {
            match &*key {
                "upstream" => broadcast.from = next(&mut object)?,
                "upstream_slot" => broadcast.from_slot = slot_number(next(&mut object)?),
                "downstream" => broadcast.to = next(&mut object)?,
                "downstream_slot" => broadcast.to_slot = slot_number(next(&mut object)?),
                "type" => broadcast.kind = next::<Kind<'de>, _>(&mut object)?.0,
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(broadcast)
    }
}

/// What is read of a graph's `extra`.
#[derive(Default)]
struct Extra<'a> {
    broadcasts: Vec<Broadcast<'a>>,
    groups: Values<'a>,
}

impl<'de> Fit<'de> for Extra<'de> {
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut extra = Self::default();
        while let Some(Key(key)) = object.next_key()? {
            match &*key {
                "ue_links" => extra.broadcasts = next(&mut object)?,
                "groupNodes" => extra.groups = next(&mut object)?,
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(extra)
    }
}

/// The highest id that was given out, as schema 1 keeps it.
#[derive(Default)]
struct State(Option<i64>);

impl<'de> Fit<'de> for State {
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut state = Self::default();
        while let Some(Key(key)) = object.next_key()? {
            match &*key {
                "lastNodeId" => state.0 = next(&mut object)?,
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(state)
    }
}

/// The definitions of a graph's subgraphs.
#[derive(Default)]
struct Definitions<'a>(Vec<Saved<'a>>);

impl<'de> Fit<'de> for Definitions<'de> {
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut definitions = Self::default();
        while let Some(Key(key)) = object.next_key()? {
            match &*key {
                "subgraphs" => definitions.0 = next(&mut object)?,
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(definitions)
    }
}

/// A graph or the definition of a subgraph, as saved.
#[derive(Default)]
pub(super) struct Saved<'a> {
    pub id: Cow<'a, str>,
    pub name: Cow<'a, str>,
    pub nodes: Vec<Node<'a>>,
    pub links: Vec<Link<'a>>,
    pub inputs: Vec<Port<'a>>,
    pub outputs: Vec<Port<'a>>,
    pub broadcasts: Vec<Broadcast<'a>>,
    /// The definitions of group nodes by their names, as JSON.
    pub groups: Vec<(Cow<'a, str>, &'a RawValue)>,
    pub definitions: Vec<Saved<'a>>,
    pub last_node: Option<i64>,
}

impl<'de> Fit<'de> for Saved<'de> {
    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut saved = Self::default();
        while let Some(Key(key)) = object.next_key()? {
            match &*key {
                "id" => saved.id = next::<Option<_>, _>(&mut object)?.unwrap_or_default(),
                "name" => saved.name = next::<Option<_>, _>(&mut object)?.unwrap_or_default(),
                "nodes" => saved.nodes = next(&mut object)?,
                "links" => saved.links = next(&mut object)?,
                "inputs" => saved.inputs = next(&mut object)?,
                "outputs" => saved.outputs = next(&mut object)?,
                "definitions" => saved.definitions = next::<Definitions<'de>, _>(&mut object)?.0,
                "last_node_id" => {
                    saved.last_node = saved.last_node.max(next(&mut object)?);
                }
                "state" => {
                    saved.last_node = saved.last_node.max(next::<State, _>(&mut object)?.0);
                }
                "extra" => {
                    let extra: Extra<'de> = next(&mut object)?;
                    saved.broadcasts = extra.broadcasts;
                    if let Values::Named(groups) = extra.groups {
                        saved.groups = groups;
                    }
                }
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(saved)
    }
}

/// Reads a graph.
pub(super) fn read(text: &str) -> Result<Saved<'_>, serde_json::Error> {
    serde_json::from_str::<Loose<Saved<'_>>>(text).map(|Loose(saved)| saved)
}
