//! Axes that are short to write.

use workflow::sweep::{Address, Axis, AxisKind, AxisPlan, AxisValue, JsonText, Set, SweepError};

pub fn json(text: &str) -> JsonText {
    JsonText::try_from(text.to_owned()).unwrap()
}

/// `3.cfg` is the input `cfg` of node 3.
pub fn at(text: &str) -> Address {
    let (node, input) = text.split_once('.').unwrap();
    Address::new(node, input)
}

pub fn set(address: &str, value: &str) -> Set {
    Set { at: at(address), value: json(value) }
}

pub fn value(label: &str, sets: &[(&str, &str)]) -> AxisValue {
    let sets = sets.iter().map(|(address, value)| set(address, value)).collect();
    AxisValue { label: label.to_owned(), sets }
}

/// An axis that gives an input some values.
pub fn axis(title: &str, address: &str, values: &[&str]) -> Axis {
    let values = values.iter().map(|json| value(json, &[(address, json)])).collect();
    Axis { title: title.to_owned(), values }
}

pub fn plan(kind: AxisKind) -> AxisPlan {
    AxisPlan { title: "A".to_owned(), kind }
}

/// The texts of a workflow, for search and replace.
pub fn texts(address: &Address) -> Option<String> {
    match address.node.as_str() {
        "6" => Some("a red coat on a red chair".to_owned()),
        "7" => Some("not red".to_owned()),
        "8" => Some("a".repeat(90_000)),
        _ => None,
    }
}

/// What an axis is made of: labels, and what is set.
pub fn made(kind: AxisKind) -> Vec<(String, Vec<String>)> {
    let axis = plan(kind).axis(texts).unwrap();
    let sets = |value: AxisValue| {
        let text = |set: Set| format!("{}.{}={}", set.at.node, set.at.input, set.value);
        (value.label, value.sets.into_iter().map(text).collect())
    };
    axis.values.into_iter().map(sets).collect()
}

pub fn refused(kind: AxisKind) -> SweepError {
    plan(kind).axis(texts).unwrap_err()
}
