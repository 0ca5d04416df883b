//! A prompt: ComfyUI's API format.

use domain::{LoraUse, WorkflowHash};
use serde::{
    Deserialize,
    de::{Deserializer, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{collections::HashMap, fmt, sync::Arc};

/// The longest slot of a stack of LoRAs that is read, in bytes.
const LONGEST_SLOT: usize = 4 << 10;
/// The longest list of them, in bytes.
const LONGEST_LIST: usize = 64 << 10;

/// A prompt as it was written: nodes in the order of the file, values as text.
#[derive(Clone, Debug)]
pub struct Prompt {
    text: String,
    /// Prompts of one workflow share the nodes in which they do not differ.
    nodes: Vec<Arc<Node>>,
    /// Places of nodes by their ids.
    by_id: Arc<HashMap<String, usize>>,
}

/// One node.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its id; any text, such as `3` or `5:7:2`.
    pub id: String,
    /// Its class.
    pub class: String,
    /// The title the artist gave it.
    pub title: Option<String>,
    /// Its inputs, in the order of the file.
    pub inputs: Vec<(String, Input)>,
}

/// What an input is given.
#[derive(Clone, Debug)]
pub enum Input {
    /// The output of another node.
    Link {
        /// That node's id.
        node: String,
        /// Which of its outputs.
        slot: u32,
    },
    /// A value, as its JSON text: a seed may be up to 2^64-1, and floats keep their digits.
    Value(Box<RawValue>),
}

impl Input {
    /// The value as a person would write it: strings without quotes. Nothing for links, lists,
    /// objects and null.
    pub fn text(&self) -> Option<String> {
        let Self::Value(raw) = self else { return None };
        let raw = raw.get();
        match raw.as_bytes().first()? {
            b'"' => serde_json::from_str(raw).ok(),
            b'{' | b'[' | b'n' => None,
            _ => Some(raw.to_owned()),
        }
    }

    /// The value, if it is a string.
    pub fn string(&self) -> Option<String> {
        let Self::Value(raw) = self else { return None };
        // Of a sweep's thousands of prompts each value is asked: what is no string is seen at once.
        raw.get().starts_with('"').then(|| serde_json::from_str(raw.get()).ok())?
    }

    /// The LoRAs that a value holds and that are not switched off: a slot of rgthree's Power Lora
    /// Loader, `{"on": true, "lora": "a.safetensors", "strength": 0.8}`, or the list of Lora Manager,
    /// `{"__value__": [{"name": "a", "strength": 0.8, "active": true}]}`.
    pub fn loras(&self) -> Vec<LoraUse> {
        let Self::Value(raw) = self else { return Vec::new() };
        let raw = raw.get();
        if !raw.starts_with(['{', '[']) || raw.len() > LONGEST_LIST {
            return Vec::new();
        }
        if let Some(list) = list(raw) {
            return list.into_iter().filter_map(|slot| lora(slot.get())).collect();
        }
        lora(raw).into_iter().collect()
    }

    /// Whether the value is a list, as it is or as the page wraps it.
    pub(crate) fn is_list(&self) -> bool {
        let Self::Value(raw) = self else { return false };
        raw.get().starts_with(['{', '['])
            && raw.get().len() <= LONGEST_LIST
            && list(raw.get()).is_some()
    }

    /// The value, if it is a number; as its text.
    pub fn number(&self) -> Option<&str> {
        let Self::Value(raw) = self else { return None };
        Some(raw.get()).filter(|text| is_number(text))
    }
}

/// The entries of a list, as it is or as the page wraps it.
fn list(raw: &str) -> Option<Vec<&RawValue>> {
    #[derive(Deserialize)]
    struct Wrapped<'a> {
        #[serde(borrow, rename = "__value__")]
        value: Vec<&'a RawValue>,
    }
    let wrapped = || serde_json::from_str::<Wrapped>(raw).ok().map(|wrapped| wrapped.value);
    if raw.starts_with('[') { serde_json::from_str(raw).ok() } else { wrapped() }
}

