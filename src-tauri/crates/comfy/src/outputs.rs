//! What nodes hand out: files, texts, and errors.

use domain::ServerEnd;
use serde::Deserialize;
use serde_json::Value;

/// Items of one node that are taken; a list of more is a mistake of a custom node.
const MOST_ITEMS: usize = 100_000;

/// A file at the server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

/// Reads the `output` of one node: an object of lists, in principle. Custom nodes send anything, and
/// nothing of it is an error: what is neither a file nor a text is kept as it is. Only a file that
/// says so on the outside counts as one; a `filename` deep inside may be a model's, and asking the
/// server for it would end in a file that is not there.
pub(crate) fn of_node(node: &str, display_node: &str, output: &Value, into: &mut Vec<Output>) {
    let mut put = |kind: &str, item: OutputItem| {
        into.push(Output {
            node: node.to_owned(),
            display_node: display_node.to_owned(),
            kind: kind.to_owned(),
            item,
        });
    };
    match output {
        // Nodes without anything to show have `null`.
        Value::Null => {}
        Value::Object(kinds) => {
            for (kind, items) in kinds.iter().filter(|(kind, items)| !is_hint(kind, items)) {
                let items = match items {
                    Value::Array(items) => items.as_slice(),
                    one => std::slice::from_ref(one),
                };
                if items.len() > MOST_ITEMS {
                    tracing::warn!(node, kind, items = items.len(), "more than is taken");
                }
                for item in items.iter().take(MOST_ITEMS) {
                    put(kind, item_of(kind, item));
                }
            }
        }
        odd => put("", OutputItem::Other(odd.clone())),
    }
}

/// `animated: [true]` is a word about the items beside it, and nothing of its own.
fn is_hint(kind: &str, items: &Value) -> bool {
    kind == "animated" && items.as_array().is_some_and(|items| items.iter().all(Value::is_boolean))
}

fn item_of(kind: &str, item: &Value) -> OutputItem {
    if let Some(file) = file_of(item) {
        return OutputItem::File(file);
    }
    match item {
        Value::String(text) if kind == "text" || kind == "string" => OutputItem::Text(text.clone()),
        other => OutputItem::Other(other.clone()),
    }
}

/// An object with a name of a file; where it is may be left out.
fn file_of(item: &Value) -> Option<FileRef> {
    let text = |key: &str| item.get(key).and_then(Value::as_str);
    Some(FileRef {
        filename: text("filename").filter(|name| !name.is_empty())?.to_owned(),
        subfolder: text("subfolder").unwrap_or_default().to_owned(),
        folder: text("type").unwrap_or("output").to_owned(),
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn read(output: &Value) -> Vec<(String, OutputItem)> {
        let mut found = Vec::new();
        of_node("1.0.0.2", "1", output, &mut found);
        assert!(
            found.iter().all(|output| (&*output.node, &*output.display_node) == ("1.0.0.2", "1"))
        );
        found.into_iter().map(|output| (output.kind, output.item)).collect()
    }

    fn file(filename: &str, subfolder: &str, folder: &str) -> OutputItem {
        OutputItem::File(FileRef {
            filename: filename.to_owned(),
            subfolder: subfolder.to_owned(),
            folder: folder.to_owned(),
        })
    }

    #[test]
    fn whatever_a_node_hands_out_is_kept() {
        let other = |value: Value| OutputItem::Other(value);
        let text = |text: &str| OutputItem::Text(text.to_owned());
        let deep = json!({"result": {"video": {"filename": "v.mp4"}}});
        for (output, items) in [
            (json!(null), vec![]),
            (json!({}), vec![]),
            (json!({"images": []}), vec![]),
            // As core nodes have it (recorded: success_multi_outputs, text_outputs, media_outputs).
            (
                json!({"images": [{"filename": "a.webp", "subfolder": "s", "type": "temp"}], "animated": [true]}),
                vec![file("a.webp", "s", "temp")],
            ),
            (
                json!({"text": ["saved"], "files": [{"filename": "t.txt", "subfolder": "", "type": "output"}]}),
                vec![text("saved"), file("t.txt", "", "output")],
            ),
            // What custom nodes do: no list, no folder, more fields, other kinds.
            (
                json!({"gifs": {"filename": "a.mp4", "format": "video/h264"}}),
                vec![file("a.mp4", "", "output")],
            ),
            (json!({"string": "one"}), vec![text("one")]),
            (json!({"tags": ["a", "b"]}), vec![other(json!("a")), other(json!("b"))]),
            (json!({"score": 0.5}), vec![other(json!(0.5))]),
            // Of `[NaN, Infinity]`, nulls are left (recorded: text_outputs).
            (
                json!({"numbers": [null, 1, true]}),
                vec![other(json!(null)), other(json!(1)), other(json!(true))],
            ),
            (json!({"animated": ["yes"]}), vec![other(json!("yes"))]),
            (json!({"images": [{"filename": ""}]}), vec![other(json!({"filename": ""}))]),
            (json!({"images": [{"filename": 7}]}), vec![other(json!({"filename": 7}))]),
            (json!({"bboxes": [[1, 2], [[3]]]}), vec![other(json!([1, 2])), other(json!([[3]]))]),
            (
                json!({"images": [[{"filename": "a.png"}]]}),
                vec![other(json!([{"filename": "a.png"}]))],
            ),
            (json!({"ui": deep}), vec![other(deep.clone())]),
            // No object at all.
            (json!(["a", 1]), vec![other(json!(["a", 1]))]),
            (json!("done"), vec![other(json!("done"))]),
        ] {
            let found: Vec<_> = read(&output).into_iter().map(|(_, item)| item).collect();
            assert_eq!(found, items, "{output}");
        }
    }

    fn anything() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        let key = "filename|subfolder|type|images|text|animated|[a-z]{1,4}";
        leaf.prop_recursive(5, 40, 6, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::btree_map(key, inner, 0..6).prop_map(|fields| fields
                    .into_iter()
                    .collect::<serde_json::Map<_, _>>()
                    .into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn nothing_is_lost(output in anything()) {
            let mut found = read(&output).into_iter();
            let kinds = match &output {
                Value::Null => return Ok(()),
                Value::Object(kinds) => kinds.clone(),
                odd => {
                    prop_assert_eq!(found.next(), Some((String::new(), OutputItem::Other(odd.clone()))));
                    prop_assert_eq!(found.next(), None);
                    return Ok(());
                }
            };
            for (kind, items) in kinds.iter().filter(|(kind, items)| !is_hint(kind, items)) {
                let items = items.as_array().cloned().unwrap_or_else(|| vec![items.clone()]);
                for item in items {
                    let (its_kind, found) = found.next().expect("an output for each item");
                    prop_assert_eq!(&its_kind, kind);
                    match found {
                        OutputItem::Other(value) => prop_assert_eq!(value, item),
                        OutputItem::Text(text) => prop_assert_eq!(Value::from(text), item),
                        OutputItem::File(file) => prop_assert_eq!(&item["filename"], &file.filename),
                    }
                }
            }
            prop_assert_eq!(found.next(), None);
        }
    }
}
