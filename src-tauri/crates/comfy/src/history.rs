//! What the server remembers of a job that is over.

use crate::{ComfyError, NodeError, Output, frame, outputs};
use domain::ServerEnd;
use serde::Deserialize;
use serde_json::{Map, Value};

/// An entry of `/history`.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEntry {
    /// How it ended.
    pub end: ServerEnd,
    /// What it handed out. Failed and interrupted jobs keep what was done before.
    pub outputs: Vec<Output>,
    /// When it began, milliseconds since 1970.
    pub started_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// Nodes that were cached.
    pub cached: Vec<String>,
    /// What it failed with.
    pub error: Option<NodeError>,
}

#[derive(Deserialize)]
struct RawEntry {
    #[serde(default)]
    outputs: Option<Map<String, Value>>,
    #[serde(default)]
    status: Option<RawStatus>,
    #[serde(default)]
    meta: Value,
}

#[derive(Deserialize)]
struct RawStatus {
    #[serde(default)]
    status_str: Option<String>,
    #[serde(default)]
    messages: Vec<(String, Value)>,
}

/// Reads the entry of one job out of the answer to `/history/{id}`; nothing when it is not in it.
pub(crate) fn read(json: &[u8], prompt_id: &str) -> Result<Option<HistoryEntry>, ComfyError> {
    let mut all: Map<String, Value> = serde_json::from_slice(json).map_err(bad)?;
    all.remove(prompt_id).map(entry).transpose().map_err(bad)
}

/// Reads all entries, in the order of the answer.
pub(crate) fn read_all(json: &[u8]) -> Result<Vec<(String, HistoryEntry)>, ComfyError> {
    let all: Map<String, Value> = serde_json::from_slice(json).map_err(bad)?;
    all.into_iter().map(|(id, value)| Ok((id, entry(value).map_err(bad)?))).collect()
}

fn bad(error: serde_json::Error) -> ComfyError {
    ComfyError::BadAnswer { route: "/history".to_owned(), why: error.to_string() }
}

fn entry(value: Value) -> Result<HistoryEntry, serde_json::Error> {
    let raw: RawEntry = serde_json::from_value(value)?;
    let (status, messages) =
        raw.status.map(|status| (status.status_str, status.messages)).unwrap_or_default();
    let mut found = Vec::new();
    for (node, output) in raw.outputs.unwrap_or_default() {
        // Nodes made at run time have ids of their own; `meta` says where they are shown.
        let display = raw.meta[&node]["display_node"].as_str().unwrap_or(&node).to_owned();
        outputs::of_node(&node, &display, &output, &mut found);
    }
    let at = |kinds: &[&str]| {
        let (_, data) = messages.iter().find(|(kind, _)| kinds.contains(&kind.as_str()))?;
        data.get("timestamp").and_then(Value::as_f64).map(frame::time)
    };
    let error = messages
        .iter()
        .find(|(kind, _)| kind == "execution_error")
        .and_then(|(_, data)| serde_json::from_value::<outputs::RawNodeError>(data.clone()).ok());
    let cached = messages
        .iter()
        .find(|(kind, _)| kind == "execution_cached")
        .and_then(|(_, data)| data.get("nodes")?.as_array())
        .map(|nodes| nodes.iter().map(outputs::plain).collect())
        .unwrap_or_default();
    Ok(HistoryEntry {
        end: outputs::end_of(status.as_deref(), &messages),
        outputs: found,
        started_at: at(&["execution_start"]),
        ended_at: at(&["execution_success", "execution_error", "execution_interrupted"]),
        cached,
        error: error.map(outputs::RawNodeError::into_error),
    })
}
