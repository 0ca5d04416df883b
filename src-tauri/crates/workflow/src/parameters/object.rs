//! Settings in JSON objects.

use super::{
    MOST_SETTINGS, Parameters,
    setting::{Names, plain},
};
use crate::{depth, read::without_nan};
use serde_json::Value;

/// A JSON object.
pub(super) type Object = serde_json::Map<String, Value>;

/// Reads an object; nothing where a text is none, or is nested too deeply.
pub(super) fn parse(text: &str) -> Option<Object> {
    if depth::too_deep(text.as_bytes()) {
        return None;
    }
    serde_json::from_str(&without_nan(text)).ok()
}

/// A text or a number as it is written; nothing for what is neither, is empty, or is the `None` of
/// Python.
pub(super) fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty() && text != "None").then_some(text)
}

/// The text of an entry.
pub(super) fn entry(object: &Object, name: &str) -> Option<String> {
    text(object.get(name)?)
}

/// The texts of a list, which may also be one text: `a, b`, or `['a', 'b']` as Python writes it.
pub(super) fn list(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().take(MOST_SETTINGS).filter_map(text).collect(),
        one => {
            let text = text(one).unwrap_or_default();
            let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
            let parts = inner.unwrap_or(&text).split(',').take(MOST_SETTINGS);
            let parts = parts.map(|part| part.trim().trim_matches(['\'', '"']).to_owned());
            parts.filter(|part| !part.is_empty()).collect()
        }
    }
}

impl Parameters {
    /// Takes the entries of an object that `passed_over` does not name.
    pub(super) fn entries(&mut self, object: &Object, names: &Names, passed_over: &[&str]) {
        for (name, value) in object {
            if passed_over.contains(&plain(name).as_str()) {
                continue;
            }
            match text(value) {
                Some(text) => self.take(names, name, &text),
                None => self.parts(name, value),
            }
        }
    }

    /// Keeps what is in a list or an object under the name of what it is in. Depth is bounded where
    /// the text was read.
    pub(super) fn parts(&mut self, name: &str, value: &Value) {
        if self.others.len() == MOST_SETTINGS {
            return;
        }
        match value {
            Value::Object(object) => {
                for (inner, value) in object {
                    self.parts(&format!("{name}.{inner}"), value);
                }
            }
            Value::Array(values)
                if values.iter().any(|value| value.is_object() || value.is_array()) =>
            {
                for value in values {
                    self.parts(name, value);
                }
            }
            Value::Array(values) => {
                let texts: Vec<String> = values.iter().filter_map(text).collect();
                if !texts.is_empty() {
                    self.other(name, &texts.join(", "));
                }
            }
            one => {
                if let Some(text) = text(one) {
                    self.other(name, &text);
                }
            }
        }
    }
}
