//! Why a server refuses a prompt, kept with its structure.

use crate::outputs::plain;
use serde_json::Value;

/// Values of a list that are kept.
const MOST_ALLOWED: usize = 50;
/// Problems that are kept.
const MOST_PROBLEMS: usize = 200;

/// A refused prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// `error.type`.
    pub kind: String,
    /// `error.message`.
    pub message: String,
    /// `error.details`; often empty.
    pub details: String,
    /// The node class the server does not have.
    pub missing_node: Option<MissingNode>,
    /// What is wrong, node by node.
    pub problems: Vec<NodeProblem>,
    /// The prompt is larger than the server takes.
    pub payload_too_large: bool,
}

/// A node whose class the server does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MissingNode {
    /// The node's id.
    pub node_id: Option<String>,
    /// The class.
    pub class: String,
    /// The node's title.
    pub title: Option<String>,
}

/// One thing wrong with one node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeProblem {
    /// The node's id.
    pub node_id: String,
    /// Its class.
    pub class: String,
    /// The kind, such as `value_not_in_list`.
    pub kind: String,
    /// The server's words.
    pub message: String,
    /// More of them.
    pub details: String,
    /// The input.
    pub input_name: Option<String>,
    /// The value it got.
    pub received: Option<String>,
    /// Values it would take.
    pub allowed: Vec<String>,
}

/// Reads the answer with status 400.
pub(crate) fn read(answer: &Value) -> Refusal {
    let error = answer.get("error").unwrap_or(&Value::Null);
    let text = |key: &str| error.get(key).map(plain).unwrap_or_default();
    let kind = if let Value::String(only) = error { only.clone() } else { text("type") };
    let message = text("message");
    let extra = error.get("extra_info");
    let in_extra = |key: &str| {
        extra.and_then(|extra| extra.get(key)).map(plain).filter(|text| !text.is_empty())
    };
    let missing_node = match kind.as_str() {
        "missing_node_type" => in_extra("class_type").map(|class| MissingNode {
            node_id: in_extra("node_id"),
            title: in_extra("node_title"),
            class,
        }),
        // Before 0.28 only the sentence tells: "… because node X does not exist", and details
        // "Node ID '#7'".
        "invalid_prompt" => old_missing(&message, &text("details")),
        _ => None,
    };
    Refusal {
        details: text("details"),
        problems: problems(answer.get("node_errors")),
        missing_node,
        kind,
        message,
        payload_too_large: false,
    }
}

fn old_missing(message: &str, details: &str) -> Option<MissingNode> {
    let class = message
        .split_once("because node ")
        .and_then(|(_, rest)| rest.split_once(" does not exist"))
        .or_else(|| {
            message.split_once("Node '").and_then(|(_, rest)| rest.split_once("' not found"))
        })?
        .0;
    let node_id = details.split_once('#').map(|(_, id)| id.trim_end_matches('\'').to_owned());
    Some(MissingNode { node_id, class: class.to_owned(), title: None })
}

/// Reads `node_errors`: an object by node, or an empty list in older versions.
pub(crate) fn problems(errors: Option<&Value>) -> Vec<NodeProblem> {
    let Some(Value::Object(nodes)) = errors else { return Vec::new() };
    let mut found = Vec::new();
    for (node_id, node) in nodes {
        let class = node.get("class_type").map(plain).unwrap_or_default();
        let Some(Value::Array(errors)) = node.get("errors") else { continue };
        for error in errors {
            if found.len() == MOST_PROBLEMS {
                return found;
            }
            found.push(problem(node_id, &class, error));
        }
    }
    found
}

fn problem(node_id: &str, class: &str, error: &Value) -> NodeProblem {
    let text = |key: &str| error.get(key).map(plain).unwrap_or_default();
    let extra = error.get("extra_info");
    let in_extra = |key: &str| extra.and_then(|extra| extra.get(key));
    NodeProblem {
        node_id: node_id.to_owned(),
        class: class.to_owned(),
        kind: text("type"),
        message: text("message"),
        details: text("details"),
        input_name: in_extra("input_name").map(plain).filter(|name| !name.is_empty()),
        received: in_extra("received_value").map(plain),
        allowed: allowed(in_extra("input_config")),
    }
}

/// The values of a combo: `[[…], opts]` or `["COMBO", {"options": […]}]`.
fn allowed(config: Option<&Value>) -> Vec<String> {
    let list = config.and_then(|config| {
        config
            .get(0)
            .and_then(Value::as_array)
            .or_else(|| config.get(1)?.get("options")?.as_array())
    });
    list.map(|values| values.iter().take(MOST_ALLOWED).map(plain).collect()).unwrap_or_default()
}
