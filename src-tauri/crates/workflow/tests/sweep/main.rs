//! Sweeps: rules in tables, and any axes.
#![allow(clippy::unwrap_used)]

mod axes;
mod cells;
mod properties;
mod support;
