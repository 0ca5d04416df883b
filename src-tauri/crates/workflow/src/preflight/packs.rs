//! Where missing things come from: what the prompt's `_meta` and the editor's graph say of it.

use crate::{
    depth,
    prompt::{Entries, Prompt},
    read::MAX_WORKFLOW_BYTES,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use std::collections::BTreeMap;

/// Names that are kept of each kind.
const MOST: usize = 10_000;
/// The longest text that is kept, in bytes: addresses are the longest.
const LONGEST: usize = 2_000;

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

impl Pack {
    /// Whether it is ComfyUI itself.
    pub fn is_core(&self) -> bool {
        !self.github && self.id == "comfy-core"
    }
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

impl Hints {
    /// Where a model can be had, by its name as prompts have it.
    pub fn model(&self, name: &str) -> Option<&ModelSource> {
        self.models.get(base_name(name))
    }

    fn pack(&mut self, class: String, origin: &Origin) {
        if self.packs.len() < MOST
            && class.len() <= LONGEST
            && let Some(pack) = origin.pack()
        {
            self.packs.entry(class).or_insert(pack);
        }
    }

    fn models(&mut self, models: &Value) {
        for model in models.as_array().into_iter().flatten() {
            let Some(name) = text(model.get("name")) else { continue };
            let hash = text(model.get("hash"));
            let source = ModelSource {
                url: text(model.get("url")),
                directory: text(model.get("directory")),
                hash: hash.map(|hash| match text(model.get("hash_type")) {
                    Some(kind) => format!("{kind} {hash}"),
                    None => hash,
                }),
            };
            if self.models.len() < MOST {
                self.models.entry(base_name(&name).to_owned()).or_insert(source);
            }
        }
    }
}

/// What the prompt itself and the editor's graph, where there is one, say about where things come from.
pub fn hints(prompt: &Prompt, graph: Option<&str>) -> Hints {
    let mut hints = graph.map(of_graph).unwrap_or_default();
    of_prompt(prompt.text(), &mut hints);
    hints
}

/// The packs that an editor's graph names for its classes. Nothing for what is no such graph.
pub fn packs(graph: &str) -> BTreeMap<String, Pack> {
    of_graph(graph).packs
}

/// What tells a pack, in `_meta` and in `properties`. Any value is taken, as people edit these files.
#[derive(Default, Deserialize)]
struct Origin {
    #[serde(default)]
    cnr_id: Value,
    #[serde(default)]
    aux_id: Value,
    #[serde(default)]
    ver: Value,
    #[serde(default)]
    models: Value,
}

impl Origin {
    fn pack(&self) -> Option<Pack> {
        let version = text(Some(&self.ver));
        let registered = text(Some(&self.cnr_id)).map(|id| (id, false));
        let (id, github) = registered.or_else(|| Some((text(Some(&self.aux_id))?, true)))?;
        Some(Pack { id, github, version })
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    let text = value?.as_str()?.trim();
    (!text.is_empty() && text.len() <= LONGEST).then(|| text.to_owned())
}

fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

fn of_graph(graph: &str) -> Hints {
    #[derive(Deserialize)]
    struct Graph<'a> {
        #[serde(borrow, default)]
        nodes: Vec<&'a RawValue>,
        #[serde(borrow, default)]
        definitions: Option<&'a RawValue>,
    }
    #[derive(Deserialize)]
    struct Definitions<'a> {
        #[serde(borrow, default)]
        subgraphs: Vec<&'a RawValue>,
    }
    let mut hints = Hints::default();
    if graph.len() > MAX_WORKFLOW_BYTES || depth::too_deep(graph.as_bytes()) {
        return hints;
    }
    let Ok(root) = serde_json::from_str::<Graph<'_>>(graph) else { return hints };
    root.nodes.iter().for_each(|node| of_node(node, &mut hints));
    let definitions = root.definitions.map(RawValue::get).unwrap_or("{}");
    let definitions = serde_json::from_str::<Definitions<'_>>(definitions);
    for subgraph in definitions.map(|found| found.subgraphs).unwrap_or_default() {
        // Subgraphs are defined side by side, also those that are used within each other.
        if let Ok(inside) = serde_json::from_str::<Graph<'_>>(subgraph.get()) {
            inside.nodes.iter().for_each(|node| of_node(node, &mut hints));
        }
    }
    hints
}

