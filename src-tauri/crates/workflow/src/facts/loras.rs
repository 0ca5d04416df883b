//! The LoRAs that a node applies, and their strengths.
//!
//! How nodes name their inputs was read in ComfyUI (`LoraLoader`), rgthree, Comfyroll, Efficiency
//! Nodes (`lora_wt_1`, `model_str_1`, `lora_count`, `input_mode`), Easy Use (`lora_1_name`,
//! `lora_1_strength`, `num_loras`, `toggle`), Lora Manager (a list), WanVideoWrapper and others. The
//! rule is not by class: an input with `lora` in its name and its strength, its switch and the like
//! are called the same but for the words that say which of them it is.

use super::{
    MOST_NAMES, is_text_input,
    models::{files, is_lora},
    value, walk,
};
use crate::prompt::{Input, Node, Prompt};
use domain::{LoraUse, PictureFacts};

/// How a LoRA in a text begins.
pub(super) const TAG: &str = "<lora:";

const STRENGTH: [&str; 4] = ["strength", "weight", "wt", "str"];
const SWITCH: [&str; 8] =
    ["switch", "enable", "enabled", "on", "active", "toggle", "use", "disable"];
const COUNT: [&str; 4] = ["count", "num", "number", "slots"];
/// What else stands in the names of a LoRA's inputs whichever it is.
const SAME: [&str; 7] = ["lora", "loras", "name", "file", "path", "model", "unet"];

/// Adds the LoRAs of a node. `tags` says whether any text of the prompt has one.
pub(super) fn of_node(prompt: &Prompt, node: &Node, tags: bool, facts: &mut PictureFacts) {
    let mut has_list = false;
    for (name, input) in &node.inputs {
        for used in input.loras() {
            add(used, facts);
        }
        // One in which all are off still stands for the text beside it.
        has_list |= tags && is_lora(name) && input.is_list();
    }
    for (name, file) in files(prompt, node).filter(|(name, _)| is_lora(name)) {
        if is_used(prompt, node, name) {
            add(LoraUse { name: file, strength: strength(prompt, node, name) }, facts);
        }
    }
    if tags && !has_list {
        for text in applied_texts(prompt, node) {
            for used in tags_in(&text) {
                add(used, facts);
            }
        }
    }
}

/// The words of an input's name: `lora1_model_strength` is `lora`, `1`, `model`, `strength`.
fn words(name: &str) -> impl Iterator<Item = String> {
    let low = name.to_lowercase();
    let mut words: Vec<String> = Vec::new();
    let mut last = None;
    for c in low.chars() {
        let kind = if c.is_ascii_digit() {
            Some('0')
        } else if c.is_alphanumeric() {
            Some('a')
        } else {
            None
        };
        match (kind, words.last_mut()) {
            (Some(_), Some(word)) if kind == last => word.push(c),
            (Some(_), _) => words.push(c.to_string()),
            (None, _) => {}
        }
        last = kind;
    }
    words.into_iter()
}

/// Which LoRA of a node an input belongs to: what its name has beside the usual words.
fn slot(name: &str, usual: &[&str]) -> Vec<String> {
    words(name)
        .filter(|word| !usual.contains(&word.as_str()) && !SAME.contains(&word.as_str()))
        .collect()
}

fn is_about(name: &str, what: &[&str]) -> bool {
    words(name).any(|word| what.contains(&word.as_str()))
}

/// Whether a LoRA is not switched off, and among those that are counted.
fn is_used(prompt: &Prompt, node: &Node, lora: &str) -> bool {
    let of = slot(lora, &[]);
    !node.inputs.iter().any(|(name, _)| {
        let on = slot(name, &SWITCH);
        let is_switch = is_about(name, &SWITCH) && (on == of || on.is_empty());
        // A switch may be called as its LoRA is.
        let is_its = || node.input(name).and_then(Input::text).as_deref() == Some("false");
        if (is_switch || (on == of && is_its()))
            && value(prompt, node, name).is_some_and(|text| is_off(&text))
        {
            return true;
        }
        let counts = is_about(name, &COUNT) && slot(name, &COUNT).is_empty();
        let number = || of.first()?.parse::<u32>().ok();
        let count = || value(prompt, node, name)?.parse::<u32>().ok();
        counts && matches!((number(), count()), (Some(number), Some(count)) if number > count)
    })
}

fn is_off(text: &str) -> bool {
    ["off", "false", "disable", "disabled"].iter().any(|off| text.eq_ignore_ascii_case(off))
}

