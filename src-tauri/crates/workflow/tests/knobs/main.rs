//! Knobs: what an artist can set, what it is for, where it stands, and which values it takes.
#![recursion_limit = "256"]
#![allow(missing_docs, clippy::unwrap_used)]

mod checks;
mod corpus;
mod kinds;
mod lacking;
mod properties;
mod roles;
mod support;
