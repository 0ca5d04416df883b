//! What a server lacks or refuses, in words: the same before a prompt is sent and after it was
//! refused.

use super::{ModelSource, Pack};
use std::borrow::Cow;

/// A node class is missing. ComfyUI: `missing_node_type`.
pub fn class_missing(server: &str, class: &str, pack: Option<&Pack>) -> String {
    let what = format!("{server} does not have the node class {class}.");
    match pack {
        Some(pack) if pack.is_core() => format!(
            "{what} It is a part of ComfyUI{}: update ComfyUI there, or choose a server that has it.",
            pack.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default()
        ),
        Some(pack) => format!(
            "{what} Install {}{}, which brings it, or choose a server that has it.",
            pack.id,
            pack.version.as_deref().map(|version| format!(" ({version})")).unwrap_or_default()
        ),
        None => format!(
            "{what} Install the custom node that brings it, or choose a server that has it."
        ),
    }
}

/// A value within a sentence: in quotes when spaces at its ends, or that it is empty, would not be seen.
pub fn told(given: &str) -> Cow<'_, str> {
    let seen = !given.is_empty() && given.trim() == given;
    if seen { Cow::Borrowed(given) } else { Cow::Owned(format!("\"{given}\"")) }
}

/// A file is not in the list of an input. ComfyUI: `value_not_in_list`.
pub fn file_missing(server: &str, title: &str, input: &str, given: &str) -> String {
    if given.trim().is_empty() {
        return nothing_chosen(title, input);
    }
    let given = told(given);
    format!(
        "{server} has no {given} for {input} of {title}. Choose one it has, or put the file there."
    )
}

/// A list or a file of which nothing was chosen.
pub fn nothing_chosen(title: &str, input: &str) -> String {
    format!("{title} needs {input}, and nothing is chosen there. Choose one.")
}

/// Where a missing model can be had, to follow another sentence.
pub fn model_source(source: &ModelSource) -> Option<String> {
    let url = source.url.as_deref()?;
    let folder = source.directory.as_deref().map(|folder| format!(", for the folder {folder}"));
    let hash = source.hash.as_deref().map(|hash| format!(" ({hash})"));
    Some(format!(
        "The workflow says that it can be had at {url}{}{}.",
        hash.unwrap_or_default(),
        folder.unwrap_or_default()
    ))
}

/// A value is not in the list of an input that names no files. ComfyUI: `value_not_in_list`.
pub fn not_in_list(title: &str, input: &str, given: &str) -> String {
    if given.trim().is_empty() {
        return nothing_chosen(title, input);
    }
    let given = told(given);
    format!(
        "{input} of {title} is {given}, which is none of the values it takes. Choose one of them."
    )
}

/// Nothing would be made. ComfyUI: `prompt_no_outputs`.
pub fn no_output(server: &str) -> String {
    format!(
        "{server} finds nothing to make: the workflow has no output node, such as Save Image. Add one."
    )
}

/// A required input has nothing. ComfyUI: `required_input_missing`.
pub fn input_missing(title: &str, input: &str) -> String {
    format!("{title} needs {input}, and the workflow gives it nothing. Connect it, or set a value.")
}

/// ComfyUI: `value_smaller_than_min`.
pub fn too_small(title: &str, input: &str, given: &str) -> String {
    let given = told(given);
    format!("{input} of {title} is {given}, which is less than it takes.")
}

/// ComfyUI: `value_bigger_than_max`.
pub fn too_large(title: &str, input: &str, given: &str) -> String {
    let given = told(given);
    format!("{input} of {title} is {given}, which is more than it takes.")
}

/// ComfyUI: `invalid_input_type`.
pub fn wrong_type(title: &str, input: &str, given: &str) -> String {
    let given = told(given);
    format!("{input} of {title} is {given}, which is not the kind of value it takes.")
}

/// ComfyUI: `return_type_mismatch`.
pub fn link_type(title: &str, input: &str) -> String {
    format!("What is connected to {input} of {title} is of another type than it takes.")
}
