//! Where missing things come from: what the prompt's `_meta` and the editor's graph say of it.

use crate::prompt::Prompt;
use serde::Serialize;
use std::collections::BTreeMap;

/// A pack of custom nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pack {
    /// Its id in Comfy's registry (`cnr_id`), or `owner/repository` on GitHub (`aux_id`).
    pub id: String,
    /// Whether `id` is a repository on GitHub.
    pub github: bool,
    /// The version the workflow was made with: a number or a commit.
    pub version: Option<String>,
}

/// Where a model can be had, as templates say it (`properties.models` of a node).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ModelSource {
    /// Its address.
    pub url: Option<String>,
    /// The folder below `models` that it belongs in.
    pub directory: Option<String>,
    /// Its hash, with the kind of hash before it where that is said: `SHA256 ab12…`.
    pub hash: Option<String>,
}

/// Where things come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// Node classes and their packs.
    pub packs: BTreeMap<String, Pack>,
    /// Model files, by base name, and where they can be had.
    pub models: BTreeMap<String, ModelSource>,
}

/// What the prompt itself and the editor's graph, where there is one, say about where things come from.
pub fn hints(_prompt: &Prompt, _graph: Option<&str>) -> Hints {
    Hints::default()
}

/// The packs that an editor's graph names for its classes. Nothing for what is no such graph.
pub fn packs(_graph: &str) -> BTreeMap<String, Pack> {
    BTreeMap::new()
}
