//! What changing a knob costs.

use super::Axis;
use crate::{Input, Prompt};
use std::collections::{HashMap, HashSet};

/// What a node counts that no run has timed.
const UNKNOWN: f64 = 1.0;

/// Seconds that changing the values of an axis costs: those of the nodes that it sets and of all
/// that hang on them, which is what a server with a cache runs again. `seconds` are what nodes took
/// in earlier runs, by their ids; a node that is not in it counts 1.
pub fn change_cost(prompt: &Prompt, axis: &Axis, seconds: &HashMap<String, f64>) -> f64 {
    let mut feeds: HashMap<&str, Vec<&str>> = HashMap::new();
    for node in prompt.nodes() {
        for (_, input) in &node.inputs {
            if let Input::Link { node: source, .. } = input {
                feeds.entry(source).or_default().push(&node.id);
            }
        }
    }
    let sets = axis.values.iter().flat_map(|value| &value.sets);
    let mut runs: HashSet<&str> = sets.map(|set| set.at.node.as_str()).collect();
    runs.retain(|node| prompt.node(node).is_some());
    let mut waiting: Vec<&str> = runs.iter().copied().collect();
    while let Some(node) = waiting.pop() {
        for fed in feeds.get(node).into_iter().flatten() {
            if runs.insert(fed) {
                waiting.push(fed);
            }
        }
    }
    // In the order of the prompt: sums of floats depend on it.
    let runs = prompt.nodes().iter().filter(|node| runs.contains(node.id.as_str()));
    let took = runs.map(|node| seconds.get(&node.id).copied().filter(|took| *took >= 0.0));
    took.map(|took| took.unwrap_or(UNKNOWN)).sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{Address, AxisValue, JsonText, Set};
    use super::*;

    fn axis(inputs: &[(&str, &str)]) -> Axis {
        let set =
            |at: &(&str, &str)| Set { at: Address::new(at.0, at.1), value: JsonText::whole(1) };
        let sets = inputs.iter().map(set).collect();
        Axis { title: "A".to_owned(), values: vec![AxisValue { label: "1".to_owned(), sets }] }
    }

    #[test]
    fn what_hangs_on_an_input_runs_again() {
        let prompt = crate::read_prompt(
            br#"{"1": {"class_type": "Load", "inputs": {"name": "a"}},
                "2": {"class_type": "Text", "inputs": {"text": "a", "clip": ["1", 1]}},
                "3": {"class_type": "Sample", "inputs": {"model": ["1", 0], "positive": ["2", 0], "cfg": 7}},
                "4": {"class_type": "Decode", "inputs": {"samples": ["3", 0], "vae": ["1", 2]}},
                "5": {"class_type": "Save", "inputs": {"images": ["4", 0], "again": ["4", 0], "prefix": "a"}},
                "6": {"class_type": "Loop", "inputs": {"x": ["7", 0]}},
                "7": {"class_type": "Loop", "inputs": {"x": ["6", 0]}}}"#,
        )
        .unwrap();
        let none = HashMap::new();
        let cost = |inputs: &[(&str, &str)]| change_cost(&prompt, &axis(inputs), &none);
        assert_eq!(cost(&[("1", "name")]), 5.0);
        assert_eq!(cost(&[("3", "cfg")]), 3.0);
        assert_eq!(cost(&[("5", "prefix")]), 1.0);
        assert_eq!(cost(&[("3", "cfg"), ("5", "prefix")]), 3.0);
        assert_eq!(cost(&[("6", "x")]), 2.0);
        assert_eq!(cost(&[("99", "x")]), 0.0);
        let seconds = HashMap::from(
            [("3", 20.0), ("4", 0.5), ("5", f64::NAN)].map(|(id, s)| (id.to_owned(), s)),
        );
        assert_eq!(change_cost(&prompt, &axis(&[("3", "cfg")]), &seconds), 21.5);
    }
}
