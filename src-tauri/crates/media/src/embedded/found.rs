//! What was found of a workflow, under which names and in which wrappings savers put it.

use super::{json, settings};

/// Settings that Civitai's generator has among the nodes of a prompt, as a text (see
/// `workflow::parameters`).
const CIVITAI: &str = "extraMetadata";

/// What a file holds of a workflow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmbeddedWorkflow {
    /// The prompt: what ran.
    pub prompt: Option<String>,
    /// The editor's graph: what was drawn.
    pub workflow: Option<String>,
    /// Settings as other programs write them.
    pub parameters: Option<String>,
    /// Drawn by the practice engine.
    pub practice: bool,
    /// What is wrong behind that, such as that the file is cut off there.
    pub damage: Option<String>,
}

impl EmbeddedWorkflow {
    /// Whether nothing was found.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a text of this name is of interest.
    pub(crate) fn knows(name: &str) -> bool {
        const NAMES: [&str; 8] = [
            "",
            "prompt",
            "workflow",
            "parameters",
            "practice",
            "comment",
            "usercomment",
            "description",
        ];
        NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
    }

    /// Takes a text that has a name. Of several with the same name the last counts, as in ComfyUI's
    /// page (comfyui-frontend-package 1.58.1, `metadata/png.ts`, `flac.ts`, `ebml.ts`) and in Pillow.
    ///
    /// Names are compared without case: WebM has `PROMPT`, some savers write `Workflow`.
    pub(crate) fn named(&mut self, name: &str, text: &str) {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        if is("prompt") {
            self.prompt = json::object(text).or(self.prompt.take());
        } else if is("workflow") {
            self.workflow = json::object(text).or(self.workflow.take());
        } else if is("parameters") {
            self.parameters = Some(text.to_owned());
        } else if is("practice") {
            self.practice = true;
        } else if Self::knows(name) {
            self.unnamed(text);
        }
    }

    /// Takes a text whose place says nothing about it: an EXIF string or a comment. It may be
    /// `prompt:{…}` (ComfyUI's WebP), an object with `prompt` and `workflow` in it
    /// (VideoHelperSuite), or settings as A1111 and others write them. What is there already stays.
    pub(crate) fn unnamed(&mut self, text: &str) {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        let mut other = Self::default();
        if text.starts_with('{') {
            other.entries(text);
        } else if let Some((name, rest)) = text.split_once(':')
            && is_graph(name.trim())
        {
            other.named(name.trim(), rest);
        } else if text.contains("Steps: ") {
            other.parameters = Some(text.to_owned());
        }
        self.fill(other);
    }

    /// Takes `prompt`, `workflow` and `parameters` out of a JSON object, or the object itself where
    /// it is a prompt, a graph, or settings.
    pub(crate) fn entries(&mut self, text: &str) {
        let (mut named, mut nodes, mut links, mut classes) = (false, false, false, false);
        let mut settings = None;
        for (key, value) in json::entries(text) {
            // In settings of other programs the prompt is words.
            if is_graph(&key) && json::object(value).is_some() {
                named = true;
                self.named(&key, value);
            } else if key.eq_ignore_ascii_case("parameters") {
                named = true;
                self.parameters = json::string(value).or(self.parameters.take());
            } else if key == CIVITAI {
                settings = json::string(value);
            } else {
                nodes |= key == "nodes";
                links |= key == "links";
                classes = classes || value.contains("\"class_type\"");
            }
        }
        if named {
            return;
        }
        if nodes && links {
            self.workflow = Some(text.to_owned());
        } else if classes {
            self.prompt = Some(if settings.is_some() { nodes_of(text) } else { text.to_owned() });
            self.parameters = settings.or(self.parameters.take());
        } else if settings::is_settings(text) {
            self.parameters = Some(text.to_owned());
        }
    }

    /// Fills what is missing here from `other`.
    pub(crate) fn fill(&mut self, other: Self) {
        self.prompt = self.prompt.take().or(other.prompt);
        self.workflow = self.workflow.take().or(other.workflow);
        self.parameters = self.parameters.take().or(other.parameters);
        self.practice |= other.practice;
    }
}

/// The nodes among the entries of an object.
fn nodes_of(text: &str) -> String {
    let nodes = json::entries(text).filter(|(_, value)| value.contains("\"class_type\""));
    let nodes: Vec<String> =
        nodes.map(|(id, value)| format!("{}:{value}", serde_json::Value::from(&*id))).collect();
    format!("{{{}}}", nodes.join(","))
}

fn is_graph(name: &str) -> bool {
    ["prompt", "workflow"].iter().any(|known| name.eq_ignore_ascii_case(known))
}
