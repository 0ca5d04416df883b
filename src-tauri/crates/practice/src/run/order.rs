//! In which order nodes run. Follows ComfyUI: outputs as early as possible.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::link;
use crate::nodes::find;

/// The nodes still to run.
pub(crate) struct Order {
    /// Node ids in the order they were met.
    pending: Vec<String>,
    /// For each node, how many of those it needs are still to run.
    waits: HashMap<String, usize>,
    /// For each node, those that need it.
    blocks: HashMap<String, Vec<String>>,
    outputs: Vec<String>,
}

/// The links into the inputs a node really has: node ids, in the order they stand in
/// the graph.
pub(crate) fn sources<'a>(prompt: &'a Map<String, Value>, id: &str) -> Vec<&'a str> {
    let node = &prompt[id];
    let class = node["class_type"].as_str().and_then(find);
    let Some((class, inputs)) = class.zip(node["inputs"].as_object()) else { return vec![] };
    inputs
        .iter()
        .filter(|(name, _)| class.inputs.iter().any(|input| input.name == name.as_str()))
        .filter_map(|(_, value)| link(value))
        .map(|(source, _)| source)
        .collect()
}

impl Order {
    /// All nodes the outputs need. Of cached ones only the outputs themselves are kept,
    /// to show again what they showed.
    pub fn new(
        prompt: &Map<String, Value>,
        outputs: &[String],
        cached: impl Fn(&str) -> bool,
    ) -> Self {
        let mut order = Self {
            pending: vec![],
            waits: HashMap::new(),
            blocks: HashMap::new(),
            outputs: outputs.to_vec(),
        };
        for output in outputs {
            let mut stack = vec![output.clone()];
            while let Some(id) = stack.pop() {
                if order.waits.contains_key(&id) {
                    continue;
                }
                order.pending.push(id.clone());
                order.waits.insert(id.clone(), 0);
                if cached(&id) {
                    continue;
                }
                for source in sources(prompt, &id) {
                    if cached(source) {
                        continue;
                    }
                    stack.push(source.into());
                    let needed_by = order.blocks.entry(source.into()).or_default();
                    if !needed_by.contains(&id) {
                        needed_by.push(id.clone());
                        *order.waits.entry(id.clone()).or_default() += 1;
                    }
                }
            }
        }
        order
    }

    /// The node to run now: an output, else one that an output waits for, else one
    /// that is two steps from an output, else the first.
    pub fn next(&mut self) -> Option<String> {
        let ready: Vec<&String> = self.pending.iter().filter(|id| self.waits[*id] == 0).collect();
        let is_output = |id: &String| self.outputs.contains(id);
        let next_to = |id: &String| self.blocks.get(id).into_iter().flatten().any(is_output);
        let two_from = |id: &String| self.blocks.get(id).into_iter().flatten().any(next_to);
        let chosen = ready
            .iter()
            .find(|id| is_output(id))
            .or_else(|| ready.iter().find(|id| next_to(id)))
            .or_else(|| ready.iter().find(|id| two_from(id)))
            .or(ready.first())
            .map(|id| (*id).clone())?;
        self.pending.retain(|id| *id != chosen);
        for blocked in self.blocks.get(&chosen).into_iter().flatten() {
            if let Some(waits) = self.waits.get_mut(blocked) {
                *waits -= 1;
            }
        }
        Some(chosen)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_classic_graph_runs_in_comfyui_order() {
        let prompt = json!({
            "3": {"class_type": "KSampler", "inputs": {
                "model": ["4", 0], "positive": ["6", 0], "negative": ["7", 0],
                "latent_image": ["5", 0]}},
            "4": {"class_type": "CheckpointLoaderSimple", "inputs": {}},
            "5": {"class_type": "EmptyLatentImage", "inputs": {}},
            "6": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["4", 1]}},
            "7": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["4", 1]}},
            "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
            "9": {"class_type": "SaveImage", "inputs": {"images": ["8", 0]}},
        });
        let prompt = prompt.as_object().expect("an object");
        let mut order = Order::new(prompt, &["9".into()], |_| false);
        let mut ran = vec![];
        while let Some(id) = order.next() {
            ran.push(id);
        }
        // As recorded from ComfyUI 0.28.2.
        assert_eq!(ran, ["4", "5", "7", "6", "3", "8", "9"]);
    }
}
