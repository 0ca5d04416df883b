//! Checks before a prompt runs: by rule, by chance, over the corpus and beside recorded refusals.
#![allow(missing_docs, clippy::unwrap_used)]

mod corpus;
mod recordings;
mod support;
