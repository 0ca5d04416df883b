//! Putting nodes into a prompt, after what a server says of their classes.

use super::Cannot;
use crate::{ObjectInfo, Prompt, read_prompt};
use domain::node_class::{InputKind, NodeInput};
use serde_json::{Map, Value, json};

/// An output of a node that was put in.
#[derive(Clone, Debug)]
pub struct Out(String, u32);

impl Out {
    /// Another output of the same node.
    pub fn slot(&self, slot: u32) -> Self {
        Self(self.0.clone(), slot)
    }

    /// As an input takes it.
    pub fn link(&self) -> Value {
        json!([self.0, self.1])
    }
}

/// A prompt in the making.
pub struct Wires<'a> {
    info: &'a ObjectInfo,
    nodes: Map<String, Value>,
}

impl<'a> Wires<'a> {
    /// An empty prompt for a server.
    pub fn new(info: &'a ObjectInfo) -> Self {
        Self { info, nodes: Map::new() }
    }

    /// Puts a node in and gives its first output. Inputs that the server's version of the node wants
    /// besides those given have its default.
    ///
    /// # Errors
    /// When the server has no such node, or wants something of it that has no default.
    pub fn add(
        &mut self,
        class: &str,
        title: &str,
        given: &[(&str, Value)],
    ) -> Result<Out, Cannot> {
        let known = self.info.get(class).ok_or_else(|| {
            Cannot(format!(
                "The server has no {class} node, which comes with ComfyUI. Update ComfyUI there."
            ))
        })?;
        let mut inputs: Map<String, Value> =
            given.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let more = known.inputs.iter().filter(|input| input.required);
        for input in more.filter(|input| !given.iter().any(|(name, _)| *name == input.name)) {
            let value = default(input).ok_or_else(|| {
                Cannot(format!(
                    "The server's {class} node wants {}, and this starter does not know what to give it. Its ComfyUI is of another version.",
                    input.name
                ))
            })?;
            inputs.insert(input.name.clone(), value);
        }
        let id = (self.nodes.len() + 1).to_string();
        self.nodes.insert(
            id.clone(),
            json!({ "class_type": class, "inputs": inputs, "_meta": { "title": title } }),
        );
        Ok(Out(id, 0))
    }

    /// Whether the server has a node.
    pub fn has(&self, class: &str) -> bool {
        self.info.get(class).is_some()
    }

    /// The first of several values that a list of the server has; what the server takes by default if it
    /// has none of them.
    ///
    /// # Errors
    /// When the server has no such node, or its list is empty.
    pub fn pick(&self, class: &str, input: &str, wanted: &[&str]) -> Result<String, Cannot> {
        let list = list(self.info, class, input);
        let found = wanted.iter().find(|it| list.contains(*it)).or_else(|| list.first());
        found.map(|it| (*it).to_owned()).ok_or_else(|| {
            Cannot(format!("The server lists nothing for {input} of its {class} node."))
        })
    }

    /// The finished prompt.
    ///
    /// # Errors
    /// When it is no prompt: a fault of ours, told as what it is.
    pub fn finish(self) -> Result<Prompt, Cannot> {
        read_prompt(Value::Object(self.nodes).to_string().as_bytes())
            .map_err(|error| Cannot(format!("The starter made no prompt: {error}")))
    }
}

fn default(input: &NodeInput) -> Option<Value> {
    match (input.default(), &input.kind) {
        (Some(value), _) => Some(value.clone()),
        (None, InputKind::Type(kind)) => match kind.as_str() {
            "BOOLEAN" => Some(json!(false)),
            "STRING" => Some(json!("")),
            "INT" | "FLOAT" => input.options.get("min").cloned().or(Some(json!(0))),
            _ => None,
        },
        (None, InputKind::Combo(_)) => None,
    }
}

/// The names in a list of the server; none if there is no such list.
pub fn list<'a>(info: &'a ObjectInfo, class: &str, input: &str) -> Vec<&'a str> {
    match info.get(class).and_then(|class| class.input(input)).map(|input| &input.kind) {
        Some(InputKind::Combo(values)) => values.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