/// The strength for the model that stands beside a LoRA, also if it comes from another node.
fn strength(prompt: &Prompt, node: &Node, lora: &str) -> Option<String> {
    let of = slot(lora, &[]);
    let strengths = || {
        node.inputs.iter().map(|(name, _)| name.as_str()).filter(|name| {
            is_about(name, &STRENGTH) && !is_about(name, &["clip", "te", "min", "max", "type"])
        })
    };
    let mut fitting: Vec<&str> = strengths().filter(|name| slot(name, &STRENGTH) == of).collect();
    if fitting.is_empty() && node.inputs.iter().filter(|(name, _)| is_lora(name)).count() == 1 {
        fitting.extend(strengths());
    }
    // Stacks have one strength for both, or one each for model and text encoder.
    let simple = ["input_mode", "mode"]
        .iter()
        .any(|mode| node.input(mode).and_then(Input::string).as_deref() == Some("simple"));
    fitting.sort_by_key(|name| is_about(name, &["model", "unet"]) == simple);
    fitting
        .into_iter()
        .find_map(|name| value(prompt, node, name).filter(|text| text.parse::<f64>().is_ok()))
}

/// Texts whose LoRAs a node applies: those of a node that is given the model to apply them to.
///
/// So do Impact Pack (`ImpactWildcardEncode`, `FaceDetailer`), Inspire Pack, LoraTagLoader, rgthree
/// (`Power Prompt`), Prompt Control (`PCLazyLoraLoader`), tinyterraNodes and Mikey Nodes. A text that
/// only goes to a text encoder is read as words. Of nodes that load the model themselves those of
/// Easy Use apply what is in their prompts, and those with `populated_text`; Efficiency Nodes do not.
fn applied_texts(prompt: &Prompt, node: &Node) -> Vec<String> {
    let linked = |part: &str| {
        let has = |(name, source): (&str, &str)| {
            name.to_lowercase().contains(part) && prompt.node(source).is_some()
        };
        node.sources().any(has)
    };
    let loads = node.class.starts_with("easy ")
        || node.inputs.iter().any(|(name, _)| name == "ckpt_name") && is_populated(node);
    let disabled = node.inputs.iter().any(|(name, input)| {
        is_lora(name) && input.string().is_some_and(|text| text == "DISABLE LORAS")
    });
    if disabled || !(linked("model") || loads) {
        return Vec::new();
    }
    let mut texts = Vec::new();
    for (name, input) in node.inputs.iter().filter(|(name, _)| !is_template(node, name)) {
        match input {
            Input::Value(_) => texts.extend(input.string()),
            Input::Link { node: source, .. } if is_text_input(name) || is_lora(name) => {
                let Some(source) = prompt.node(source) else { continue };
                let held = walk(prompt, source, |node, _| !encodes(node));
                for node in held.into_iter().filter(|node| !encodes(node)) {
                    let values = node.inputs.iter().filter(|(name, _)| !is_template(node, name));
                    texts.extend(values.filter_map(|(_, input)| input.string()));
                }
            }
            Input::Link { .. } => {}
        }
    }
    texts.retain(|text| text.contains(TAG));
    texts
}

/// Whether a node makes more of texts than texts.
fn encodes(node: &Node) -> bool {
    node.sources().any(|(input, _)| input.contains("clip") || input.contains("model"))
}

fn is_populated(node: &Node) -> bool {
    node.inputs.iter().any(|(name, input)| {
        name.ends_with("populated_text")
            && input.string().is_some_and(|text| !text.trim().is_empty())
    })
}

/// Whether this is the text with wildcards from which another of the node's inputs was made.
pub(super) fn is_template(node: &Node, input: &str) -> bool {
    input.ends_with("wildcard_text") && is_populated(node)
}

/// `<lora:name:0.8:0.6>`; of two strengths the first is the model's. Packs put more behind a colon.
fn tags_in(text: &str) -> impl Iterator<Item = LoraUse> {
    text.split(TAG).skip(1).filter_map(|part| {
        let (tag, _) = part.split_once('>')?;
        let mut parts = tag.split(':').map(str::trim);
        let name = parts.next().filter(|name| !name.is_empty() && !name.contains(['<', '\n']))?;
        let strength = parts.find(|text| text.parse::<f64>().is_ok_and(f64::is_finite));
        Some(LoraUse { name: name.to_owned(), strength: strength.map(str::to_owned) })
    })
}

/// Adds a LoRA, each once. One of no strength does nothing.
fn add(used: LoraUse, facts: &mut PictureFacts) {
    let strength = used.strength.as_deref().and_then(|text| text.parse::<f64>().ok());
    let is_known = facts.loras.iter().any(|lora| lora.name == used.name);
    if facts.loras.len() < MOST_NAMES && !is_known && strength != Some(0.0) {
        facts.loras.push(used);
    }
}
