//! What makes two prompts cost the same: their graph and its sizes, not their seeds and texts.

use crate::prompt::{Input, Node, Prompt};
use std::collections::HashMap;

/// The longest string that counts: model and sampler names are short, prompts are not.
const LONGEST: usize = 200;

/// A digest that prompts share when they differ in seeds, texts, colours and file names only. Its
/// form is our own: 64 hex digits.
pub fn shape(prompt: &Prompt) -> String {
    let mut nodes: Vec<&Node> = prompt.nodes().iter().map(AsRef::as_ref).collect();
    nodes.sort_by(|a, b| a.id.cmp(&b.id));
    // Collected first: many small parts cost the hash more than one large one.
    let mut parts = Vec::with_capacity(prompt.text().len());
    let mut part = |text: &str| {
        parts.extend((text.len() as u64).to_le_bytes());
        parts.extend(text.as_bytes());
    };
    // Hundreds of nodes share a few names.
    let mut known: HashMap<&str, bool> = HashMap::new();
    for node in nodes {
        part(&node.id);
        part(&node.class);
        let mut counts = |name| *known.entry(name).or_insert_with(|| costs(name));
        let mut inputs: Vec<_> =
            node.inputs.iter().filter(|(name, _)| counts(name.as_str())).collect();
        inputs.sort_by(|a, b| a.0.cmp(&b.0));
        for (name, input) in inputs {
            match input {
                Input::Link { node, slot } => {
                    part(name);
                    part(node);
                    part(&slot.to_string());
                }
                Input::Value(raw) if raw.get().len() <= LONGEST => {
                    part(name);
                    part(raw.get());
                }
                Input::Value(_) => {}
            }
        }
    }
    blake3::hash(&parts).to_hex().to_string()
}

/// A digest that prompts share when they have the same nodes and links, whatever their values: to an
/// artist they are one workflow. Its form is our own: 64 hex digits.
pub fn structure(prompt: &Prompt) -> String {
    let mut nodes: Vec<&Node> = prompt.nodes().iter().map(AsRef::as_ref).collect();
    nodes.sort_by(|a, b| a.id.cmp(&b.id));
    // Collected first: many small parts cost the hash more than one large one.
    let mut parts = Vec::with_capacity(prompt.text().len());
    let mut part = |text: &str| {
        parts.extend((text.len() as u64).to_le_bytes());
        parts.extend(text.as_bytes());
    };
    for node in nodes {
        part(&node.id);
        part(&node.class);
        let mut links: Vec<_> = node
            .inputs
            .iter()
            .filter_map(|(name, input)| match input {
                Input::Link { node, slot } => Some((name, node, slot)),
                Input::Value(_) => None,
            })
            .collect();
        links.sort();
        for (name, node, slot) in links {
            part(name);
            part(node);
            part(&slot.to_string());
        }
    }
    blake3::hash(&parts).to_hex().to_string()
}

/// Whether an input of this name can make a run longer.
fn costs(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    !["seed", "text", "prompt", "prefix", "color", "colour", "control_after_generate"]
        .iter()
        .any(|word| name.contains(word))
}

/// The pixels of the largest picture or video that a node of the prompt says it begins with: width ×
/// height × frames × batch. Nothing when none says so.
pub fn pixels(prompt: &Prompt) -> Option<f64> {
    let size = |node: &Node| {
        let number = |name: &str| -> Option<f64> {
            node.input(name).and_then(Input::number)?.parse().ok().filter(|n: &f64| *n > 0.0)
        };
        let many = number("batch_size").unwrap_or(1.0) * number("length").unwrap_or(1.0);
        Some(number("width")? * number("height")? * many)
    };
    prompt.nodes().iter().filter_map(|node| size(node)).max_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn prompt(seed: u64, text: &str, width: u32, steps: u32) -> Prompt {
        let json = format!(
            r#"{{"5":{{"class_type":"EmptyLatentImage","inputs":{{"width":{width},"height":64,"batch_size":2}}}},
            "6":{{"class_type":"CLIPTextEncode","inputs":{{"text":"{text}"}}}},
            "3":{{"class_type":"KSampler","inputs":{{"seed":{seed},"steps":{steps},"latent_image":["5",0],"positive":["6",0]}}}}}}"#
        );
        crate::read_prompt(json.as_bytes()).unwrap()
    }

    #[test]
    fn seeds_and_texts_do_not_count_and_sizes_do() {
        let one = shape(&prompt(1, "a harbour", 64, 20));
        assert_eq!(one, shape(&prompt(2, "a quiet lake", 64, 20)));
        assert_ne!(one, shape(&prompt(1, "a harbour", 128, 20)));
        assert_ne!(one, shape(&prompt(1, "a harbour", 64, 21)));
    }

    #[test]
    fn pixels_are_of_the_largest_node_that_says_a_size() {
        assert_eq!(pixels(&prompt(1, "a", 128, 20)), Some(128.0 * 64.0 * 2.0));
        let none =
            crate::read_prompt(br#"{"1":{"class_type":"LoadImage","inputs":{"image":"a.png"}}}"#);
        assert_eq!(pixels(&none.unwrap()), None);
    }

    #[test]
    fn values_make_no_other_structure_and_links_do() {
        let of = |text: &str| structure(&crate::read_prompt(text.as_bytes()).unwrap());
        let one = of(
            r#"{"1": {"class_type": "A", "inputs": {"a": ["2", 0], "cfg": 1}}, "2": {"class_type": "B"}}"#,
        );
        let other_value = of(
            r#"{"2": {"class_type": "B"}, "1": {"class_type": "A", "inputs": {"cfg": 7, "a": ["2", 0]}}}"#,
        );
        let other_link = of(
            r#"{"1": {"class_type": "A", "inputs": {"a": ["2", 1], "cfg": 1}}, "2": {"class_type": "B"}}"#,
        );
        assert_eq!(one, other_value);
        assert_ne!(one, other_link);
    }
}
