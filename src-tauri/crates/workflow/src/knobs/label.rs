//! What knobs are called.

use super::{
    knob::{Knob, Role, Section},
    role::{last_part, tokens},
};
use std::collections::HashMap;

/// The longest label, in characters.
const LONGEST: usize = 60;

/// What names and titles say of an input.
pub(super) struct Named<'a> {
    /// The input's name.
    pub input: &'a str,
    /// What its maker calls it.
    pub shown: Option<&'a str>,
    /// What the artist calls its node.
    pub title: Option<&'a str>,
    /// The type that its node makes first.
    pub makes: &'a str,
}

/// What an input is called: by its role, else by the name that its maker or the artist gave.
pub(super) fn label_of(role: Role, named: &Named<'_>) -> String {
    let low = last_part(named.input).to_ascii_lowercase();
    let has = |wanted: &str| {
        tokens(&low).any(|token| token.trim_end_matches(|c: char| c.is_ascii_digit()) == wanted)
    };
    // A constant's input says nothing, and its title much.
    let bare = matches!(low.as_str(), "value" | "text" | "string" | "int" | "float");
    let title = named.title.filter(|_| bare);
    if role.section() == Section::Size
        && let Some(title) = title
    {
        return short(title);
    }
    let fixed = match role {
        Role::Prompt => "Prompt",
        Role::Negative => "Negative prompt",
        Role::Seed => "Seed",
        Role::Steps => "Steps",
        Role::Cfg if has("guidance") => "Guidance",
        Role::Cfg => "CFG",
        Role::Sampler => "Sampler",
        Role::Scheduler => "Scheduler",
        Role::Denoise => "Denoise",
        Role::Width => "Width",
        Role::Height => "Height",
        Role::BatchSize => "Batch size",
        Role::Picture => "Picture",
        Role::Mask => "Mask",
        Role::Video => "Video",
        Role::Audio => "Sound",
        Role::Model if named.makes == "CLIP_VISION" => "Vision encoder",
        Role::Model if has("ckpt") => "Checkpoint",
        Role::Model if has("unet") => "Diffusion model",
        Role::Model if has("vae") => "VAE",
        Role::Model if has("clip") => "Text encoder",
        Role::Model if has("control") => "ControlNet",
        Role::Lora => "LoRA",
        Role::LoraStrength if has("clip") => "CLIP strength",
        Role::LoraStrength => "Strength",
        Role::SavePrefix => "Saved as",
        Role::Text | Role::Length | Role::Model | Role::Other => {
            let shown = named.shown.map(str::trim).filter(|shown| !shown.is_empty());
            return shown.or(title).map_or_else(|| words_of(named.input), short);
        }
    };
    fixed.to_owned()
}

/// A name in words: `scale_method` is `Scale method`.
fn words_of(input: &str) -> String {
    let name = last_part(input);
    let name = name.strip_suffix("_name").filter(|rest| !rest.is_empty()).unwrap_or(name);
    let words: Vec<&str> = name
        .split(['_', ' '])
        .filter(|word| !word.is_empty())
        .map(|word| match word.to_ascii_lowercase().as_str() {
            "cfg" => "CFG",
            "vae" => "VAE",
            "clip" => "CLIP",
            "lora" => "LoRA",
            "fps" => "FPS",
            "id" => "ID",
            "url" => "URL",
            _ => word,
        })
        .collect();
    let words = words.join(" ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => short(&first.to_uppercase().chain(letters).collect::<String>()),
        None => short(input),
    }
}

/// A text for a label, cut short.
pub(super) fn short(text: &str) -> String {
    if text.chars().nth(LONGEST).is_none() {
        return text.to_owned();
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// Tells knobs that can be set and are called the same from each other: by the input, by the node's
/// title, by its id.
pub(super) fn tell_apart(knobs: &mut [Knob]) {
    let mut same: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, knob) in knobs.iter().enumerate().filter(|(_, knob)| knob.linked.is_none()) {
        same.entry(knob.label.clone()).or_default().push(at);
    }
    let mut same: Vec<Vec<usize>> = same.into_values().filter(|all| all.len() > 1).collect();
    same.sort_unstable();
    for all in same {
        let ways: [fn(&Knob) -> String; 5] = [
            number,
            |knob| match words_of(&knob.input) {
                same if same == knob.label => String::new(),
                words => format!(" ({words})"),
            },
            |knob| format!(" ({})", short(&knob.node.title)),
            |knob| format!(" (node {})", short(&knob.node.id)),
            |knob| format!(" ({}, node {})", words_of(&knob.input), short(&knob.node.id)),
        ];
        let told = ways.into_iter().map(|way| all.iter().map(|at| way(&knobs[*at])).collect());
        let unlike = |more: &Vec<String>| {
            let different: std::collections::HashSet<&String> = more.iter().collect();
            different.len() == more.len()
        };
        let mut last: Vec<String> = Vec::new();
        for more in told {
            last = more;
            if unlike(&last) {
                break;
            }
        }
        for (at, more) in all.into_iter().zip(last) {
            knobs[at].label.push_str(&more);
        }
    }
}

/// The number that an input's name ends with: `clip_name2`.
fn number(knob: &Knob) -> String {
    let name = knob.input.trim_end_matches(|c: char| c.is_ascii_digit());
    match &knob.input[name.len()..] {
        "" => String::new(),
        number => short(&format!(" {number}")),
    }
}
