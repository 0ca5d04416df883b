//! Frames of the socket.

use crate::{
    ComfyError, Features, LogLine, NodeError, Output, lenient::strict_json, logs::RawLog, outputs,
    outputs::RawNodeError,
};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use std::collections::BTreeMap;

/// The progress of one node in a `progress_state`.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeProgress {
    /// Its id; may be one made at run time.
    pub id: String,
    /// The node of the prompt it is shown at.
    pub display_id: String,
    /// The node that made it.
    pub parent_id: Option<String>,
    /// The id in the prompt, without what expansion added.
    pub real_id: String,
    /// Steps done.
    pub value: f64,
    /// Steps in all.
    pub max: f64,
    /// Running, else finished.
    pub running: bool,
}

/// One frame.
#[derive(Clone, Debug, PartialEq)]
pub enum Frame {
    /// `status`: how many jobs of all clients run or wait.
    Status {
        /// The count.
        queue_remaining: Option<u64>,
        /// Our client id; only in the first frame.
        sid: Option<String>,
    },
    /// `feature_flags`.
    Features(Features),
    /// `execution_start`.
    Started {
        /// The job.
        prompt_id: String,
        /// Milliseconds since 1970.
        at: Option<i64>,
    },
    /// `execution_cached`.
    Cached {
        /// The job.
        prompt_id: String,
        /// Nodes that need not run.
        nodes: Vec<String>,
    },
    /// `executing`. Without a node it is the last event of a job; without a job it is said on
    /// connecting.
    Executing {
        /// The job.
        prompt_id: Option<String>,
        /// The node.
        node: Option<String>,
        /// The node it is shown at.
        display_node: Option<String>,
    },
    /// `progress`.
    Progress {
        /// The job.
        prompt_id: Option<String>,
        /// The node.
        node: Option<String>,
        /// Steps done.
        value: f64,
        /// Steps in all.
        max: f64,
    },
    /// `progress_state`: nodes that are not pending. Read by a [`ProgressReader`](crate::ProgressReader)
    /// it names those from the first that changed, else all.
    ProgressState {
        /// The job.
        prompt_id: String,
        /// The nodes.
        nodes: Vec<NodeProgress>,
    },
    /// `executed`: a node handed something out.
    Executed {
        /// The job.
        prompt_id: String,
        /// The node.
        node: String,
        /// The node it is shown at.
        display_node: String,
        /// What it handed out.
        outputs: Vec<Output>,
    },
    /// `execution_success`. The history entry may not be there yet.
    Succeeded {
        /// The job.
        prompt_id: String,
        /// Milliseconds since 1970.
        at: Option<i64>,
    },
    /// `execution_error`.
    Failed {
        /// The job.
        prompt_id: String,
        /// Milliseconds since 1970.
        at: Option<i64>,
        /// The error.
        error: NodeError,
        /// A blocked output: the job goes on.
        blocked: bool,
    },
    /// `execution_interrupted`.
    Interrupted {
        /// The job.
        prompt_id: String,
        /// The node that was running.
        node: Option<String>,
        /// Milliseconds since 1970.
        at: Option<i64>,
    },
    /// A preview picture, in either format.
    Preview {
        /// The job; the old format does not say.
        prompt_id: Option<String>,
        /// The node.
        node: Option<String>,
        /// The node it is shown at.
        display_node: Option<String>,
        /// Media type.
        mime: &'static str,
        /// The picture.
        bytes: Bytes,
    },
    /// A text about a node's progress.
    Text {
        /// The job; servers before those that announce `supports_progress_text_metadata` do not say.
        prompt_id: Option<String>,
        /// The node.
        node: String,
        /// The text.
        text: String,
    },
    /// `logs`, after [`Client::follow_logs`](crate::Client::follow_logs).
    Logs(Vec<LogLine>),
    /// Anything else: custom nodes send what they like.
    Unknown {
        /// Its type.
        kind: String,
        /// Its size.
        bytes: usize,
        /// How it begins.
        begin: String,
    },
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct RawStatus {
    #[serde(default)]
    status: Option<RawExec>,
    #[serde(default)]
    sid: Option<String>,
}

#[derive(Deserialize)]
struct RawExec {
    #[serde(default)]
    exec_info: Option<RawInfo>,
}

#[derive(Deserialize)]
struct RawInfo {
    #[serde(default)]
    queue_remaining: Option<f64>,
}

#[derive(Deserialize)]
struct RawJob {
    #[serde(default)]
    prompt_id: Option<String>,
    #[serde(default)]
    timestamp: Option<f64>,
    #[serde(default)]
    nodes: Option<Vec<Value>>,
    #[serde(default)]
    node: Option<Value>,
    #[serde(default)]
    node_id: Option<Value>,
    #[serde(default)]
    display_node: Option<Value>,
    #[serde(default)]
    output: Option<Value>,
    #[serde(default)]
    value: Option<f64>,
    #[serde(default)]
    max: Option<f64>,
}

#[derive(Deserialize)]
struct RawProgressState {
    #[serde(default)]
    prompt_id: Option<String>,
    #[serde(default)]
    nodes: BTreeMap<String, RawNodeState>,
}

#[derive(Deserialize)]
pub(crate) struct RawNodeState {
    #[serde(default)]
    value: Option<f64>,
    #[serde(default)]
    max: Option<f64>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    display_node_id: Option<String>,
    #[serde(default)]
    parent_node_id: Option<String>,
    #[serde(default)]
    real_node_id: Option<String>,
}

/// Decodes a text frame. A known type with odd data counts as unknown, not as an error: nothing a
/// custom node sends may end the connection.
///
/// # Errors
/// When it is no JSON object with a `type`.
pub fn decode_text(text: &[u8]) -> Result<Frame, ComfyError> {
    let strict = strict_json(text);
    let envelope: Envelope<'_> = serde_json::from_slice(&strict).map_err(|error| {
        ComfyError::BadAnswer { route: "/ws".to_owned(), why: error.to_string() }
    })?;
    let frame = envelope.data.and_then(|data| known(&envelope.kind, data.get()));
    Ok(frame.unwrap_or_else(|| unknown(envelope.kind, text)))
}