fn of_node(node: &RawValue, hints: &mut Hints) {
    #[derive(Deserialize)]
    struct Node<'a> {
        #[serde(rename = "type")]
        class: String,
        #[serde(borrow)]
        properties: &'a RawValue,
    }
    if let Ok(node) = serde_json::from_str::<Node<'_>>(node.get())
        && let Ok(origin) = serde_json::from_str::<Origin>(node.properties.get())
    {
        hints.models(&origin.models);
        hints.pack(node.class, &origin);
    }
}

fn of_prompt(prompt: &str, hints: &mut Hints) {
    #[derive(Deserialize)]
    struct Node {
        class_type: String,
        #[serde(rename = "_meta")]
        meta: Origin,
    }
    if !prompt.contains("\"cnr_id\"") && !prompt.contains("\"aux_id\"") {
        return;
    }
    let Ok(Entries(nodes)) = serde_json::from_str::<Entries<'_>>(prompt) else { return };
    for (_, node) in nodes {
        if let Ok(node) = serde_json::from_str::<Node>(node.get()) {
            hints.pack(node.class_type, &node.meta);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_graph_tells_packs_and_models_also_in_subgraphs() {
        let graph = r#"{"nodes":[
            {"type":"Sharpen","properties":{"cnr_id":"sharp-pack","ver":"1.2.0"}},
            {"type":"Blur","properties":{"aux_id":"someone/blur","ver":"0123abc"}},
            {"type":"Blur","properties":{"cnr_id":"later-is-too-late"}},
            {"type":"Plain","properties":[]}, {"type":"Odd","properties":{"cnr_id":7}}, null, {"type":3},
            {"type":"LoraLoader","properties":{"cnr_id":"comfy-core","ver":"0.3.14","models":[
                {"name":"x\\a.safetensors","url":"https://example.org/a","hash":"ab","hash_type":"SHA256","directory":"loras"}, 4]}}
            ],"definitions":{"subgraphs":[{"id":"s","nodes":[{"type":"Inner","properties":{"cnr_id":"inner-pack"}}]}, 5]}}"#;
        let hints = of_graph(graph);
        let pack = |class: &str| {
            let pack = &hints.packs[class];
            (pack.id.as_str(), pack.github, pack.version.as_deref())
        };
        assert_eq!(pack("Sharpen"), ("sharp-pack", false, Some("1.2.0")));
        assert_eq!(pack("Blur"), ("someone/blur", true, Some("0123abc")));
        assert_eq!(pack("Inner"), ("inner-pack", false, None));
        assert!(hints.packs["LoraLoader"].is_core() && !hints.packs.contains_key("Odd"));
        let model = hints.model("sub/a.safetensors").unwrap();
        assert_eq!(model.hash.as_deref(), Some("SHA256 ab"));
        assert_eq!(model.directory.as_deref(), Some("loras"));
        assert_eq!(packs(graph), hints.packs);
        for no_graph in ["", "[]", "{}", "{\"nodes\":3}", &"[".repeat(1000)] {
            assert!(packs(no_graph).is_empty());
        }
    }

    #[test]
    fn a_prompt_tells_packs_in_its_meta() {
        let prompt = r#"{"1":{"class_type":"Sharpen","inputs":{},"_meta":{"title":"S","cnr_id":"sharp-pack","ver":"2"}},
            "2":{"class_type":"Blur","inputs":{}}}"#;
        let prompt = crate::read_prompt(prompt.as_bytes()).unwrap();
        let hints = hints(&prompt, None);
        assert_eq!(hints.packs.keys().collect::<Vec<_>>(), ["Sharpen"]);
        assert_eq!(hints.packs["Sharpen"].version.as_deref(), Some("2"));
    }
}
