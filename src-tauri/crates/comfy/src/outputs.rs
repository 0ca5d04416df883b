//! What nodes hand out: files, texts, and errors.

use domain::ServerEnd;
use serde::Deserialize;
use serde_json::Value;

/// Items of one node that are taken; a list of more is a mistake of a custom node.
const MOST_ITEMS: usize = 100_000;
/// The longest text taken from a node, in characters.
const LONGEST_TEXT: usize = 100_000;

/// A file at the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRef {
    /// Its name.
    pub filename: String,
    /// Its folder below the folder of its kind; may be empty.
    pub subfolder: String,
    /// `output`, `temp` or `input`.
    pub folder: String,
}

/// One thing a node handed out.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The node's id; may be one that was made at run time.
    pub node: String,
    /// The node of the prompt it belongs to.
    pub display_node: String,
    /// What the node calls it: `images`, `audio`, `gifs` …
    pub kind: String,
    /// The thing.
    pub item: OutputItem,
}

/// A thing a node handed out.
#[derive(Clone, Debug, PartialEq)]
pub enum OutputItem {
    /// A file.
    File(FileRef),
    /// A text.
    Text(String),
    /// Anything else.
    Other(Value),
}

/// Reads the `output` of one node: an object of lists, in principle. Custom nodes send anything.
pub(crate) fn of_node(node: &str, display_node: &str, output: &Value, into: &mut Vec<Output>) {
    let Value::Object(kinds) = output else { return };
    for (kind, items) in kinds {
        let items = match items {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        for item in items.iter().take(MOST_ITEMS) {
            if let Some(item) = item_of(kind, item) {
                into.push(Output {
                    node: node.to_owned(),
                    display_node: display_node.to_owned(),
                    kind: kind.clone(),
                    item,
                });
            }
        }
    }
}

fn item_of(kind: &str, item: &Value) -> Option<OutputItem> {
    match item {
        Value::Object(fields) => {
            let text = |key: &str| fields.get(key).and_then(Value::as_str);
            Some(match text("filename") {
                Some(filename) if !filename.is_empty() => OutputItem::File(FileRef {
                    filename: filename.to_owned(),
                    subfolder: text("subfolder").unwrap_or_default().to_owned(),
                    folder: text("type").unwrap_or("output").to_owned(),
                }),
                _ => OutputItem::Other(item.clone()),
            })
        }
        Value::String(text) if kind == "text" || kind == "string" => {
            Some(OutputItem::Text(text.chars().take(LONGEST_TEXT).collect()))
        }
        // `animated: [true]` is a hint about the items beside it, no output of its own.
        Value::Bool(_) | Value::Null => None,
        other => Some(OutputItem::Other(other.clone())),
    }
}

/// An error of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeError {
    /// The node's id.
    pub node_id: String,
    /// Its class.
    pub class: String,
    /// The exception's message.
    pub message: String,
    /// The exception's type.
    pub kind: String,
    /// The traceback, joined.
    pub traceback: String,
    /// Whether the server ran out of memory.
    pub out_of_memory: bool,
}

#[derive(Deserialize)]
pub(crate) struct RawNodeError {
    #[serde(default)]
    pub prompt_id: String,
    #[serde(default)]
    node_id: Option<Value>,
    #[serde(default)]
    node_type: Option<String>,
    #[serde(default)]
    exception_message: Option<String>,
    #[serde(default)]
    exception_type: Option<String>,
    #[serde(default)]
    traceback: Option<Value>,
    #[serde(default)]
    pub timestamp: Option<f64>,
}

impl RawNodeError {
    /// A blocked output with a message is told as an error and is no end.
    pub fn is_blocked(&self) -> bool {
        self.exception_type.as_deref() == Some("ExecutionBlocked")
    }

    pub fn into_error(self) -> NodeError {
        let kind = self.exception_type.unwrap_or_default();
        let message = self.exception_message.unwrap_or_default();
        let low = format!("{kind} {message}").to_lowercase();
        NodeError {
            node_id: self.node_id.as_ref().map(plain).unwrap_or_default(),
            class: self.node_type.unwrap_or_default(),
            out_of_memory: low.contains("outofmemory")
                || low.contains("out of memory")
                || low.contains("allocation on device"),
            message,
            kind,
            traceback: match self.traceback {
                Some(Value::Array(lines)) => lines.iter().map(plain).collect(),
                Some(other) => plain(&other),
                None => String::new(),
            },
        }
    }
}

/// A value as a person would write it.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The end that history's `status` tells: an interrupted run is an error with a message of its own.
pub(crate) fn end_of(status: Option<&str>, messages: &[(String, Value)]) -> ServerEnd {
    let said = |kind: &str| messages.iter().any(|(event, _)| event == kind);
    if said("execution_interrupted") {
        ServerEnd::Interrupted
    } else if status == Some("error") {
        ServerEnd::Failed
    } else {
        ServerEnd::Succeeded
    }
}
