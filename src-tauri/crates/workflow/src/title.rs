//! A readable name for a job.

use crate::{facts, plan, prompt::Prompt};

/// The longest title, in characters.
const LONGEST: usize = 60;

/// A title: the file's name unless a program made it up, else the first words of the prompt, else
/// what the last node is.
pub fn title_for(prompt: &Prompt, file_stem: Option<&str>) -> String {
    if let Some(stem) = file_stem.map(str::trim).filter(|stem| !stem.is_empty() && !made_up(stem)) {
        return shorten(&stem.replace('_', " "));
    }
    let plan = plan(prompt, None, None);
    let last = plan.nodes.last();
    let words = last.and_then(|node| facts(prompt, &node.id).prompt);
    let first_line =
        words.as_deref().and_then(|text| text.lines().find(|line| !line.trim().is_empty()));
    match (first_line, last) {
        (Some(line), _) => shorten(line),
        (None, Some(node)) => shorten(&node.title),
        (None, None) => "Workflow".to_owned(),
    }
}

/// Whether a name looks like a counter or a hash: `ComfyUI_00012_`, `workflow (3)`, `9f3c…`.
fn made_up(stem: &str) -> bool {
    let low = stem.to_lowercase();
    let letters: String = low.chars().filter(|c| c.is_alphabetic()).collect();
    let generic = [
        "comfyui",
        "comfyuitemp",
        "workflow",
        "workflowapi",
        "untitled",
        "unsavedworkflow",
        "image",
        "img",
        "output",
        "download",
        "prompt",
        "temp",
        "",
    ];
    generic.contains(&letters.as_str())
        || (low.len() >= 16 && low.chars().all(|c| c.is_ascii_hexdigit() || c == '-'))
}

fn shorten(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= LONGEST {
        return text;
    }
    let cut: String = text.chars().take(LONGEST).collect();
    // At a word's end, unless that leaves too little.
    let end = cut.rfind(' ').filter(|end| *end > LONGEST / 2).unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end_matches([',', ' ', ';', '.']))
}
