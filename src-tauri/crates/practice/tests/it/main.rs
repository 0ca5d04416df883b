//! The practice engine over real sockets.
#![allow(clippy::unwrap_used, missing_docs)]

mod conformance;
mod events;
mod files;
mod help;
mod like;
mod nodes;
mod queue;
mod scenes;
mod starters;
mod user;
mod validation;
