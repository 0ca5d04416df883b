//! What was found of a workflow, under which names and in which wrappings savers put it.

use super::json;

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
}

impl EmbeddedWorkflow {
    /// Whether there is a prompt and a workflow, so that nothing more is looked for.
    pub(crate) fn is_complete(&self) -> bool {
        self.prompt.is_some() && self.workflow.is_some()
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
        } else if is("comment") || is("usercomment") || is("description") {
            self.unnamed(text);
        }
    }

    /// Takes a text whose place says nothing about it: an EXIF string or a comment. It may be
    /// `prompt:{…}` (ComfyUI's WebP), an object with `prompt` and `workflow` in it
    /// (VideoHelperSuite), or settings as A1111 writes them. What is there already stays.
    pub(crate) fn unnamed(&mut self, text: &str) {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        let mut other = Self::default();
        if text.starts_with('{') {
            other.entries(text);
        } else if let Some((name, rest)) = text.split_once(':')
            && ["prompt", "workflow"].iter().any(|known| name.trim().eq_ignore_ascii_case(known))
        {
            other.named(name.trim(), rest);
        } else if text.contains("Steps: ") {
            other.parameters = Some(text.to_owned());
        }
        self.fill(other);
    }

    /// Takes `prompt`, `workflow` and `parameters` out of a JSON object, or the object itself where
    /// it is a prompt or a graph.
    pub(crate) fn entries(&mut self, text: &str) {
        let entries = json::entries(text);
        let has = |name: &str| entries.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
        if has("prompt") || has("workflow") || has("parameters") {
            for (key, value) in &entries {
                if ["prompt", "workflow"].iter().any(|known| key.eq_ignore_ascii_case(known)) {
                    self.named(key, value);
                } else if key == "parameters"
                    && let Some(text) = json::string(value)
                {
                    self.parameters = Some(text);
                }
            }
        } else if has("nodes") && has("links") {
            self.workflow = Some(text.to_owned());
        } else if entries.iter().any(|(_, value)| value.contains("\"class_type\"")) {
            self.prompt = Some(text.to_owned());
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
