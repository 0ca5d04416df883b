//! What went wrong, kept with its structure so that the page can point at the place.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What kind of trouble. A code exists only if the page acts on it differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum TroubleCode {
    /// The server refused the prompt: node, input and value are named where the server says them.
    Validation,
    /// A node class the server does not have.
    MissingNode,
    /// A node failed while running.
    NodeFailed,
    /// The server ran out of memory.
    OutOfMemory,
    /// The server restarted, or somebody removed the job there.
    Lost,
    /// The outputs could not be fetched from the server.
    OutputGone,
    /// The library folder cannot be written: no space, no folder, no right.
    Library,
    /// The server could not be reached or did not answer sensibly.
    Server,
    /// Somebody stopped the job.
    Cancelled,
}

/// One trouble of a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Trouble {
    /// What kind.
    pub code: TroubleCode,
    /// One sentence a person can act on: what happened, on what, what to do.
    pub message: String,
    /// The server's own words, unchanged, where there are any.
    #[serde(default)]
    pub details: Option<String>,
    /// The node it is about.
    #[serde(default)]
    pub node_id: Option<String>,
    /// The node's title as the artist knows it.
    #[serde(default)]
    pub node_title: Option<String>,
    /// The node's class.
    #[serde(default)]
    pub node_class: Option<String>,
    /// The input it is about.
    #[serde(default)]
    pub input_name: Option<String>,
    /// The value the server got.
    #[serde(default)]
    pub received: Option<String>,
    /// Values the server would take, at most 50 of them.
    #[serde(default)]
    pub allowed: Vec<String>,
    /// The server's traceback, joined to one text, at most 64 KiB.
    #[serde(default)]
    pub traceback: Option<String>,
}

impl Trouble {
    /// A trouble with only a code and a sentence.
    pub fn new(code: TroubleCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            details: None,
            node_id: None,
            node_title: None,
            node_class: None,
            input_name: None,
            received: None,
            allowed: Vec::new(),
            traceback: None,
        }
    }
}
