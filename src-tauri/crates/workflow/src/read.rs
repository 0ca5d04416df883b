//! Reading what was dropped, pasted or found in a picture.

use crate::{
    depth,
    prompt::{Entries, Node, Prompt, input},
};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use thiserror::Error;

/// The largest text that is read as a workflow.
pub const MAX_WORKFLOW_BYTES: usize = 64 << 20;

/// A workflow that was read.
#[derive(Clone, Debug)]
pub struct Read {
    /// What runs.
    pub prompt: Prompt,
    /// What was drawn, as JSON text, if both were there.
    pub ui_graph: Option<String>,
}

/// Why a text is no workflow we can run. Each is a sentence for a person.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ReadError {
    /// Too many bytes.
    #[error("This has {} MB; a workflow may have {} MB at most.", .bytes >> 20, MAX_WORKFLOW_BYTES >> 20)]
    TooLarge {
        /// How many.
        bytes: usize,
    },
    /// Nested too deep.
    #[error("This JSON is nested more than {} levels deep, as no workflow is.", depth::MAX_DEPTH)]
    TooDeep,
    /// No JSON.
    #[error("This is not JSON: {why} in line {line}, column {column}. Was the file cut off?")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        why: String,
    },
    /// No text.
    #[error("There is nothing in it.")]
    Nothing,
    /// JSON of another kind.
    #[error("This JSON is not a ComfyUI workflow: {what}.")]
    NotWorkflow {
        /// What it is.
        what: String,
    },
    /// A workflow without nodes.
    #[error("This workflow is empty: it has no nodes.")]
    Empty,
    /// ComfyUI's editor format.
    #[error(
        "This is a workflow in ComfyUI's editor format ({nodes} nodes), which Safelight does not read yet. In ComfyUI, choose Export (API) and drop that file, or drop a picture the workflow made."
    )]
    UiFormat {
        /// How many nodes it has.
        nodes: usize,
    },
    /// A node without a class.
    #[error("Node {node} of this workflow has no class_type, so no server can run it.")]
    NodeWithoutClass {
        /// Its id.
        node: String,
    },
    /// Settings of another program.
    #[error(
        "This is a text with generation settings (as other programs write them), not a ComfyUI workflow."
    )]
    Parameters,
}

#[derive(Deserialize)]
struct RawNode<'a> {
    class_type: Option<String>,
    #[serde(borrow, default)]
    inputs: Option<Entries<'a>>,
    #[serde(default)]
    _meta: Option<Meta>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(default)]
    title: Option<serde_json::Value>,
}

/// Reads a workflow in API format: bare, or wrapped as in a request or a history entry.
///
/// # Errors
/// See [`ReadError`].
pub fn read(text: &[u8]) -> Result<Read, ReadError> {
    if text.len() > MAX_WORKFLOW_BYTES {
        return Err(ReadError::TooLarge { bytes: text.len() });
    }
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::Nothing);
    }
    if depth::too_deep(text) {
        return Err(ReadError::TooDeep);
    }
    let text = std::str::from_utf8(text).map_err(|error| ReadError::NotJson {
        line: text[..error.valid_up_to()].split(|byte| *byte == b'\n').count(),
        column: 1,
        why: "bytes that are no UTF-8 text".to_owned(),
    })?;
    let text = &*without_nan(text);
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| not_json(text, &error))?;
    of_value(raw)
}

fn not_json(text: &str, error: &serde_json::Error) -> ReadError {
    let start = text.trim_start();
    if !start.starts_with(['{', '[']) && start.contains("Steps: ") && start.contains("Seed: ") {
        return ReadError::Parameters;
    }
    let why = error.to_string();
    let why = why.split(" at line ").next().unwrap_or(&why).to_owned();
    ReadError::NotJson { line: error.line(), column: error.column(), why }
}

