//! Results kept from the last run, found by what made them.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::link;
use super::order::sources;
use crate::nodes::{Folders, Kind, Options, Value, find, named_file};

/// What a node gave.
pub(crate) struct Kept {
    pub outputs: Vec<Value>,
    pub ui: Option<Json>,
}

/// Node results by signature. Only those that the graph now run has in common with the
/// one before are kept, as in ComfyUI's default cache.
#[derive(Default)]
pub(crate) struct Cache {
    kept: HashMap<Signature, Arc<Kept>>,
}

/// A hash over class, inputs and everything before the node.
pub(crate) type Signature = [u8; 32];

impl Cache {
    pub fn get(&self, signature: &Signature) -> Option<Arc<Kept>> {
        self.kept.get(signature).cloned()
    }

    pub fn put(&mut self, signature: Signature, kept: Arc<Kept>) {
        self.kept.insert(signature, kept);
    }

    pub fn keep_only(&mut self, signatures: &HashMap<String, Signature>) {
        self.kept.retain(|signature, _| signatures.values().any(|known| known == signature));
    }

    pub fn clear(&mut self) {
        self.kept.clear();
    }
}

/// The signature of every node that has one; nodes on or behind a cycle have none.
pub(crate) fn signatures(
    prompt: &Map<String, Json>,
    folders: &Folders,
) -> HashMap<String, Signature> {
    let mut known = HashMap::new();
    for start in prompt.keys() {
        let mut path = vec![start.clone()];
        // Depth first without recursion: graphs may be thousands of nodes deep.
        while let Some(id) = path.last().cloned() {
            let missing = sources(prompt, &id)
                .into_iter()
                .find(|source| !known.contains_key(*source) && prompt.contains_key(*source));
            match missing {
                Some(source) if path.len() > prompt.len() => {
                    tracing::debug!(source, "a cycle among nodes that will not run");
                    break;
                }
                Some(source) => path.push(source.to_string()),
                None => {
                    if !known.contains_key(&id) {
                        known.insert(id.clone(), signature(prompt, &id, &known, folders));
                    }
                    path.pop();
                }
            }
        }
    }
    known
}

fn signature(
    prompt: &Map<String, Json>,
    id: &str,
    known: &HashMap<String, Signature>,
    folders: &Folders,
) -> Signature {
    let node = &prompt[id];
    let mut hasher = blake3::Hasher::new();
    let mut part = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    part(node["class_type"].as_str().unwrap_or_default().as_bytes());
    for input in node["class_type"].as_str().and_then(find).iter().flat_map(|c| &c.inputs) {
        let value = &node["inputs"][input.name];
        part(input.name.as_bytes());
        match link(value) {
            Some((source, slot)) => {
                part(known.get(source).map_or(&[][..], |signature| signature));
                part(&slot.to_le_bytes());
            }
            None => part(value.to_string().as_bytes()),
        }
        // A file counts with its content, so that an overwritten one is read again.
        if let (Kind::Combo(Options::InputFiles), Some(name)) = (input.kind, value.as_str())
            && let Some(bytes) = named_file(folders, name).and_then(|path| std::fs::read(path).ok())
        {
            part(blake3::hash(&bytes).as_bytes());
        }
    }
    *hasher.finalize().as_bytes()
}
