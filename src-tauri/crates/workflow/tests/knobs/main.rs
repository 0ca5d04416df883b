//! Knobs: what an artist can set, what it is for, where it stands, and which values it takes.
#![allow(missing_docs, clippy::unwrap_used)]

mod checks;
mod corpus;
mod kinds;
mod properties;
mod roles;
mod support;