/// How much of a frame of an unknown kind is kept, in bytes.
const BEGIN: usize = 300;

/// A frame that is not understood.
pub(crate) fn unknown(kind: String, whole: &[u8]) -> Frame {
    let begin = String::from_utf8_lossy(&whole[..whole.len().min(BEGIN)]).into_owned();
    Frame::Unknown { kind, bytes: whole.len(), begin }
}

fn known(kind: &str, data: &str) -> Option<Frame> {
    fn read<'a, T: Deserialize<'a>>(data: &'a str) -> Option<T> {
        serde_json::from_str(data).ok()
    }
    let text =
        |value: Option<Value>| value.map(|value| outputs::plain(&value)).filter(|t| !t.is_empty());
    Some(match kind {
        "status" => {
            let raw: RawStatus = read(data)?;
            let remaining = raw.status.and_then(|s| s.exec_info).and_then(|i| i.queue_remaining);
            Frame::Status { queue_remaining: remaining.map(whole), sid: raw.sid }
        }
        "feature_flags" => Frame::Features(read(data)?),
        "logs" => Frame::Logs(read::<RawLog>(data)?.entries),
        "progress_state" => {
            let raw: RawProgressState = read(data)?;
            Frame::ProgressState {
                prompt_id: raw.prompt_id?,
                nodes: raw.nodes.into_iter().map(node_progress).collect(),
            }
        }
        "execution_error" => {
            let raw: RawNodeError = read(data)?;
            Frame::Failed {
                prompt_id: raw.prompt_id.clone(),
                at: raw.timestamp.map(time),
                blocked: raw.is_blocked(),
                error: raw.into_error(),
            }
        }
        "execution_start"
        | "execution_cached"
        | "executing"
        | "progress"
        | "executed"
        | "execution_success"
        | "execution_interrupted" => {
            let raw: RawJob = read(data)?;
            let at = raw.timestamp.map(time);
            match kind {
                "execution_start" => Frame::Started { prompt_id: raw.prompt_id?, at },
                "execution_cached" => Frame::Cached {
                    prompt_id: raw.prompt_id?,
                    nodes: raw.nodes.unwrap_or_default().iter().map(outputs::plain).collect(),
                },
                "executing" => Frame::Executing {
                    prompt_id: raw.prompt_id,
                    node: text(raw.node),
                    display_node: text(raw.display_node),
                },
                "progress" => Frame::Progress {
                    prompt_id: raw.prompt_id,
                    node: text(raw.node),
                    value: raw.value?,
                    max: raw.max?,
                },
                "executed" => {
                    let node = text(raw.node)?;
                    let display_node = text(raw.display_node).unwrap_or_else(|| node.clone());
                    let mut found = Vec::new();
                    if let Some(output) = &raw.output {
                        outputs::of_node(&node, &display_node, output, &mut found);
                    }
                    Frame::Executed {
                        prompt_id: raw.prompt_id?,
                        node,
                        display_node,
                        outputs: found,
                    }
                }
                "execution_success" => Frame::Succeeded { prompt_id: raw.prompt_id?, at },
                _ => Frame::Interrupted { prompt_id: raw.prompt_id?, node: text(raw.node_id), at },
            }
        }
        _ => return None,
    })
}

