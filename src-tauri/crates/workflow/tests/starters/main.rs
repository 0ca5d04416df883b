#![allow(clippy::unwrap_used)]
//! Starters: what models are taken for, and what is built.

mod families;
