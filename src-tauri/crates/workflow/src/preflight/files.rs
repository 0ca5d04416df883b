//! Pictures, masks, sounds and videos that a node loads from a server's own folders.

use super::{class::Spec, same::has_text};
use domain::NodeInput;
use serde_json::Value;

/// Whether a server has a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileState {
    /// It lists it.
    There,
    /// It does not list it, and would.
    Missing,
    /// It is in a folder that servers do not list.
    CannotTell,
}

/// Whether an input takes files that can be uploaded: `image_upload`, `video_upload` …
pub(crate) fn is_upload(input: &NodeInput) -> bool {
    let options = &input.options;
    options.iter().any(|(name, value)| name.ends_with("_upload") && *value == Value::Bool(true))
}

/// Looks for a file by its name as prompts have it: `a.png`, `sub/a.png`, `a.png [output]`. Servers
/// list the top of the input folder only (ComfyUI 0.28.2, `LoadImage.INPUT_TYPES`).
pub(super) fn state(spec: &Spec<'_>, given: &str) -> FileState {
    let list = spec.list().unwrap_or_default();
    if has_text(spec, list, given) {
        return FileState::There;
    }
    if [" [output]", " [temp]"].iter().any(|end| given.ends_with(end)) {
        return FileState::CannotTell;
    }
    let name = given.strip_suffix(" [input]").unwrap_or(given);
    if has_text(spec, list, name) {
        return FileState::There;
    }
    let folder = |text: &str| text.contains(['/', '\\']);
    if folder(name) && !list.iter().filter_map(Value::as_str).any(folder) {
        return FileState::CannotTell;
    }
    FileState::Missing
}
