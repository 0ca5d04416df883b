//! What a server says about its node classes: `/object_info`, typed.
//!
//! Source: ComfyUI 0.3.64, 0.8.0 and 0.28.2 (docs/PROTOCOL.md). Types are open: custom nodes make up
//! their own.

mod read;

pub use read::{input_of, inputs, read};

use serde_json::{Map, Value};

/// A node class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeClass {
    /// The class, as in a prompt's `class_type`.
    pub name: String,
    /// The name ComfyUI shows; the class where it has none.
    pub display_name: String,
    /// Where ComfyUI's menu has it, with `/` between levels.
    pub category: String,
    /// What it does, in the words of who made it; may be empty.
    pub description: String,
    /// Whether its nodes are outputs: only what leads to one of them runs.
    pub output_node: bool,
    /// Whether its makers advise against it.
    pub deprecated: bool,
    /// Whether its makers call it an experiment.
    pub experimental: bool,
    /// Whether it calls a paid service.
    pub api_node: bool,
    /// Its inputs in ComfyUI's order, required ones first. Hidden ones are left out: the server fills
    /// them in by itself.
    pub inputs: Vec<NodeInput>,
    /// Its outputs, in the order of a link's slot.
    pub outputs: Vec<NodeOutput>,
}

/// An input of a node class.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeInput {
    /// Its name, as in a prompt's `inputs`.
    pub name: String,
    /// Whether a prompt without it is refused.
    pub required: bool,
    /// What it takes.
    pub kind: InputKind,
    /// Everything else the server says of it: `default`, `min`, `max`, `step`, `tooltip` … Numbers may
    /// be as large as 2⁶⁴ - 1.
    pub options: Map<String, Value>,
}

/// What an input takes.
#[derive(Clone, Debug, PartialEq)]
pub enum InputKind {
    /// One of these values. Lists of models and of uploaded files change while the server runs.
    Combo(Vec<Value>),
    /// A value of a type: `INT`, `FLOAT`, `STRING`, `BOOLEAN` are typed in by hand, all others come
    /// from a link. May be several with commas between, or `*`.
    Type(String),
}

/// An output of a node class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeOutput {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: String,
    /// Whether it is a list, for each item of which what follows runs once.
    pub is_list: bool,
}

impl NodeClass {
    /// An input by name.
    pub fn input(&self, name: &str) -> Option<&NodeInput> {
        self.inputs.iter().find(|input| input.name == name)
    }
}

impl NodeInput {
    /// What is taken where nothing is given: the server's default, else the first of a list.
    pub fn default(&self) -> Option<&Value> {
        self.options.get("default").or_else(|| match &self.kind {
            InputKind::Combo(values) => values.first(),
            InputKind::Type(_) => None,
        })
    }

    /// Whether an option is there and true: `multiline`, `forceInput`, `image_upload` …
    pub fn is(&self, option: &str) -> bool {
        self.options.get(option).and_then(Value::as_bool).unwrap_or(false)
    }
}
