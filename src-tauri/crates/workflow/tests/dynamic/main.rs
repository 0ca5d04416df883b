//! Dynamic prompts: rules in tables, the examples of the guide, and any text.
#![allow(clippy::unwrap_used)]

mod bounds;
mod guide;
mod properties;
mod rules;
mod support;
