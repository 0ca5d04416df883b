//! Whether the servers can run a workflow, before it waits for one of them.

use domain::ServerId;
use serde::Serialize;
use ts_rs::TS;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Severity {
    /// Worth knowing.
    Says,
    /// It may fail, or not be what was meant.
    Warns,
    /// The server would refuse it.
    Blocks,
}

/// One thing about one place in a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FindingView {
    /// How much it matters.
    pub severity: Severity,
    /// What kind, as a word for icons: `class_missing`, `model_missing`, `value`, `conversion` …
    pub kind: String,
    /// A sentence: what it is, and what to do.
    pub text: String,
    /// The node's id in the prompt.
    pub node: Option<String>,
    /// The artist's title for the node, else the name of its class.
    pub title: Option<String>,
    /// The node's class.
    pub class: Option<String>,
    /// The input.
    pub input: Option<String>,
    /// What the workflow gives there, as JSON text.
    pub given: Option<String>,
    /// What could be given instead, closest first, as JSON text; at most 8.
    pub suggestions: Vec<String>,
    /// The names of servers that were asked as well and where this is no problem, in the artist's
    /// order.
    pub fine_on: Vec<String>,
}

/// Whether one server can run a workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Ability {
    /// It has all that is needed.
    Can,
    /// It lacks something.
    Cannot,
    /// It has not said what it has.
    Unknown,
}

/// What one server lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ServerCheck {
    /// The server.
    pub server_id: ServerId,
    /// Whether it can.
    pub ability: Ability,
    /// A sentence: "Ready: 10 models and 14 node classes found", or what it lacks.
    pub text: String,
    /// What was found, the gravest first; at most 100.
    pub findings: Vec<FindingView>,
}

/// Whether the servers can run a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CheckView {
    /// Why no server can run it, in a sentence. Nothing: one can, or may turn out to.
    pub blocked: Option<String>,
    /// Each server, in the artist's order.
    pub servers: Vec<ServerCheck>,
}
