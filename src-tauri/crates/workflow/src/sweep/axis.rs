//! What changes along one side of a sweep.

use super::{JsonText, SweepError};
use crate::is_model;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// The longest label that is made, in characters.
const MAX_LABEL: usize = 40;

/// An input of a node.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Address {
    /// The node's id.
    pub node: String,
    /// The input's name.
    pub input: String,
}

impl Address {
    /// The input that a change is of.
    #[must_use]
    pub fn of(change: &crate::Change) -> Self {
        Self::new(&change.node, &change.input)
    }

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

impl Axis {
    /// Whether it has values that change something, no two the same, and none sets an input twice.
    pub(super) fn check(&self) -> Result<(), SweepError> {
        let axis = || self.title.clone();
        if self.values.is_empty() {
            return Err(SweepError::NoValues { axis: axis() });
        }
        if self.values.iter().all(|value| value.sets.is_empty()) {
            return Err(SweepError::NoKnobs { axis: axis() });
        }
        let mut known = HashSet::new();
        for value in &self.values {
            if !known.insert(&value.sets) {
                return Err(SweepError::HasValue { axis: axis(), value: value.label.clone() });
            }
            let mut inputs = HashSet::new();
            if let Some(twice) = value.sets.iter().find(|set| !inputs.insert(&set.at)) {
                let (at, value) = (twice.at.clone(), value.label.clone());
                return Err(SweepError::SetTwice { at, axis: axis(), value });
            }
        }
        Ok(())
    }
}

/// A value as a short label: strings without quotes, model files without folder and ending, long
/// texts cut, `on` and `off` for booleans.
pub fn short_label(value: &JsonText) -> String {
    match (value.as_string(), value.as_str()) {
        (Some(text), _) => {
            let name = text.rsplit(['/', '\\']).next().unwrap_or(&text);
            match name.rsplit_once('.') {
                Some((stem, _)) if is_model(name) => cut(stem),
                _ => cut(&text),
            }
        }
        (None, "true") => "on".to_owned(),
        (None, "false") => "off".to_owned(),
        (None, json) => cut(json),
    }
}

/// A text as a label: one line, and not longer than fits beside a row.
pub(super) fn cut(text: &str) -> String {
    let mut words = text.split_whitespace();
    let mut label = String::new();
    while label.len() <= 4 * MAX_LABEL
        && let Some(word) = words.next()
    {
        if !label.is_empty() {
            label.push(' ');
        }
        label.extend(word.chars().take(MAX_LABEL + 1));
    }
    if label.is_empty() {
        return "empty".to_owned();
    }
    match label.char_indices().nth(MAX_LABEL) {
        Some((end, _)) => format!("{}…", label[..end].trim_end()),
        None => label,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn labels_are_short() {
        let long = format!("\"{}\"", "word ".repeat(1_000));
        let label = |json: &str| short_label(&JsonText::try_from(json.to_owned()).unwrap());
        for (json, expected) in [
            ("0.50", "0.50"),
            ("18446744073709551615", "18446744073709551615"),
            ("true", "on"),
            ("false", "off"),
            ("null", "null"),
            ("\"xl/painterly_v7.safetensors\"", "painterly_v7"),
            (r#""xl\\painterly.v7.ckpt""#, "painterly.v7"),
            ("\"dpmpp_2m\"", "dpmpp_2m"),
            ("\"a cat. and/or a dog\"", "a cat. and/or a dog"),
            ("\" a\\n  cat \"", "a cat"),
            ("\"\"", "empty"),
            ("[1, 2]", "[1, 2]"),
            (&long, "word word word word word word word word…"),
        ] {
            assert_eq!(label(json), expected, "{json}");
        }
        assert_eq!(label(&format!("\"{}\"", "\u{1f98a}".repeat(99))).chars().count(), 41);
    }
}
