//! Knobs: what an artist can set in a prompt, found by walking the graph.
//!
//! What an input is for is told by the types and names of what it is connected to; there is no list
//! of classes. A way through: `net` walks the graph, `kind` says what an input takes, `role` what it
//! is for, `label` what it is called; `arrange` puts knobs where the screen has them; `check` holds a
//! value against a knob.

mod arrange;
mod check;
mod find;
mod kind;
mod knob;
mod label;
mod net;
mod role;

pub use check::{Misfit, check};
pub use knob::{
    Branch, FileKind, Group, Kind, Knob, Knobs, Lacking, Link, NodeName, Role, Section, When,
};

use crate::{ObjectInfo, Prompt};

/// The knobs of a prompt: every input that has a widget, or holds a value all the same, of every node
/// that will run. The order is the same for the same prompt and classes.
///
/// Nodes of classes that `info` lacks have a knob for each value: [`Knob::known`] is false, and its
/// kind is guessed from the value. What a class has and the prompt lacks is in [`Knobs::lacking`].
pub fn knobs(prompt: &Prompt, info: &ObjectInfo) -> Knobs {
    let mut net = net::Net::new(prompt, info);
    find::follow_words(&mut net);
    let found = find::find(&net);
    arrange::arrange(found.there, found.lacking)
}
