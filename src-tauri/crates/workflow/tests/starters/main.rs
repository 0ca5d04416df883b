#![recursion_limit = "512"]
#![allow(clippy::unwrap_used)]
//! Starters: what models are taken for, and what is built.

mod built;
mod families;
mod support;
