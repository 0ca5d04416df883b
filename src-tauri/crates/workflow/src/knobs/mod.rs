//! Knobs: what an artist can set in a prompt, found by walking the graph.
//!
//! What an input is for is told by the types and names of what it is connected to; there is no list
//! of classes.

mod check;
mod knob;

pub use check::{Misfit, check};
pub use knob::{Branch, FileKind, Group, Kind, Knob, Knobs, Link, NodeName, Role, Section};

use crate::{ObjectInfo, Prompt};

/// The knobs of a prompt: every input of every node that will run that has a widget, or that holds a
/// value all the same. The order is the same for the same prompt and classes.
///
/// Classes that `info` lacks have a knob for each value, [`Knob::known`] is false, and its kind is
/// guessed from the value.
pub fn knobs(prompt: &Prompt, info: &ObjectInfo) -> Knobs {
    let _ = (prompt, info);
    Knobs::default()
}
