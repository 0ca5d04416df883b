//! From a graph to pictures: checking it, choosing what to run, running it.

mod cache;
mod execute;
mod order;
mod validate;
mod worker;

pub(crate) use cache::Cache;
pub(crate) use validate::{Verdict, validate};
pub(crate) use worker::work;

use serde_json::Value;

/// A link `["node id", slot]`.
fn link(value: &Value) -> Option<(&str, usize)> {
    match value.as_array()?.as_slice() {
        [Value::String(node), Value::Number(slot)] => {
            Some((node, slot.as_f64().filter(|s| *s >= 0.0)? as usize))
        }
        _ => None,
    }
}