fn of_value(raw: &RawValue) -> Result<Read, ReadError> {
    let not = |what: &str| ReadError::NotWorkflow { what: what.to_owned() };
    match raw.get().as_bytes().first() {
        Some(b'{') => {}
        Some(b'[') => return Err(not("it is a list")),
        Some(b'"') => return Err(not("it is a single text")),
        _ => return Err(not("it is a single value")),
    }
    let Ok(Entries(entries)) = serde_json::from_str(raw.get()) else {
        return Err(not("it cannot be taken apart"));
    };
    let find = |name: &str| entries.iter().find(|(key, _)| key == name).map(|(_, value)| *value);
    if let Some(nodes) = find("nodes")
        && nodes.get().starts_with('[')
    {
        let nodes: Vec<serde::de::IgnoredAny> =
            serde_json::from_str(nodes.get()).unwrap_or_default();
        return Err(ReadError::UiFormat { nodes: nodes.len() });
    }
    if let Some(prompt) = find("prompt")
        && !is_node(prompt)
        && prompt.get().starts_with('{')
    {
        let mut read = of_value(prompt)?;
        if read.ui_graph.is_none() {
            read.ui_graph = find("extra_data").and_then(graph_of);
        }
        return Ok(read);
    }
    if entries.is_empty() {
        return Err(ReadError::Empty);
    }
    if !entries.iter().any(|(_, value)| is_node(value)) {
        let keys: Vec<&str> = entries.iter().take(4).map(|(key, _)| key.as_str()).collect();
        return Err(not(&format!("none of its entries is a node (it has {})", keys.join(", "))));
    }
    let mut nodes = Vec::with_capacity(entries.len());
    for (id, value) in &entries {
        let Ok(raw) = serde_json::from_str::<RawNode<'_>>(value.get()) else {
            return Err(ReadError::NodeWithoutClass { node: id.clone() });
        };
        let Some(class) = raw.class_type else {
            return Err(ReadError::NodeWithoutClass { node: id.clone() });
        };
        let title = raw._meta.and_then(|meta| meta.title);
        nodes.push(Node {
            id: id.clone(),
            class,
            title: title
                .and_then(|title| title.as_str().map(|title| title.trim().to_owned()))
                .filter(|title| !title.is_empty()),
            inputs: raw
                .inputs
                .map(|inputs| inputs.0.into_iter().map(|(name, raw)| (name, input(raw))).collect())
                .unwrap_or_default(),
        });
    }
    Ok(Read { prompt: Prompt::new(raw.get().to_owned(), nodes), ui_graph: None })
}

fn is_node(value: &RawValue) -> bool {
    #[derive(Deserialize)]
    struct Class {
        #[serde(rename = "class_type")]
        _class: String,
    }
    value.get().starts_with('{') && serde_json::from_str::<Class>(value.get()).is_ok()
}

/// The editor's graph beside a prompt: `extra_data.extra_pnginfo.workflow`.
fn graph_of(extra: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Extra<'a> {
        #[serde(borrow)]
        extra_pnginfo: PngInfo<'a>,
    }
    #[derive(Deserialize)]
    struct PngInfo<'a> {
        #[serde(borrow)]
        workflow: &'a RawValue,
    }
    let extra: Extra<'_> = serde_json::from_str(extra.get()).ok()?;
    Some(extra.extra_pnginfo.workflow.get().to_owned())
}

/// ComfyUI writes a bare `NaN` into pictures (`"is_changed": [NaN]`), which is no JSON.
fn without_nan(text: &str) -> Cow<'_, str> {
    if !text.contains("NaN") && !text.contains("Infinity") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut in_string) = (text, false);
    while let Some(at) = rest.find(['"', '\\', 'N', 'I', '-']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let word = ["NaN", "-Infinity", "Infinity"].into_iter().find(|word| rest.starts_with(word));
        let take = if in_string && rest.starts_with('\\') {
            // The escaped character goes along, whatever it is.
            1 + rest[1..].chars().next().map_or(0, char::len_utf8)
        } else if let (false, Some(word)) = (in_string, word) {
            out.push_str("null");
            rest = &rest[word.len()..];
            continue;
        } else {
            in_string ^= rest.starts_with('"');
            1
        };
        out.push_str(&rest[..take]);
        rest = &rest[take..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}
