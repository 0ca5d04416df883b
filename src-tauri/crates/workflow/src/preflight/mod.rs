//! Whether servers can run a prompt, told before it waits in a queue only to fail.
//!
//! What ComfyUI itself checks is in its `execution.py` (`validate_prompt`, `validate_inputs`, 0.28.2)
//! and, as recorded, in docs/PROTOCOL.md. What only a node's own code can tell is not guessed.

mod edit;
mod finding;
mod packs;

pub use edit::{EditError, with_value};
pub use finding::{
    Finding, FindingKind, Lack, LackKind, OnServer, Place, Report, Severity, Suggestion, Verdict,
};
pub use packs::{Hints, ModelSource, Pack, hints, packs};

use crate::{object_info::ObjectInfo, prompt::Prompt};
use domain::ServerId;

/// A server to check against.
#[derive(Clone, Copy, Debug)]
pub struct Server<'a> {
    /// Which.
    pub id: ServerId,
    /// What people call it; used in sentences.
    pub name: &'a str,
    /// Its node classes.
    pub info: &'a ObjectInfo,
}

/// Checks a prompt against one server, which sentences call "the server".
pub fn preflight(_prompt: &Prompt, _info: &ObjectInfo) -> Report {
    Report::default()
}

/// Checks a prompt against several servers. `hints` say where missing things come from.
pub fn preflight_all(_prompt: &Prompt, _servers: &[Server<'_>], _hints: &Hints) -> Verdict {
    Verdict::default()
}
