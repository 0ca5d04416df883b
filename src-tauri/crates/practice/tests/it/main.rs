//! The practice engine over real sockets.
#![allow(clippy::unwrap_used, missing_docs)]

mod events;
mod files;
mod help;
mod nodes;
mod queue;
mod scenes;
mod transcripts;
mod validation;
