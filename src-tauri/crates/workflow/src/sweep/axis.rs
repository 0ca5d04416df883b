//! What changes along one side of a sweep.

use super::JsonText;
use serde::{Deserialize, Serialize};

/// An input of a node.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Address {
    /// The node's id.
    pub node: String,
    /// The input's name.
    pub input: String,
}

impl Address {
    /// Of a node's id and an input's name.
    pub fn new(node: impl Into<String>, input: impl Into<String>) -> Self {
        Self { node: node.into(), input: input.into() }
    }
}

/// An input and the value it is given.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Set {
    /// Which input.
    pub at: Address,
    /// Its value.
    pub value: JsonText,
}

/// One step along an axis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AxisValue {
    /// What is written beside it: `0.75`, `painterly_v7`. Made short; the artist may change it.
    pub label: String,
    /// What it sets. Steps of one axis may set different inputs: presets do.
    pub sets: Vec<Set>,
}

/// An axis with its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Axis {
    /// What the artist reads: `CFG`.
    pub title: String,
    /// Its values, in order; no two set the same.
    pub values: Vec<AxisValue>,
}

/// A value as a short label: strings without quotes, model files without folder and ending, long
/// texts cut, `on` and `off` for booleans.
pub fn short_label(value: &JsonText) -> String {
    let _ = value;
    todo!()
}
