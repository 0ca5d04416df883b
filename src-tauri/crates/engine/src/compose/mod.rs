//! Composing: what the artist turns at a workflow's knobs, and the jobs that come of it.

mod axes;
mod cells;
mod extend;
mod fits;
mod knobs;
mod opened;
mod options;
mod plan;
mod problems;
mod queue;
mod seeds;
mod setup;
mod versions;
mod wildcards;
mod wording;

pub use cells::cells;
pub use extend::{SheetOf, extend, queue_extended};
pub use knobs::{knob_views, merged};
pub use opened::{About, Opened, merged_knobs};
pub use plan::{hash, labels, plan};
pub use problems::Problems;
pub use queue::{SheetAbout, json, queue};
pub use setup::{Base, Cell, Setup};
pub use versions::{fitting, outline, presets, presets_named, versions};
pub use wildcards::WildcardFolder;

use crate::view::{ComposeState, KnobValue};
use domain::WorkflowHash;
use workflow::{Change, apply, read_prompt};

/// What `{a|b}`, wildcards and random seeds begin with.
pub fn chance(state: &ComposeState) -> Option<u64> {
    state.chance.trim().parse().ok()
}

/// A change, as the page has it.
pub fn knob_value(change: Change) -> KnobValue {
    KnobValue { node: change.node, input: change.input, json: change.value }
}

/// Makes a prompt of another one's text and a patch, and compares it with its hash.
///
/// # Errors
/// A sentence: the database holds something that makes no sense.
pub fn patched(base: &str, patch: &str, hash: &WorkflowHash) -> Result<String, String> {
    let changes: Vec<Change> = serde_json::from_str(patch).map_err(|error| error.to_string())?;
    let base = read_prompt(base.as_bytes()).map_err(|error| error.to_string())?;
    let prompt = apply(&base, &changes).map_err(|error| error.to_string())?;
    if prompt.hash() == *hash {
        Ok(prompt.text().to_owned())
    } else {
        Err(format!("workflow {hash} is not what its patch makes"))
    }
}
