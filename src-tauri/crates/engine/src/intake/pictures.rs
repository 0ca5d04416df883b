//! One workflow over many pictures: one job each.

use super::{Looked, look};
use crate::inputs::Inputs;
use std::path::{Path, PathBuf};
use store::WorkflowRow;
use workflow::preflight::with_value;

/// Makes one job a file, each with the file in place of what an input names. Blocking: the files are
/// copied.
///
/// # Errors
/// A sentence when the workflow has no such input.
pub fn one_a_picture(
    workflow: &WorkflowRow,
    node: &str,
    input: &str,
    files: &[PathBuf],
    inputs: &Inputs,
) -> Result<Vec<Looked>, String> {
    let prompt =
        workflow::read_prompt(workflow.prompt.as_bytes()).map_err(|error| error.to_string())?;
    // Said once, and before anything is copied.
    with_value(&prompt, node, input, "\"\"").map_err(|error| error.to_string())?;
    let mut all = Vec::with_capacity(files.len());
    for file in files {
        all.push(match put_in(workflow, &prompt, node, input, file, inputs) {
            Ok(looked) => looked,
            Err(why) => look::refused(file, why),
        });
    }
    Ok(all)
}

fn put_in(
    workflow: &WorkflowRow,
    prompt: &workflow::Prompt,
    node: &str,
    input: &str,
    file: &Path,
    inputs: &Inputs,
) -> Result<Looked, String> {
    if !look::is_media(file) {
        return Err("This is no picture, video or sound.".to_owned());
    }
    let name = inputs.keep(file).map_err(|error| format!("The file cannot be copied: {error}."))?;
    let value = serde_json::to_string(&name).map_err(|error| error.to_string())?;
    let prompt = with_value(prompt, node, input, &value).map_err(|error| error.to_string())?;
    // The graph is that of the workflow's own picture.
    let mut looked = look::stored(&workflow.title, prompt.text(), None);
    looked.name = look::name_of(file);
    looked.path = Some(file.display().to_string());
    if let Some(found) = &mut looked.found {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        found.title = format!("{}: {stem}", workflow.title);
        found.source = Some(file.display().to_string());
    }
    Ok(looked)
}