/// The LoRA of a slot, unless it is switched off.
fn lora(raw: &str) -> Option<LoraUse> {
    #[derive(Deserialize)]
    struct Slot<'a> {
        #[serde(alias = "active", alias = "enabled")]
        on: Option<bool>,
        lora: Option<String>,
        name: Option<String>,
        #[serde(borrow)]
        strength: Option<&'a RawValue>,
        #[serde(borrow, alias = "model_strength")]
        strength_model: Option<&'a RawValue>,
    }
    if !raw.starts_with('{') || raw.len() > LONGEST_SLOT {
        return None;
    }
    let slot: Slot = serde_json::from_str(raw).ok()?;
    // Other things have names, too.
    let strength = slot.strength.or(slot.strength_model);
    let name = slot.lora.or(slot.name.filter(|_| strength.is_some()))?;
    let strength = strength.map(|raw| raw.get().trim_matches('"'));
    let strength = strength.filter(|text| is_number(text));
    let used = slot.on != Some(false) && !name.is_empty() && name != "None";
    used.then(|| LoraUse { name, strength: strength.map(str::to_owned) })
}

/// Whether a JSON value is a number.
fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

impl Node {
    /// An input by its name.
    pub fn input(&self, name: &str) -> Option<&Input> {
        self.inputs.iter().find(|(other, _)| other == name).map(|(_, input)| input)
    }

    /// Whether another node is the same but for its values.
    fn same_links(&self, other: &Self) -> bool {
        let same = |((name, one), (other_name, other)): (&(String, Input), &(String, Input))| {
            name == other_name
                && match (one, other) {
                    (Input::Link { node, slot }, Input::Link { node: to, slot: at }) => {
                        node == to && slot == at
                    }
                    (Input::Value(_), Input::Value(_)) => true,
                    _ => false,
                }
        };
        self.id == other.id
            && self.class == other.class
            && self.inputs.len() == other.inputs.len()
            && self.inputs.iter().zip(&other.inputs).all(same)
    }

    /// The nodes it is connected to, in the order of its inputs.
    pub fn sources(&self) -> impl Iterator<Item = (&str, &str)> {
        self.inputs.iter().filter_map(|(name, input)| match input {
            Input::Link { node, .. } => Some((name.as_str(), node.as_str())),
            Input::Value(_) => None,
        })
    }
}

impl Prompt {
    pub(crate) fn new(text: String, nodes: Vec<Node>) -> Self {
        // Of several with one id, the last stays.
        let by_id = nodes.iter().enumerate().map(|(at, node)| (node.id.clone(), at)).collect();
        let nodes = nodes.into_iter().map(Arc::new).collect();
        Self { text, nodes, by_id: Arc::new(by_id) }
    }

    /// The prompt as it is sent.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What tells this prompt from all others.
    pub fn hash(&self) -> WorkflowHash {
        WorkflowHash(blake3::hash(self.text.as_bytes()).to_hex().to_string())
    }

    /// Its nodes.
    pub fn nodes(&self) -> &[Arc<Node>] {
        &self.nodes
    }

    /// A node by its id; of several, the last.
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.place(id).map(|at| &*self.nodes[at])
    }

    /// Where a node is among all, by its id; of several, the last.
    pub(crate) fn place(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Whether another prompt has the same nodes and links in the same order, whatever the values.
    /// Quick for prompts of one workflow, which share the nodes that are the same in both.
    pub fn same_graph(&self, other: &Self) -> bool {
        let same = |(one, other): (&Arc<Node>, &Arc<Node>)| {
            Arc::ptr_eq(one, other) || one.same_links(other)
        };
        self.nodes.len() == other.nodes.len() && self.nodes.iter().zip(&other.nodes).all(same)
    }

    /// The same nodes with other values.
    pub(crate) fn with_other_values(&self, text: String, nodes: Vec<Arc<Node>>) -> Self {
        Self { text, nodes, by_id: Arc::clone(&self.by_id) }
    }
}

/// An object whose entries keep their order and their text.
pub(crate) struct Entries<'a>(pub Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit<'a>(std::marker::PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for Visit<'a> {
            type Value = Entries<'a>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Entries<'a>, M::Error> {
                let mut entries: Vec<(String, &'a RawValue)> = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Visit(std::marker::PhantomData))
    }
}

/// Reads an input's value: `["4", 0]` is a link, everything else a value.
pub(crate) fn input(raw: &RawValue) -> Input {
    if raw.get().starts_with('[')
        && let Ok((node, slot)) = serde_json::from_str::<(String, u32)>(raw.get())
    {
        return Input::Link { node, slot };
    }
    Input::Value(raw.to_owned())
}
