//! Whether servers can run a prompt, told before it waits in a queue only to fail.
//!
//! What ComfyUI itself checks is in its `execution.py` (`validate_prompt`, `validate_inputs`, as of
//! November 2026), and what 0.3.64, 0.8.0 and 0.28.2 answered is in docs/PROTOCOL.md. What only a
//! node's own code can tell is not guessed.
//!
//! A way through: `graph` holds the prompt, `class` the server's side; `check` finds problems with
//! `links`, `values`, `files` and `walk`; `report` puts them into words with `closest`, `size` and
//! `words`; `verdict` sets servers side by side.

pub(crate) mod check;
pub(crate) mod class;
mod closest;
pub(crate) mod files;
mod finding;
pub(crate) mod graph;
mod links;
pub(crate) mod number;
mod packs;
mod problem;
mod report;
pub(crate) mod same;
mod size;
mod values;
mod verdict;
mod walk;
pub mod words;

pub use crate::patch::{EditError, with_value};
pub use finding::{
    Finding, FindingKind, Lack, LackKind, OnServer, Place, Report, Severity, Suggestion, Verdict,
};
pub use packs::{Hints, ModelSource, Pack, hints, packs};

use crate::{object_info::ObjectInfo, prompt::Prompt};
use domain::ServerId;

/// What a server without a name is called at the start of a sentence.
const THE_SERVER: &str = "The server";

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
pub fn preflight(prompt: &Prompt, info: &ObjectInfo) -> Report {
    let graph = graph::Graph::new(prompt);
    let views = check::Views::new(&graph, info);
    let found = check::check(&graph, &views);
    let hints = Hints::default();
    report::Writer { graph: &graph, views: &views, server: THE_SERVER, hints: &hints }.report(found)
}

/// Checks a prompt against several servers. `hints` say where missing things come from.
pub fn preflight_all(prompt: &Prompt, servers: &[Server<'_>], hints: &Hints) -> Verdict {
    verdict::verdict(&graph::Graph::new(prompt), servers, hints)
}
