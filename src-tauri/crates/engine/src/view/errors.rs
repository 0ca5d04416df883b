//! Why a command cannot be done.

use serde::Serialize;
use ts_rs::TS;

/// What a person is told when a command cannot be done.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct CommandError {
    /// What kind; the page's table maps it to a title and an action.
    pub code: CommandErrorCode,
    /// A sentence to show.
    pub message: String,
    /// More, for the curious.
    pub details: Option<String>,
    /// Whether trying again may help.
    pub retry: bool,
}

/// Kinds of [`CommandError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CommandErrorCode {
    /// The input makes no sense; the message says why.
    BadInput,
    /// The thing is not there (any more).
    NotFound,
    /// It cannot be done in the state the thing is in.
    WrongState,
    /// The library folder or the database cannot be written or read.
    Storage,
    /// A server could not be reached.
    Server,
    /// A fault of ours.
    Internal,
}
