//! Checks before a prompt runs: by rule, by chance, over the corpus and beside recorded refusals.
#![allow(missing_docs, clippy::unwrap_used)]

mod corpus;
mod edits;
mod properties;
mod recordings;
mod rules;
mod servers;
mod support;
