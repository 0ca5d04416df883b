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

/// How many wrappings (a request, a history, a text within a text) are taken off.
const MAX_WRAPPINGS: usize = 4;

/// A workflow that was read: in the form that runs, as it was drawn, or both.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// What ran or can run: ComfyUI's API format.
    pub prompt: Option<Prompt>,
    /// What was drawn, as its JSON text: ComfyUI's editor format, as [`crate::convert`] takes it.
    pub graph: Option<String>,
    /// How many workflows the text held. A history holds several, oldest first; the last is taken.
    pub held: usize,
}

impl Read {
    /// What runs, and what was drawn if that is there.
    ///
    /// # Errors
    /// [`ReadError::UiFormat`] when the workflow is only there as it was drawn.
    pub fn as_it_runs(self) -> Result<(Prompt, Option<String>), ReadError> {
        let nodes = self.graph.as_deref().and_then(count_nodes).unwrap_or(0);
        self.prompt.map(|prompt| (prompt, self.graph)).ok_or(ReadError::UiFormat { nodes })
    }
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
        "This is a workflow in ComfyUI's editor format ({nodes} nodes), and what runs is wanted here: a prompt in API format. Drop the file on the window to have it converted."
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

/// Reads a prompt: [`read`], where the form that runs must be there.
///
/// # Errors
/// See [`ReadError`]; [`ReadError::UiFormat`] when the workflow is only there as it was drawn.
pub fn read_prompt(text: &[u8]) -> Result<Prompt, ReadError> {
    read(text)?.as_it_runs().map(|(prompt, _)| prompt)
}

/// Reads a workflow: in API format, in the editor's format, or both; bare, or wrapped as in a
/// request (`{"prompt": …, "extra_data": …}`), in a file's texts (`{"prompt": …, "workflow": …}`,
/// also as texts within the text) or in a history, of which the last entry is taken.
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
    of_value(raw, MAX_WRAPPINGS)
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

fn of_value(raw: &RawValue, wrappings: usize) -> Result<Read, ReadError> {
    let not = |what: &str| ReadError::NotWorkflow { what: what.to_owned() };
    match raw.get().as_bytes().first() {
        Some(b'{') => {}
        Some(b'[') => return Err(not("it is a list")),
        Some(b'"') => return Err(not("it is a single text")),
        _ => return Err(not("it is a single value")),
    }
    match count_nodes(raw.get()) {
        Some(0) => return Err(ReadError::Empty),
        Some(_) => {
            return Ok(Read { graph: Some(raw.get().to_owned()), held: 1, ..Read::default() });
        }
        None => {}
    }
    let Ok(Entries(entries)) = serde_json::from_str(raw.get()) else {
        return Err(not("it cannot be taken apart"));
    };
    if wrappings > 0
        && let Some(read) = unwrapped(&entries, wrappings - 1)
    {
        return read;
    }
    if entries.is_empty() {
        return Err(ReadError::Empty);
    }
    if !entries.iter().any(|(_, value)| is_node(value)) {
        let keys: Vec<&str> = entries.iter().take(4).map(|(key, _)| key.as_str()).collect();
        return Err(not(&format!("none of its entries is a node (it has {})", keys.join(", "))));
    }
    let nodes = entries.iter().map(|(id, value)| node_of(id, value)).collect::<Result<_, _>>()?;
    Ok(Read { prompt: Some(Prompt::new(raw.get().to_owned(), nodes)), graph: None, held: 1 })
}

fn node_of(id: &str, value: &RawValue) -> Result<Node, ReadError> {
    let without = || ReadError::NodeWithoutClass { node: id.to_owned() };
    let raw: RawNode<'_> = serde_json::from_str(value.get()).map_err(|_| without())?;
    let title = raw._meta.and_then(|meta| meta.title);
    Ok(Node {
        id: id.to_owned(),
        class: raw.class_type.ok_or_else(without)?,
        title: title
            .and_then(|title| title.as_str().map(|title| title.trim().to_owned()))
            .filter(|title| !title.is_empty()),
        inputs: raw
            .inputs
            .map(|inputs| inputs.0.into_iter().map(|(name, raw)| (name, input(raw))).collect())
            .unwrap_or_default(),
    })
}

/// What is read of a wrapping's inside; nothing if this is no wrapping.
fn unwrapped(entries: &[(String, &RawValue)], wrappings: usize) -> Option<Result<Read, ReadError>> {
    let find = |name: &str| entries.iter().find(|(key, _)| key == name).map(|(_, value)| *value);
    // A node may be called `prompt`.
    let part = |name: &str| find(name).filter(|value| !is_node(value));
    if let Some((prompt, extra)) = part("prompt").and_then(history_prompt) {
        return Some(both(Some(prompt), extra.and_then(graph_of), wrappings));
    }
    let prompt = part("prompt").filter(|value| value.get().starts_with(['{', '"']));
    let graph = part("workflow").filter(|value| value.get().starts_with(['{', '"']));
    if prompt.is_some() || graph.is_some() {
        return Some(both(
            prompt,
            graph.or_else(|| find("extra_data").and_then(graph_of)),
            wrappings,
        ));
    }
    let mut runs = entries.iter().filter(|(_, value)| is_history_entry(value));
    let (held, last) = (runs.clone().count(), runs.next_back()?.1);
    Some(of_value(last, wrappings).map(|read| Read { held, ..read }))
}

/// What ran and what was drawn, from where each is kept. One of them may be no workflow.
fn both(
    prompt: Option<&RawValue>,
    graph: Option<&RawValue>,
    wrappings: usize,
) -> Result<Read, ReadError> {
    let prompt = prompt.map(|prompt| of_text_or_value(prompt, wrappings));
    let graph = graph.map(|graph| of_text_or_value(graph, wrappings));
    let drawn = graph.as_ref().and_then(|read| read.as_ref().ok()?.graph.clone());
    match (prompt, graph) {
        (Some(Ok(read)), _) => Ok(Read { graph: drawn.or(read.graph), ..read }),
        (_, Some(Ok(read))) => Ok(read),
        (Some(Err(error)), _) | (None, Some(Err(error))) => Err(error),
        (None, None) => Err(ReadError::Empty),
    }
}

/// Reads a value that may also be a text that holds it, as in a list of a picture's texts.
fn of_text_or_value(raw: &RawValue, wrappings: usize) -> Result<Read, ReadError> {
    match serde_json::from_str::<String>(raw.get()) {
        Ok(text) => {
            if depth::too_deep(text.as_bytes()) {
                return Err(ReadError::TooDeep);
            }
            let text = &*without_nan(&text);
            let raw: &RawValue =
                serde_json::from_str(text).map_err(|error| not_json(text, &error))?;
            of_value(raw, wrappings)
        }
        Err(_) => of_value(raw, wrappings),
    }
}

/// The prompt and the extra data of a history entry's `prompt`, which is a list: a number, the id,
/// the prompt, extra data, and ids of outputs.
fn history_prompt(raw: &RawValue) -> Option<(&RawValue, Option<&RawValue>)> {
    let parts: Vec<&RawValue> =
        raw.get().starts_with('[').then(|| serde_json::from_str(raw.get()).ok())??;
    let prompt = parts.get(2).filter(|prompt| prompt.get().starts_with('{'))?;
    parts[1].get().starts_with('"').then_some((prompt, parts.get(3).copied()))
}

fn is_history_entry(raw: &RawValue) -> bool {
    #[derive(Deserialize)]
    struct Entry<'a> {
        #[serde(borrow)]
        prompt: &'a RawValue,
    }
    // What has no such key at all is seen without taking it apart: each node of each prompt is asked.
    raw.get().starts_with('{')
        && raw.get().contains("\"prompt\"")
        && serde_json::from_str::<Entry<'_>>(raw.get())
            .is_ok_and(|entry| history_prompt(entry.prompt).is_some())
}

/// How many nodes an editor's graph has; nothing if the text is none.
fn count_nodes(text: &str) -> Option<usize> {
    #[derive(Deserialize)]
    struct Graph {
        nodes: Vec<serde::de::IgnoredAny>,
    }
    // As above: prompts have no such key.
    text.contains("\"nodes\"")
        .then(|| serde_json::from_str::<Graph>(text).ok())?
        .map(|graph| graph.nodes.len())
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
fn graph_of(extra: &RawValue) -> Option<&RawValue> {
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
    Some(extra.extra_pnginfo.workflow)
}

/// ComfyUI writes a bare `NaN` into pictures (`"is_changed": [NaN]`), which is no JSON.
pub(crate) fn without_nan(text: &str) -> Cow<'_, str> {
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