pub(crate) fn node_progress((id, raw): (String, RawNodeState)) -> NodeProgress {
    NodeProgress {
        display_id: raw.display_node_id.unwrap_or_else(|| id.clone()),
        parent_id: raw.parent_node_id,
        real_id: raw.real_node_id.unwrap_or_else(|| id.clone()),
        value: raw.value.unwrap_or(0.0),
        max: raw.max.unwrap_or(1.0),
        running: raw.state.as_deref() == Some("running"),
        id,
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(number: f64) -> u64 {
    // `as` saturates, which is right for a count.
    number as u64
}

#[allow(clippy::cast_possible_truncation)]
pub(crate) fn time(number: f64) -> i64 {
    number as i64
}

/// Decodes a binary frame (big-endian lengths; docs/PROTOCOL.md). In `text_with_job` texts name their
/// job: a server that does so says `supports_progress_text_metadata` in its features.
///
/// # Errors
/// When it is shorter than it says.
pub fn decode_binary(bytes: &Bytes, text_with_job: bool) -> Result<Frame, ComfyError> {
    let short = || ComfyError::BadAnswer {
        route: "/ws".to_owned(),
        why: format!("a binary frame of {} bytes is shorter than it says", bytes.len()),
    };
    let number = |at: usize| -> Result<usize, ComfyError> {
        let four: [u8; 4] =
            bytes.get(at..at + 4).and_then(|part| part.try_into().ok()).ok_or_else(short)?;
        usize::try_from(u32::from_be_bytes(four)).map_err(|_| short())
    };
    let part = |from: usize, length: usize| -> Result<Bytes, ComfyError> {
        let end = from.checked_add(length).filter(|end| *end <= bytes.len()).ok_or_else(short)?;
        Ok(bytes.slice(from..end))
    };
    match number(0)? {
        1 => {
            let mime = if number(4)? == 2 { "image/png" } else { "image/jpeg" };
            let bytes = part(8, bytes.len().saturating_sub(8))?;
            Ok(Frame::Preview { prompt_id: None, node: None, display_node: None, mime, bytes })
        }
        3 => {
            let mut at = 4;
            let mut string = || -> Result<String, ComfyError> {
                let length = number(at)?;
                let text = part(at + 4, length)?;
                at += 4 + length;
                Ok(String::from_utf8_lossy(&text).into_owned())
            };
            let prompt_id = if text_with_job { Some(string()?) } else { None };
            let node = string()?;
            let text = String::from_utf8_lossy(&bytes[at..]).into_owned();
            Ok(Frame::Text { prompt_id, node, text })
        }
        4 => {
            let length = number(4)?;
            let meta = part(8, length)?;
            let meta: Value = serde_json::from_slice(&strict_json(&meta)).map_err(|error| {
                ComfyError::BadAnswer { route: "/ws".to_owned(), why: error.to_string() }
            })?;
            let text = |key: &str| meta.get(key).and_then(Value::as_str).map(str::to_owned);
            Ok(Frame::Preview {
                prompt_id: text("prompt_id"),
                node: text("node_id"),
                display_node: text("display_node_id"),
                mime: match text("image_type").as_deref() {
                    Some("image/png") => "image/png",
                    Some("image/webp") => "image/webp",
                    _ => "image/jpeg",
                },
                bytes: bytes.slice(8 + length..),
            })
        }
        other => Ok(unknown(format!("binary {other}"), &bytes[4..])),
    }
}
